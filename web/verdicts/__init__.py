"""Questions laid down before a change, and their verdicts."""

from web.verdicts import pages, registering
from web.verdicts.blueprint import blueprint

__all__ = ["blueprint", "pages", "registering"]
