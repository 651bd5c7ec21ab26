"""Screens and HTTP API; a guest of the library."""

from web.app import create_app

__all__ = ["create_app"]
