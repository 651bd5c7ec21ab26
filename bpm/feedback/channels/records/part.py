"""One record of a document with what stands around it, and what a source's reader makes of it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.feedback.channels.rows import Context, DeliveryReport
from bpm.feedback.raw_item import RawItem


class Threads:
    """Which record of a file answers which, and where each exchange begins."""

    def __init__(self) -> None:
        self.parents: dict[str, str] = {}
        self._roots: dict[str, str] = {}

    def root(self, record_id: str) -> str:
        """The topmost known ancestor; a parent outside the file is the last one known by its id.

        What was walked is remembered, so that a long exchange is not walked again for each of its records.
        """
        walked: dict[str, None] = {}
        while record_id not in walked and record_id not in self._roots:
            walked[record_id] = None
            parent = self.parents.get(record_id, "")
            if not parent or parent in walked:
                break
            record_id = parent
        root = self._roots.get(record_id, record_id)
        self._roots |= dict.fromkeys(walked, root)
        return root


@dataclass(frozen=True)
class Part:
    """A record and what it stands in: a comment and its ticket, a message and its conversation."""

    record: Mapping[str, Any]
    around: Mapping[str, Any] = field(default_factory=dict)
    threads: Threads = field(default_factory=Threads)
    date_order: str = ""
    """How its file writes days and months where a date does not say it: dmy, mdy or ymd."""


@dataclass(frozen=True)
class Outcome:
    """An item, or why there is none; `warnings` name what of it could not be used."""

    item: RawItem | None = None
    ignored: str = ""
    warnings: tuple[str, ...] = ()
    reports: tuple[DeliveryReport, ...] = ()
    """What it tells of a message of ours."""


def left_out(why: str, *reports: DeliveryReport) -> Outcome:
    """What is nobody's voice."""
    return Outcome(ignored=why, reports=reports)


@dataclass(frozen=True)
class Shape:
    """How the records of one source are known and read; `expand` gives the records inside of a record, if any."""

    name: str
    fits: Callable[[Part], bool]
    read: Callable[[Part, Context], Outcome]
    expand: Callable[[Part], Iterable[Part] | None] = lambda part: None
