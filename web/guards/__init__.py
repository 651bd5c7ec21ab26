"""Call guards in the browser: what stands before which task, what it did, and the words on the task itself."""

from web.guards import pages
from web.guards.blueprint import blueprint

__all__ = ["blueprint", "pages"]
