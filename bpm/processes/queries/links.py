"""Reads of links for screens: where an item went, whose words are behind a case or a figure. Frozen rows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, bindparam, exists, select

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED
from bpm.processes.measures.heard_items import HeardItem, list_heard
from bpm.processes.measures.process_of_a_file import get_part, linked_to
from bpm.processes.measures.splits import CUSTOMERS
from bpm.processes.measures.undated import came_in_undated
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind


@dataclass(frozen=True)
class ItemLink:
    """One place an item went: a process version, mostly an instance of it, an element, and how sure that is."""

    attribution_id: int
    definition_key: str
    process_name: str
    version_id: int
    number: int
    instance_id: int | None
    instance_status: str
    element: str
    element_name: str
    kind: str
    method: str
    confidence: float
    evidence: str
    author: str
    since: datetime


def item_links(work: Work, item_id: int) -> list[ItemLink]:
    """The current links of an item, oldest first; empty: it is in the space between."""
    rows = work.session.execute(
        select(Attribution, ProcessDefinition.name, ProcessVersion, ProcessInstance.status)
        .join(ProcessVersion, ProcessVersion.id == Attribution.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .outerjoin(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
        .where(Attribution.item_id == item_id, Attribution.valid_to.is_(None))
        .order_by(Attribution.id)
    ).all()
    return [_item_link(link, name, version, status) for link, name, version, status in rows]


def _item_link(link: Attribution, name: str, version: ProcessVersion, status: str | None) -> ItemLink:
    names = {element["id"]: element["name"] for element in version.elements}
    return ItemLink(
        attribution_id=link.id,
        definition_key=link.definition_key,
        process_name=name,
        version_id=link.version_id,
        number=version.number,
        instance_id=link.instance_id,
        instance_status=status or "",
        element=link.element,
        element_name=names.get(link.element) or link.element,
        kind=link.kind,
        method=link.method,
        confidence=link.confidence,
        evidence=link.evidence,
        author=link.author,
        since=link.valid_from,
    )


def items_of_instance(work: Work, instance_id: int, *, limit: int = 50) -> list[HeardItem]:
    """What customers said that this instance is about, oldest first."""
    # The links first, by their index: EXISTS would let a database look at every item there is.
    linked = select(Attribution.item_id).where(Attribution.instance_id == instance_id, Attribution.valid_to.is_(None))
    return list_heard(work, [FeedbackItem.current, FeedbackItem.id.in_(linked)], oldest_first=True, limit=limit)


_FIRST_ITEM = (
    select(Attribution.item_id)
    .where(Attribution.instance_id == bindparam("instance"), Attribution.valid_to.is_(None))
    .order_by(Attribution.id)
    .limit(1)
)


def find_item_of_instance(work: Work, instance_id: int) -> int | None:
    """The first item linked to the instance, for a link to its conversation."""
    return work.session.scalar(_FIRST_ITEM, {"instance": instance_id})


def items_at(
    work: Work, key: str, version_id: int, *, since: datetime, until: datetime, element: str | None = None,
    kinds: Sequence[LinkKind] = LIVED, undated: bool = False, voice: str = "", limit: int = 200,
) -> list[HeardItem]:  # fmt: skip
    """The rows behind a figure: items of that process of the version (at the element, if given) said in the period,
    with links of these kinds, newest first; `undated`: those instead that came in then and nobody knows when they
    were said; `voice`: said with it, else by customers and prospects."""
    linked = exists().where(
        Attribution.item_id == FeedbackItem.id,
        Attribution.version_id == version_id,
        Attribution.valid_to.is_(None),
        Attribution.kind.in_(kinds),
        *linked_to(get_part(work, key, version_id)),
        *([Attribution.element == element] if element is not None else []),
    )
    said = and_(FeedbackItem.said_at >= since, FeedbackItem.said_at < until)
    period = [came_in_undated(since, until) if undated else said]
    theirs = FeedbackItem.voice.in_([voice] if voice else CUSTOMERS)
    return list_heard(work, [FeedbackItem.current, *period, linked, theirs], limit=limit)
