"""What goes out to customers: engaging with one, the outbox, and templates to begin with."""

from web.outbox import acts, letters, mentoring, outbox, templates
from web.outbox.blueprint import blueprint

__all__ = ["acts", "blueprint", "letters", "mentoring", "outbox", "templates"]
