"""What was said and given on days, each at home in one case or in none; and what is at home in the cases begun then.

The home of an item is the case of its oldest link that holds and names one; its place there, and the version, are those
of that link.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Classification, FeedbackItem
from bpm.feedback.status import Voice
from bpm.feedback.tones import is_negative
from bpm.foundation.work import Work
from bpm.processes.attribution.kinds import LIVED, SURE
from bpm.processes.changes.marks import day_of
from bpm.processes.daybook.columns import Row
from bpm.processes.models import Attribution, Gesture
from bpm.processes.status import GestureStatus, Purpose

CUSTOMERS = (Voice.CUSTOMER, Voice.PROSPECT)
"""Whose words are contacts: not those of employees, partners and suppliers."""
UNREAD, NEGATIVE, OTHER = 0, 1, 2
"""Tones of what was said."""
PUBLIC, OF_US = "pr", ""
"""Sides of what was given: to be seen by others, or to make good."""
CHUNK = 500

Tables = Mapping[date, dict[str, list[Row]]]
OF_LINK = (Attribution.valid_to.is_(None), Attribution.method.in_(SURE))
NAME = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
"""What names an item for good."""


@dataclass(frozen=True)
class Linked:
    """Where an item stands: one link, of what was lived through before all others, the oldest first; and its home."""

    process: str = ""
    version: int = 0
    element: str = ""
    link: str = ""
    case: int = 0
    home_version: int = 0
    home_element: str = ""


def add_said(work: Work, tables: Tables, since: datetime, until: datetime, only: Collection[int] | None = None) -> None:
    """Everything that was said in [since, until); `only`: in these versions of items."""
    item = FeedbackItem
    here = and_(item.current, item.placed_at >= since, item.placed_at < until, *among(item.id, only))
    links = _links(work, here)
    rows = work.session.execute(
        select(
            item.id, NAME.label("name"), item.channel, item.placed_at, item.voice, item.conversation_id,
            Classification.primary, Classification.sentiment, Classification.abstained, Classification.topic,
        )
        .outerjoin(Classification, (Classification.item_id == item.id) & Classification.current)
        .where(here)
    )  # fmt: skip
    for row in rows:
        at = links.get(row.id, Linked())
        read = not row.abstained
        tone = UNREAD if row.abstained or row.sentiment is None else NEGATIVE if is_negative(row.sentiment) else OTHER
        tables[day_of(row.placed_at)]["said"].append(
            (
                row.name, row.id, int(row.voice in CUSTOMERS), row.channel, (row.primary or "") if read else "", tone,
                (row.topic or "") if read else "", at.process, at.version, at.element, at.link, at.case,
                at.home_version, at.home_element, row.conversation_id or 0,
            )
        )  # fmt: skip


def add_given(
    work: Work, tables: Tables, since: datetime, until: datetime, only: Collection[int] | None = None
) -> None:
    """Everything that was given in [since, until), at home where the newest version of the item is.

    `only`: for these versions of items.
    """
    given = _gestures(work, Gesture.at >= since, Gesture.at < until, *among(Gesture.item_id, only))
    links = _links_of(work, {current for _row, current, _conversation in given})
    for row, current, conversation in given:
        at = links.get(current, Linked())
        tables[day_of(row.at)]["given"].append(
            (row.name, row.cost, _side(row), row.channel, at.case, at.home_version, at.home_element, conversation)
        )


def add_cases(
    work: Work, tables: Tables, since: datetime, until: datetime, only: Collection[int] | None = None
) -> None:
    """Of the cases that began in [since, until): how each came in, and all that is at home in it. `only`: of these."""
    case, other, item = ProcessInstance, aliased(Attribution), FeedbackItem
    here = (case.started_at >= since, case.started_at < until, *among(case.id, only))
    query = select(case.id, case.started_at).where(*here)
    began = {row.id: row.started_at for row in work.session.execute(query)}
    rows = work.session.execute(
        select(Attribution.instance_id, item.id, NAME.label("name"), item.channel, item.conversation_id, item.placed_at)
        .join(item, item.id == Attribution.item_id)
        .join(case, case.id == Attribution.instance_id)
        .where(*OF_LINK, item.current, *here)
        .order_by(Attribution.id)
    ).all()  # fmt: skip
    origins: dict[int, Any] = {}
    for row in rows:
        origins.setdefault(row.instance_id, row)
    for case_id, row in origins.items():
        tables[day_of(began[case_id])]["began"].append((case_id, row.channel, row.conversation_id or 0))
    beside = select(other.item_id).join(case, case.id == other.instance_id)
    beside = beside.where(*here)
    homes = _links(work, Attribution.item_id.in_(beside))
    for row in {row.id: row for row in rows}.values():
        home = homes.get(row.id, Linked()).case
        if home in began:
            told = (home, 0, 0, OF_US, row.channel, day_of(row.placed_at).toordinal())
            tables[day_of(began[home])]["at_home"].append(told)
    _add_gestures_at_home(work, tables, homes, {row.id: row.name for row in rows}, began)


def among(column: Any, only: Collection[int] | None) -> tuple[ColumnElement[bool], ...]:
    """The condition that it is one of these; none where all are wanted."""
    return () if only is None else (column.in_(only),)


def versions_of(work: Work, items: Collection[int]) -> tuple[set[int], set[int]]:
    """(what names the items for good, ids of all their versions)."""
    names: set[int] = set()
    versions: set[int] = set()
    for some in _chunks(items):
        names.update(work.session.scalars(select(NAME).where(FeedbackItem.id.in_(some))))
    for some in _chunks(names):
        same = FeedbackItem.id.in_(some) | FeedbackItem.first_id.in_(some)
        versions.update(work.session.scalars(select(FeedbackItem.id).where(same)))
    return names, versions


def _add_gestures_at_home(
    work: Work, tables: Tables, homes: Mapping[int, Linked], names: Mapping[int, int], began: Mapping[int, datetime]
) -> None:
    given = [each for some in _chunks(set(names.values())) for each in _gestures(work, NAME.in_(some))]
    for row, current, _conversation in given:
        home = homes.get(current, Linked()).case
        if home in began:
            told = (home, 1, row.cost, _side(row), row.channel, day_of(row.at).toordinal())
            tables[day_of(began[home])]["at_home"].append(told)


def _side(row: Any) -> str:
    return PUBLIC if row.purpose == Purpose.PR else OF_US


def _gestures(work: Work, *conditions: ColumnElement[bool]) -> list[tuple[Any, int, int]]:
    """Gestures that were given, each with the id and the conversation of the version of its item that holds."""
    rows = work.session.execute(
        select(Gesture.item_id, Gesture.at, Gesture.cost, Gesture.purpose, NAME.label("name"), FeedbackItem.channel)
        .join(FeedbackItem, FeedbackItem.id == Gesture.item_id)
        .where(Gesture.status == GestureStatus.GIVEN, *conditions)
        .order_by(Gesture.id)
    ).all()
    current: dict[int, tuple[int, int]] = {}
    for some in _chunks({row.name for row in rows}):
        same = FeedbackItem.id.in_(some) | FeedbackItem.first_id.in_(some)
        query = select(NAME, FeedbackItem.id, FeedbackItem.conversation_id).where(FeedbackItem.current, same)
        current |= {name: (item, talk or 0) for name, item, talk in work.session.execute(query)}
    return [(row, *current.get(row.name, (row.item_id, 0))) for row in rows]


def _links_of(work: Work, items: Collection[int]) -> dict[int, Linked]:
    found: dict[int, Linked] = {}
    for some in _chunks(items):
        found |= _links(work, Attribution.item_id.in_(some))
    return found


def _links(work: Work, *conditions: ColumnElement[bool]) -> dict[int, Linked]:
    """{item: where it stands}, of links and their items for which this is true."""
    rows = work.session.execute(
        select(
            Attribution.item_id, Attribution.instance_id, Attribution.element, Attribution.definition_key,
            Attribution.version_id, Attribution.kind,
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .where(*OF_LINK, *conditions)
        .order_by(Attribution.id)
    )  # fmt: skip
    found: dict[int, Linked] = {}
    for row in rows:
        found[row.item_id] = _seen(found.get(row.item_id), row)
    return found


def _seen(known: Linked | None, row: Any) -> Linked:
    fresh = Linked(row.definition_key, row.version_id, row.element or "", row.kind)
    at = fresh if known is None or (known.link not in LIVED and fresh.link in LIVED) else known
    home = known if known is not None and known.case else None
    if home is None and row.instance_id:
        return replace(at, case=row.instance_id, home_version=row.version_id, home_element=row.element or "")
    if home is None:
        return at
    return replace(at, case=home.case, home_version=home.home_version, home_element=home.home_element)


def _chunks(ids: Collection[int]) -> Iterator[list[int]]:
    listed = sorted(ids)
    for begin in range(0, len(listed), CHUNK):
        yield listed[begin : begin + CHUNK]
