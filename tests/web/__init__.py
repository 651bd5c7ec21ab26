"""Screens and HTTP API."""
