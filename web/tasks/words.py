"""The customer's own words beside the work that they set off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Select, Table, func, select

from bpm.feedback.models import FeedbackItem
from bpm.foundation.db import among
from bpm.foundation.work import Work
from bpm.processes.models import Attribution

FIRST = 160
"""Characters of the words shown in a list."""


@dataclass(frozen=True)
class Words:
    """What a customer said first about an instance."""

    item_id: int
    channel: str
    text: str
    said_at: datetime | None


def first_words(work: Work, instance_ids: Sequence[int]) -> dict[int, Words]:
    """Instance -> the first thing said that it is about; instances without are left out."""
    if not instance_ids:
        return {}
    rows = work.session.execute(_FIRST_WORDS, {"instances": list(instance_ids)})
    return {row.instance_id: Words(row.id, row.channel, row.text, row.said_at) for row in rows}


def _statement() -> Select[Any]:
    item, link = cast("Table", FeedbackItem.__table__), cast("Table", Attribution.__table__)
    first = (
        select(link.c.instance_id, func.min(link.c.item_id).label("item_id"))
        .where(among(link.c.instance_id, "instances"), link.c.valid_to.is_(None))
        .group_by(link.c.instance_id)
        .subquery()
    )
    said = func.substr(item.c.text, 1, FIRST).label("text")
    return select(first.c.instance_id, item.c.id, item.c.channel, said, item.c.said_at).join(
        item, item.c.id == first.c.item_id
    )


# Built once: every page of the list asks it.
_FIRST_WORDS = _statement()
