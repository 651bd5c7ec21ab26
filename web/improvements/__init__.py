"""Improvements: the list, and the page of each with its voices, owner and state."""
