"""Which cases something was said in, or after: those of the same conversation or customer."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CompoundSelect, and_, func, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute

from bpm.engine.models import ProcessInstance, ProcessVersion
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.processes.attribution.windows import LONGEST_DAYS, said_after_windows
from bpm.processes.models import Attribution

SAME_CONVERSATION = 0.9
SAME_CUSTOMER = 0.6
"""Confidence that a later item of the same conversation, or only of the same customer, is about the running case."""


@dataclass(frozen=True)
class RunningCase:
    """An instance that ran, or had ended, when something was said, and how surely the two belong together."""

    instance_id: int
    version_id: int
    definition_key: str
    process_id: str
    """Which process of the file runs."""
    primary: bool
    """Whether that is the one that the file is about."""
    confidence: float
    evidence: str

    def is_of(self, definition_key: str, process_id: str) -> bool:
        """Whether it runs that process of that file; "" stands for the one that the file is about."""
        return definition_key == self.definition_key and (process_id == self.process_id if process_id else self.primary)


def with_cases_of_others(work: Work, items: Sequence[FeedbackItem]) -> set[int]:
    """Ids of those items whose conversation or customer has another item that is linked to a case.

    For all others `running_cases` and `cases_spoken_of` find nothing: two queries for a batch spare them one each.
    """
    talks = _first_and_last(work, FeedbackItem.conversation_id, (item.conversation_id for item in items))
    people = _first_and_last(work, FeedbackItem.customer_id, (item.customer_id for item in items))
    nobody = (0, 0)
    return {
        item.id
        for item in items
        if {*talks.get(item.conversation_id, nobody), *people.get(item.customer_id, nobody)} - {0, item.id}
    }


def _first_and_last(
    work: Work, column: InstrumentedAttribute[int | None], values: Iterable[int | None]
) -> dict[int | None, tuple[int, int]]:
    """Conversation or customer -> ids of its first and its last item that are linked to a case now."""
    asked = {value for value in values if value is not None}
    if not asked:
        return {}
    rows = work.session.execute(
        select(column, func.min(Attribution.item_id), func.max(Attribution.item_id))
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .where(column.in_(asked), Attribution.instance_id.is_not(None), Attribution.valid_to.is_(None))
        .group_by(column)
    )
    return {value: (first, last) for value, first, last in rows}


def running_cases(work: Work, item: FeedbackItem, *, at: datetime | None) -> list[RunningCase]:
    """Instances that ran at that instant (None: run now) and that another item of the conversation or customer is in.

    Of each process the newest one; one of the same conversation before one of the same customer.
    """
    return _newest(_linked(work, item, _ran(at)))


def cases_spoken_of(work: Work, item: FeedbackItem) -> list[RunningCase]:
    """The cases that an item was said in, else the one that had ended last when it was said; that within the window.

    Of a case that is over the item speaks when it is of the same conversation, or of the same customer and subject;
    how sure that is halves over the window of its process. What is surer comes first, then what ended last.
    """
    at, longest = item.placed_at, timedelta(days=LONGEST_DAYS)
    rows = _linked(
        work, item, or_(_ran(at), and_(ProcessInstance.ended_at <= at, ProcessInstance.ended_at > at - longest))
    )
    running = [row for row in rows if row.ended_at is None or row.ended_at > at]
    if running:
        return _newest(running)
    spoken_of = [row for row in rows if row.same_talk or row.same_subject]
    own = said_after_windows(work) if spoken_of else {}
    usual = timedelta(days=work.settings.said_after_days)
    over = [
        _ended(row, at=at, window=window)
        for row in spoken_of
        for window in (own.get(row.definition_key, usual),)
        if row.ended_at is not None and row.ended_at > at - window
    ]
    return sorted(over, key=lambda case: (-case.confidence, -case.instance_id))[:1]


@dataclass(frozen=True)
class _Linked:
    """A case that another item of the conversation or customer is linked to."""

    instance_id: int
    version_id: int
    definition_key: str
    process_id: str
    primary: str
    ended_at: datetime | None
    confidence: float
    same_talk: bool
    same_subject: bool


def _linked(work: Work, item: FeedbackItem, condition: ColumnElement[bool]) -> list[_Linked]:
    """Those that meet the condition: of the same conversation first, then the newest."""
    related = _related_items(item)
    if related is None:
        return []
    topic = select(Classification.topic).where(Classification.item_id == item.id, Classification.current)
    rows = work.session.execute(
        select(
            Attribution.instance_id, Attribution.version_id, Attribution.definition_key, Attribution.confidence,
            FeedbackItem.conversation_id, ProcessInstance.process_id, ProcessInstance.ended_at, ProcessVersion.primary,
            (Classification.topic == topic.scalar_subquery()).label("same_subject"),
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(Attribution.item_id.in_(related), Attribution.item_id != item.id, Attribution.valid_to.is_(None))
        .where(condition)
        .order_by(Attribution.instance_id.desc())
    )  # fmt: skip
    here = item.conversation_id
    found = [
        _Linked(
            row.instance_id, row.version_id, row.definition_key, row.process_id or row.primary, row.primary,
            row.ended_at, row.confidence, here is not None and row.conversation_id == here, bool(row.same_subject),
        )
        for row in rows
    ]  # fmt: skip
    return sorted(found, key=lambda row: not row.same_talk)


def _newest(rows: list[_Linked]) -> list[RunningCase]:
    newest: dict[tuple[str, str], RunningCase] = {}
    for row in rows:
        said = _("Said in the same conversation while this case was running.")
        if not row.same_talk:
            said = _("Said by the same customer while this case was running.")
        newest.setdefault((row.definition_key, row.process_id), _case(row, said))
    return list(newest.values())


def _ended(row: _Linked, *, at: datetime, window: timedelta) -> RunningCase:
    assert row.ended_at is not None  # noqa: S101 (those that run were taken out)
    since = at - row.ended_at
    said = ngettext(
        "Said in the same conversation, %(days)s day after this case had ended.",
        "Said in the same conversation, %(days)s days after this case had ended.",
        since.days,
    )
    if not row.same_talk:
        said = ngettext(
            "Said by the same customer about the same subject, %(days)s day after this case had ended.",
            "Said by the same customer about the same subject, %(days)s days after this case had ended.",
            since.days,
        )
    return _case(row, said % {"days": since.days}, fading=0.5 ** (since / window))


def _ran(at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return ProcessInstance.ended_at.is_(None)
    return and_(
        ProcessInstance.started_at <= at, or_(ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at > at)
    )


def _case(row: _Linked, evidence: str, *, fading: float = 1.0) -> RunningCase:
    confidence = min(SAME_CONVERSATION if row.same_talk else SAME_CUSTOMER, row.confidence)
    return RunningCase(
        instance_id=row.instance_id,
        version_id=row.version_id,
        definition_key=row.definition_key,
        process_id=row.process_id,
        primary=row.process_id == row.primary,
        confidence=round(confidence * fading, 3),
        evidence=evidence,
    )


def _related_items(item: FeedbackItem) -> CompoundSelect[int] | None:
    """Ids of all items of the conversation and of the customer: two index look-ups, never one with OR."""
    parts = []
    if item.conversation_id is not None:
        parts.append(select(FeedbackItem.id).where(FeedbackItem.conversation_id == item.conversation_id))
    if item.customer_id is not None:
        parts.append(select(FeedbackItem.id).where(FeedbackItem.customer_id == item.customer_id))
    return union(*parts) if parts else None
