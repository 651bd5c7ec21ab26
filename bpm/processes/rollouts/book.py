"""Which live versions have another one on trial beside them: read at most every few seconds, so a start costs nothing.

A process reads the book again when a rollout of its own changed. Where the book names a rollout, its row is read in the
transaction of the start: a rollout that was paused or stopped chooses for nobody any more, from that commit on. One
that another process just began chooses within those seconds; cases that start before are of neither arm.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bpm.foundation.lately import Lately
from bpm.foundation.work import Work
from bpm.processes.rollouts.models import Rollout
from bpm.processes.rollouts.words import RolloutStatus


@dataclass(frozen=True)
class Book:
    """Live version -> the rollout that runs beside it."""

    rollouts: Mapping[int, int]
    ever: bool
    """Whether any rollout ever was."""


def _read(work: Work) -> Book:
    rows = work.session.execute(select(Rollout.control_version_id, Rollout.id, Rollout.status)).all()
    running = {row.control_version_id: row.id for row in rows if row.status == RolloutStatus.RUNNING}
    return Book(running, bool(rows))


BOOK = Lately(_read)


def rollout_beside(work: Work, version_id: int) -> int | None:
    """The rollout that may run beside the live version of that id."""
    return BOOK.get(work).rollouts.get(version_id)


def was_ever(work: Work) -> bool:
    """Whether any rollout ever was: where none was, no page asks for the arm of a case."""
    return BOOK.get(work).ever
