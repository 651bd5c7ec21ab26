"""FEEL's values beside those of JSON, and what is computed of them."""
