"""Work items on screen."""
