"""The perception gap in the browser: a list ranked by staff and by customers."""

from web.perception.pages import blueprint

__all__ = ["blueprint"]
