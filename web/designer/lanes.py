"""Names by which a model offers work and behind which nobody is, for the one who can say which group is meant."""

from dataclasses import dataclass

from bpm import identity
from bpm.engine import api as engine
from bpm.foundation.work import Work
from bpm.identity import Permission, may


@dataclass(frozen=True)
class Lanes:
    """What the panel of the review shows."""

    names: tuple[tuple[str, str], ...]
    """(key, as written)"""
    groups: tuple[tuple[int, str], ...]
    """Groups with people in them, to choose from; empty for somebody who may not choose."""
    may_map: bool


def lanes_of(unit: Work, executable: bytes) -> Lanes:
    """The names without people of a checked model."""
    names = engine.names_without_people(executable, engine.installation_of(unit, ()))
    chooses = bool(names) and may(unit.actor, Permission.ADMIN)
    rows = identity.list_group_rows(unit) if chooses else []
    return Lanes(names, tuple((row.id, row.name) for row in rows if row.members), chooses)
