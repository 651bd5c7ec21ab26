"""The web tests' browser, for the pages of this room."""

from tests.web.conftest import signed_in, web

__all__ = ["signed_in", "web"]
