"""What each process keeps for some seconds, so that no step of a case costs a statement for it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Generic, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Engine

from bpm.foundation.work import Work

T = TypeVar("T")
READ_FOR = timedelta(seconds=5)


class Lately(Generic[T]):
    """The answer of `read`, one for each database of this process, read anew after some seconds or when forgotten.

    What another process changed counts within that time; who must not be late asks the database.
    """

    def __init__(self, read: Callable[[Work], T]) -> None:
        self._read = read
        self._kept: WeakKeyDictionary[Engine, tuple[T, datetime]] = WeakKeyDictionary()

    def get(self, work: Work) -> T:
        """As it was read at most `READ_FOR` ago."""
        engine = work.session.get_bind().engine
        kept = self._kept.get(engine)
        if kept is None or abs(work.now() - kept[1]) > READ_FOR:
            kept = self._kept[engine] = (self._read(work), work.now())
        return kept[0]

    def forget(self, work: Work) -> None:
        """Let it be read again: this process changed it."""
        self._kept.pop(work.session.get_bind().engine, None)
