"""What waits for people: claimed, released, completed, with forms."""
