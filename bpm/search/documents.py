"""What a room hands over to be found: documents, and the source that reads them."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement

from bpm.foundation.work import Actor, Work

KINDS = ("item", "reply", "customer", "case", "task", "process", "trigger", "comment")
"""What can be found; the place in this list is part of ids, so new ones come at the end."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_OBJECT_BITS, _KIND_BITS = 25, 4


@dataclass(frozen=True)
class Document:
    """One thing to be found, in masked words."""

    object_id: int
    at: datetime
    """Where it stands in time: the newest is listed first, `before:` and `after:` go by it."""
    title: str = ""
    who: str = ""
    """By whom it is, for `from:`."""
    body: str = ""
    kept_back: str = ""
    """Words by which only those find it who may see more: addresses, values of a case."""
    marks: frozenset[str] = field(default_factory=frozenset)
    """Labels that fields ask for; made by `words.mark`."""

    def digest(self) -> str:
        """What says whether any of it changed."""
        parts = (self.title, self.who, self.body, self.kept_back, *sorted(self.marks))
        return hashlib.blake2b("\x1f".join(parts).encode("utf-8", "replace"), digest_size=16).hexdigest()


@dataclass(frozen=True)
class Source:
    """The documents of one kind, as the room that has them reads them."""

    kind: str
    id_column: ColumnElement[Any]
    documents: Callable[[Work, Sequence[int]], Iterable[Document]]
    """Those of these ids that are to be found now; of an id that is left out nothing is found any more."""
    seen_by: Callable[[Actor, ColumnElement[int]], ColumnElement[bool]]
    """The condition under which a person may open the object of that id; `false()` where they may open none."""
    sees_more: Callable[[Actor], bool]
    """Whether a person may find it by what is kept back."""
    where: tuple[ColumnElement[bool], ...] = ()
    """Which rows are to be found."""
    later: bool = False
    """Written to the index by the worker, a moment after the command: what changes at each step must not wait."""


def place_of(kind: str, object_id: int, at: datetime) -> int:
    """The id of a document: seconds since 1970, then the kind, then the last bits of the object's id.

    So the order of ids is the order of time, and a page of the newest is a walk along one index. Two documents of a
    kind would share an id only if 33,554,432 of them were said within one second.
    """
    return (
        (_seconds(at) << (_OBJECT_BITS + _KIND_BITS))
        | (KINDS.index(kind) << _OBJECT_BITS)
        | (object_id & ((1 << _OBJECT_BITS) - 1))
    )


def first_place(at: datetime) -> int:
    """The smallest id that a document of this instant can have."""
    return _seconds(at) << (_OBJECT_BITS + _KIND_BITS)


def _seconds(at: datetime) -> int:
    return int((at - _EPOCH).total_seconds() // 1)
