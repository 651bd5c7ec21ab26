"""Cases found by what people remember of them."""
