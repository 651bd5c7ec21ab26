"""News for open pages: streams and marks, and who else is there."""

from web.live import others
from web.live.live import blueprint

__all__ = ["blueprint", "others"]
