"""What waits for workers: leased, run, handed back under a fence."""
