"""Sources that are asked for what customers say: set up, tried, watched."""
