"""One full-text index over what people work with: kept with what it indexes, asked in one language."""

from bpm.search.asking import Asked, read_asked
from bpm.search.documents import KINDS, Document, Source
from bpm.search.filling import Standing, compare, rebuild, sweep_missing, sweep_waiting
from bpm.search.finding import MOST_COUNTED, Found, Hit, count, find
from bpm.search.keeping import Changed, erase, wire
from bpm.search.snippets import Piece, snippet

__all__ = [
    "KINDS",
    "MOST_COUNTED",
    "Asked",
    "Changed",
    "Document",
    "Found",
    "Hit",
    "Piece",
    "Source",
    "Standing",
    "compare",
    "count",
    "erase",
    "find",
    "read_asked",
    "rebuild",
    "snippet",
    "sweep_missing",
    "sweep_waiting",
    "wire",
]
