"""Decisions: read, checked and decided."""
