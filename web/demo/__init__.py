"""Removing the demo in the browser."""

from web.demo.pages import blueprint

__all__ = ["blueprint"]
