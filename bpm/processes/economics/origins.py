"""By which channel and in which conversation cases and items began: what joins their costs to contacts."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select

from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.attribution import SURE
from bpm.processes.economics.contacts import chunks
from bpm.processes.economics.entries import Entry
from bpm.processes.models import Attribution


@dataclass(frozen=True)
class Origins:
    """Case -> (channel, conversation) of the first thing said about it; item (by its lasting id) -> conversation."""

    cases: dict[int, tuple[str, int | None]]
    items: dict[int, int | None]

    def channel(self, entry: Entry) -> str:
        """Empty where nobody said anything about the case."""
        if entry.channel:
            return entry.channel
        return self.cases.get(entry.place.case_id or 0, ("", None))[0]

    def conversation(self, entry: Entry) -> int | None:
        """That of the case where there is one, so that a case stands in one conversation alone; else the item's."""
        if entry.place.case_id is not None:
            return self.cases.get(entry.place.case_id, ("", None))[1]
        return self.items.get(entry.item_id or 0)


def origins_of(work: Work, entries: Collection[Entry]) -> Origins:
    """Of all cases and items of the entries."""
    cases = {each.place.case_id for each in entries if each.place.case_id is not None}
    items = {each.item_id for each in entries if each.item_id is not None}
    return Origins(_cases(work, cases), _items(work, items))


def _cases(work: Work, ids: Collection[int]) -> dict[int, tuple[str, int | None]]:
    found: dict[int, tuple[str, int | None]] = {}
    for some in chunks(ids):
        rows = work.session.execute(
            select(Attribution.instance_id, FeedbackItem.channel, FeedbackItem.conversation_id)
            .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
            .where(
                Attribution.instance_id.in_(some), Attribution.valid_to.is_(None), Attribution.method.in_(SURE),
                FeedbackItem.current,
            )
            .order_by(Attribution.id)
        )  # fmt: skip
        for row in rows:
            found.setdefault(row.instance_id, (row.channel, row.conversation_id))
    return found


def _items(work: Work, ids: Collection[int]) -> dict[int, int | None]:
    found: dict[int, int | None] = {}
    for some in chunks(ids):
        rows = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.conversation_id).where(FeedbackItem.id.in_(some))
        )
        found.update((row.id, row.conversation_id) for row in rows)
    return found
