"""Import runs: uploaded, previewed, read batch by batch, undone."""
