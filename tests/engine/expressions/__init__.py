"""Expression languages: what an expression comes to."""
