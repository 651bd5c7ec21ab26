"""FEEL's own functions, by what they are about."""
