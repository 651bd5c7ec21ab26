"""What people do with an item: answer it, hand it on, decide, correct what was read out of it."""
