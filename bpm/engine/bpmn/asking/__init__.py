"""What tasks have to ask people for, told from what the model reads after them."""
