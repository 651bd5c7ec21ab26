"""Escapes: a customer speaks up in public while their case, or their private words, wait elsewhere."""

from bpm.processes.escapes.listing import EscapeRow, count_escapes, escape_of, list_escapes
from bpm.processes.escapes.models import Escape
from bpm.processes.escapes.noticing import wire_escapes

__all__ = ["Escape", "EscapeRow", "count_escapes", "escape_of", "list_escapes", "wire_escapes"]
