"""The maturity path in the browser."""

from web.maturity.pages import blueprint

__all__ = ["blueprint"]
