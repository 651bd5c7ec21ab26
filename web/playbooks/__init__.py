"""Playbooks: kept by people, offered beside an item, ticked as one works, with figures of their use."""

from web.playbooks import acts, pages
from web.playbooks.blueprint import blueprint

__all__ = ["acts", "blueprint", "pages"]
