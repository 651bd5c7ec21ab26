"""One search over everything that the person may see."""
