"""Promises to customers: made, kept, withdrawn, and listed by when they are due."""

from web.promises import acts, pages
from web.promises.blueprint import blueprint

__all__ = ["acts", "blueprint", "pages"]
