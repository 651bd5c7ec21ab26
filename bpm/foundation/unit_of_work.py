"""One transaction per command: opened at the edge; events handled and nudges handed over before the commit."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from sqlalchemy.engine import Engine
from sqlalchemy.exc import DataError, IntegrityError, StatementError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from bpm.foundation.bus import Bus
from bpm.foundation.clock import Clock
from bpm.foundation.db import READ_ONLY, UnfitValueError
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.nudges import Nudging
from bpm.foundation.settings import Settings
from bpm.foundation.work import SYSTEM, Actor, Work

_READS = {READ_ONLY: True}


@dataclass(frozen=True)
class UnitOfWork:
    """Opens transactions. Calling it writes, `reading` never does: what is written there after all is refused
    (PostgreSQL) or taken back (SQLite).

    A lost race (stale revision, broken unique key) leaves as ConflictError with nothing kept.
    """

    engine: Engine
    clock: Clock
    bus: Bus
    queue: Nudging
    settings: Settings
    by: Actor = SYSTEM
    """On whose behalf, where nobody is named."""

    @contextmanager
    def __call__(self, actor: Actor | None = None) -> Iterator[Work]:
        try:
            # Not a sessionmaker of its own, whose new class costs more than a statement.
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                work = Work(session, self.clock, actor or self.by, self.settings)
                yield work
                self.bus.handle_all(work)
                self.queue.defer(session, work.nudges)
        except StaleDataError as error:
            raise ConflictError("Somebody else changed this first.", remedy="Look again, then decide.") from error
        except IntegrityError as error:
            raise ConflictError("This collides with something already there.", place=str(error.orig)) from error
        except (DataError, UnicodeEncodeError) as error:
            raise _unfit() from error
        except StatementError as error:
            if isinstance(error.orig, UnfitValueError):
                raise _unfit() from error
            raise
        for topic in {nudge.topic for nudge in work.nudges}:
            self.queue.nudge(topic)

    @contextmanager
    def reading(self, actor: Actor | None = None) -> Iterator[Work]:
        try:
            with Session(self.engine) as session:
                session.connection(execution_options=_READS)
                yield Work(session, self.clock, actor or self.by, self.settings)
                session.expire_all()
        except (DataError, UnicodeEncodeError) as error:
            raise _unfit() from error

    def at(self, clock: Clock) -> "UnitOfWork":
        """The same, living at another time: for the demo story and dry runs."""
        return replace(self, clock=clock)


def _unfit() -> InvalidInputError:
    """A value that the database cannot hold: too long, too large, or with a NUL or half a character in it."""
    return InvalidInputError(
        "A value is too long, too large, or holds a character that cannot be kept.",
        remedy="Shorten it or take the character out; nothing was changed.",
    )
