"""What a case sees of jobs and work items: topics, and who is asked until when."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bpm.engine.expressions.times.due import due_instant
from bpm.engine.expressions.times.instants import instant
from bpm.engine.models import NORMAL_PRIORITY
from bpm.engine.spiff.step import NewWorkItem


class WrongResultError(Exception):
    """What happened is not what the case expects."""


@dataclass(frozen=True)
class Offer:
    """Who a work item is for and when it is due."""

    task: str
    name: str
    group: str | None
    assignee: str | None
    due: datetime | None
    follow_up: datetime | None
    priority: int
    form: str | None

    @classmethod
    def of(cls, item: NewWorkItem, *, now: datetime) -> "Offer":
        due = due_instant(item.due_in, now=now) if item.due_in else None
        later = due_instant(item.follow_up_in, now=now) if item.follow_up_in else None
        priority = NORMAL_PRIORITY if item.priority is None else item.priority
        return cls(item.element, item.name, item.group, item.assignee, due, later, priority, item.form)

    def fits(self, wanted: Mapping[str, Any]) -> bool:
        """Whether it is as a case expects it; what the case does not mention may be anything."""
        said = {**wanted, **{name: instant(wanted[name]) for name in ("due", "follow_up") if wanted.get(name)}}
        return all(getattr(self, name) == said[name] for name in wanted)


def expect_offers(wanted: Mapping[str, Any], *, topics: Sequence[str], offers: Iterable[Offer]) -> None:
    """Compare the topics of jobs and what open work items say with what a case expects; others may be there, too.

    Raises WrongResultError at the first that is missing.
    """
    missing = Counter(wanted.get("jobs", ())) - Counter(topics)
    if missing:
        raise WrongResultError(f"the jobs had the topics {topics}, missing {sorted(missing.elements())}")
    left = list(offers)
    for item in wanted.get("items", ()):
        found = next((offer for offer in left if offer.fits(item)), None)
        if found is None:
            raise WrongResultError(f"no open work item is {dict(item)}; there are {left}")
        left.remove(found)
