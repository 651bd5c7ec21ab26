"""What the machine learned: the company's topics with their examples, and the model in service."""
