"""What every page stands on: the application, its requests, who is signed in, and the bounds around them."""
