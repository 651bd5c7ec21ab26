"""Who else is at the same thing: what their pages say of themselves, and for how long it holds."""

from dataclasses import dataclass
from datetime import timedelta

THERE_FOR = timedelta(seconds=45)
"""How long somebody counts as there after their page last said so."""


@dataclass(frozen=True)
class Colleague:
    """Somebody else at the same item or task."""

    name: str
    writes: bool
