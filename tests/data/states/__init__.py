"""State and databases as earlier releases wrote them; every later release must go on with them."""
