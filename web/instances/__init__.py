"""One instance: where it stands on the drawing, what happened, what it knows, and how an operator repairs it."""

from web.instances import instance, modification, restart
from web.instances.blueprint import blueprint

__all__ = ["blueprint", "instance", "modification", "restart"]
