"""News for open pages: streams and marks."""
