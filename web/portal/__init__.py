"""The customer's pages: private letters, the list behind a code, the public board; and what colleagues do for them."""

from web.portal import mine, own_way, private
from web.portal.blueprint import blueprint

__all__ = ["blueprint", "mine", "own_way", "private"]
