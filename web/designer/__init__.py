"""The designer's screens: processes, their versions, and the review of an uploaded file."""

from web.designer import decisions, differences, migration, processes, replay, retention, signing, uploads, versions
from web.designer.blueprint import blueprint

__all__ = [
    "blueprint",
    "decisions",
    "differences",
    "migration",
    "processes",
    "replay",
    "retention",
    "signing",
    "uploads",
    "versions",
]
