"""Cases found by what people remember of them, and what was done in ones like this before."""
