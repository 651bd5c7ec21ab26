"""The one way to the outside: which destinations are allowed, and requests within bounds."""
