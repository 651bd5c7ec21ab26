"""Screens and HTTP API; a guest of the library."""
