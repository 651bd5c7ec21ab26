"""What waits for an instant: timers of instances and timers that start them."""
