"""What the inbox lists: filters of its address, views that are kept, and the list as a file."""
