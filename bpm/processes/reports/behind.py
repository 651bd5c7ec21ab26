"""What is behind a figure: the items and the cases that it counts."""

from dataclasses import dataclass, replace

from sqlalchemy import select

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.measures.asking import Question, facts_of, find_version
from bpm.processes.measures.catalogue import get_measure
from bpm.processes.measures.heard_items import HeardItem, list_heard
from bpm.processes.measures.observed import OBSERVED
from bpm.processes.measures.splits import is_counted, keys_of

MOST = 200


@dataclass(frozen=True)
class BehindCase:
    """A case that a figure counts."""

    id: int
    business_key: str
    status: str


@dataclass(frozen=True)
class Behind:
    """Rows of a figure, the newest first, at most `MOST` of each; `count` is how many things it counted in all."""

    items: tuple[HeardItem, ...]
    cases: tuple[BehindCase, ...]
    count: int


def rows_behind(work: Work, question: Question, group: str) -> Behind:
    """What the figure of that group counts; errors as of `asking.ask`."""
    by = question.by
    if by == "version":
        question = replace(question, by="", version=int(group) if group.isdecimal() else question.version)
        group, by = "", ""
    facts = facts_of(work, question, find_version(work, question.process, question.version))
    keys = keys_of(by, facts)
    items, cases, count = set(), set(), 0
    for seen in OBSERVED[get_measure(question.measure).name](facts):
        if seen.kind and seen.kind not in question.kinds:
            continue
        if question.channel and seen.channel and seen.channel != question.channel:
            continue
        if not is_counted(seen.voice, wanted=question.voice, voices=by == "voice"):
            continue
        if group not in keys(seen):
            continue
        count += 1
        if seen.item_id is not None:
            items.add(seen.item_id)
        elif seen.case_id is not None:
            cases.add(seen.case_id)
    return Behind(_items(work, items), _cases(work, cases), count)


def _items(work: Work, first: set[int]) -> tuple[HeardItem, ...]:
    if not first:
        return ()
    some = sorted(first, reverse=True)[:MOST]
    newest = (FeedbackItem.id.in_(some) & FeedbackItem.current) | (
        FeedbackItem.first_id.in_(some) & FeedbackItem.current
    )
    return tuple(list_heard(work, [newest], limit=MOST))


def _cases(work: Work, ids: set[int]) -> tuple[BehindCase, ...]:
    some = sorted(ids, reverse=True)[:MOST]
    query = select(ProcessInstance.id, ProcessInstance.business_key, ProcessInstance.status)
    rows = work.session.execute(query.where(ProcessInstance.id.in_(some)).order_by(ProcessInstance.id.desc()))
    return tuple(BehindCase(row.id, row.business_key or "", str(row.status)) for row in rows)
