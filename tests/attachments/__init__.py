"""Attached files."""
