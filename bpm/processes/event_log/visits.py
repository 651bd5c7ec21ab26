"""The log itself, read case by case: who passed where and when, and what customers said about it."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Transactions, Work
from bpm.processes.measures.process_of_a_file import Part, get_part, instances_of
from bpm.processes.models import Attribution

CASES_AT_ONCE = 200
"""Cases read together; nothing else of the log is ever held."""


@dataclass(frozen=True)
class LoggedVisit:
    """One visit of one element. `claimed_at`: a person took it; `closed_at` None: it is open."""

    element: str
    activity: str
    """The element's name, else its id."""
    type: str
    group: str
    """The lane it stands in; people are not named."""
    status: str
    opened_at: datetime
    claimed_at: datetime | None
    closed_at: datetime | None


@dataclass(frozen=True)
class LoggedItem:
    """One thing a customer said that is linked to the case, by which kind of link and how surely."""

    item_id: int
    channel: str
    element: str
    method: str
    confidence: float
    said_at: datetime | None
    received_at: datetime
    customer_id: int | None
    kind: str
    sentiment: float | None


@dataclass(frozen=True)
class LoggedCase:
    """A case with its visits, in the order they were opened, and its items, in the order they were linked."""

    case_id: int
    business_key: str
    process: str
    version: int
    status: str
    started_at: datetime
    ended_at: datetime | None
    visits: tuple[LoggedVisit, ...]
    items: tuple[LoggedItem, ...]

    @property
    def customers(self) -> tuple[int, ...]:
        return tuple(dict.fromkeys(item.customer_id for item in self.items if item.customer_id is not None))


Cases = Callable[[], Iterable[LoggedCase]]
"""Gives the log anew each time it is called."""


def read_cases(transactions: Transactions, key: str) -> Iterator[LoggedCase]:
    """Every case of every version of the process, the oldest first; NotFoundError when there is no such process.

    A case that was moved to another version stands under the one it is in; its visits name what that one draws, too.
    """
    with transactions.reading() as work:
        parts = {row.id: get_part(work, key, row.id) for row in engine_queries.list_versions(work, key)}
    return _pages(transactions, key, parts)


def _pages(transactions: Transactions, key: str, parts: Mapping[int, Part]) -> Iterator[LoggedCase]:
    after = 0
    while True:
        with transactions.reading() as work:
            rows = _instances(work, parts, after=after)
            page = list(_with_what_happened(work, key, parts, rows))
        yield from page
        if len(rows) < CASES_AT_ONCE:
            return
        after = rows[-1].id


def _instances(work: Work, parts: Mapping[int, Part], *, after: int) -> Sequence[Any]:
    found: list[Any] = []
    for part in parts.values():
        found += work.session.execute(
            select(
                ProcessInstance.id, ProcessInstance.version_id, ProcessInstance.business_key, ProcessInstance.status,
                ProcessInstance.started_at, ProcessInstance.ended_at,
            )
            .where(ProcessInstance.version_id == part.version_id, ProcessInstance.id > after, *instances_of(part))
            .order_by(ProcessInstance.id)
            .limit(CASES_AT_ONCE)
        ).all()  # fmt: skip
    return sorted(found, key=lambda row: row.id)[:CASES_AT_ONCE]


def _with_what_happened(work: Work, key: str, parts: Mapping[int, Part], rows: Sequence[Any]) -> Iterator[LoggedCase]:
    ids = [row.id for row in rows]
    visits, items = _visits(work, parts, ids), _items(work, ids)
    for row in rows:
        yield LoggedCase(
            case_id=row.id, business_key=row.business_key or "", process=key, version=parts[row.version_id].number,
            status=str(row.status), started_at=row.started_at, ended_at=row.ended_at,
            visits=tuple(visits[row.id]), items=tuple(items[row.id]),
        )  # fmt: skip


def _visits(work: Work, parts: Mapping[int, Part], ids: Sequence[int]) -> dict[int, list[LoggedVisit]]:
    lanes = {
        (part.version_id, str(each["id"])): str(each.get("lane") or "")
        for part in parts.values()
        for each in part.elements
    }
    found: dict[int, list[LoggedVisit]] = defaultdict(list)
    for row in engine_queries.visits_of_instances(work, ids):
        found[row.instance_id].append(
            LoggedVisit(
                element=row.element, activity=row.name or row.element, type=row.type,
                group=lanes.get((row.version_id, row.element), ""), status=str(row.status),
                opened_at=row.opened_at, claimed_at=row.claimed_at, closed_at=row.closed_at,
            )
        )  # fmt: skip
    return found


def _items(work: Work, ids: Sequence[int]) -> dict[int, list[LoggedItem]]:
    rows = work.session.execute(
        select(Attribution, FeedbackItem, Classification)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(Attribution.instance_id.in_(ids), Attribution.valid_to.is_(None), FeedbackItem.current)
        .order_by(Attribution.id)
    )
    found: dict[int, list[LoggedItem]] = defaultdict(list)
    for link, item, claim in rows:
        found[link.instance_id or 0].append(
            LoggedItem(
                item_id=item.first_id or item.id, channel=item.channel, element=link.element, method=str(link.method),
                confidence=link.confidence, said_at=item.said_at, received_at=item.received_at,
                customer_id=item.customer_id, kind=claim.primary if claim else "",
                sentiment=None if claim is None or claim.abstained else claim.sentiment,
            )
        )  # fmt: skip
    return found
