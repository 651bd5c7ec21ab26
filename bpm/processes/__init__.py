"""Where engine and feedback meet."""
