"""What belongs together over channels, and how people put it together or take it apart."""
