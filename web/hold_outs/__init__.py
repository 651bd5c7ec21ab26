"""Notices given before customers ask, with a hold-out, in the browser."""

from web.hold_outs.pages import blueprint

__all__ = ["blueprint"]
