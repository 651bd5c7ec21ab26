"""The operator's screens: what needs a hand, what waits, who works; failures, and acts on many at once."""

from web.operations import batches, failures, mail, overview, restarting
from web.operations.blueprint import blueprint

__all__ = ["batches", "blueprint", "failures", "mail", "overview", "restarting"]
