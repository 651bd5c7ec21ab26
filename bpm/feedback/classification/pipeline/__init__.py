"""What reads a text: features, lexicons, linear heads, and the spaCy pipeline around them."""
