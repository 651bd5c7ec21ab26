"""Finished cases that are like one: nearest by customer, topic and the customer's words, with why.

One point each: the same customer counts 2, the same topic 1, the share of words in common up to 1 (Jaccard's measure
over words of four letters and more). Who knows a better weight needs cases that somebody judged.
"""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, func, select

from bpm.engine.teamwork import DoneBefore, answers_in, same_task_done_before
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Attribution

SHOWN = 3
COMPARED = 2_000
"""Characters of a customer's words."""
FEWEST_COMMON = 0.12
"""Share of words in common from which that is called alike."""


@dataclass(frozen=True)
class Heard:
    """What set a case off."""

    customer_id: int | None = None
    topic: str | None = None
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SimilarCase:
    """A finished case, the same task in it, and why it is called similar."""

    done: DoneBefore
    why: tuple[str, ...]
    answers: Mapping[str, Any]
    """What was entered there."""


def similar_cases(work: Work, element: str, *, version_id: int, instance_id: int) -> tuple[SimilarCase, ...]:
    """The nearest of the last finished cases that the actor may see; none where nothing is alike.

    `version_id`: a version of the process whose element it is; `instance_id`: the case to which others are held.
    """
    before = same_task_done_before(work, element, version_id=version_id, but_case=instance_id)
    if not before:
        return ()
    heard = _heard(work, [instance_id, *(each.instance_id for each in before)])
    mine = heard.get(instance_id, Heard())
    rated = [(likeness(mine, heard.get(each.instance_id, Heard())), each) for each in before]
    rated.sort(key=lambda pair: (pair[0][0], pair[1].completed_at), reverse=True)
    nearest = [(why, each) for (points, why), each in rated[:SHOWN] if points > 0]
    answers = answers_in(work, [each.item_id for _why, each in nearest]) if nearest else {}
    return tuple(SimilarCase(each, why, answers.get(each.item_id, {})) for why, each in nearest)


def likeness(one: Heard, other: Heard) -> tuple[float, tuple[str, ...]]:
    """(points, why in words) of two cases; pure."""
    points = 0.0
    why: list[str] = []
    if one.customer_id is not None and one.customer_id == other.customer_id:
        points, why = points + 2, [*why, _("same customer")]
    if one.topic and one.topic == other.topic:
        points, why = points + 1, [*why, _("same topic: %(topic)s") % {"topic": one.topic.replace("_", " ")}]
    common = one.words & other.words
    share = len(common) / len(one.words | other.words) if common else 0.0
    if share >= FEWEST_COMMON:
        named = ", ".join(sorted(common, key=lambda word: (-len(word), word))[:3])
        points, why = points + share, [*why, _("words in common: %(words)s") % {"words": named}]
    return points, tuple(why)


def words_of(text: str) -> frozenset[str]:
    """The words of four letters and more, in lower case."""
    return frozenset(re.findall(r"[^\W\d_]{4,}", text.casefold()))


def _heard(work: Work, instances: Collection[int]) -> dict[int, Heard]:
    link = cast("Table", Attribution.__table__)
    first = (
        select(link.c.instance_id, func.min(link.c.item_id).label("item_id"))
        .where(link.c.instance_id.in_(instances), link.c.valid_to.is_(None))
        .group_by(link.c.instance_id)
        .subquery()
    )
    text = func.substr(FeedbackItem.text, 1, COMPARED).label("text")
    query: Any = (
        select(first.c.instance_id, FeedbackItem.customer_id, Classification.topic, text)
        .join(FeedbackItem, FeedbackItem.id == first.c.item_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
    )
    return {
        row.instance_id: Heard(row.customer_id, row.topic, words_of(row.text)) for row in work.session.execute(query)
    }
