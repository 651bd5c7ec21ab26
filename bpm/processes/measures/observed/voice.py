"""Measures of what was said."""

from collections.abc import Iterator

from bpm.processes.measures.observed.facts import Facts, Link
from bpm.processes.measures.observed.seen import Seen
from bpm.processes.measures.performance import NEGATIVE


def said(link: Link, value: float, *, weight: int = 1) -> Seen:
    """What a measure saw in an item."""
    return Seen(
        at=link.said_at, value=value, weight=weight, element=link.element, channel=link.channel, voice=link.voice,
        theme=link.theme, kind=link.kind, item_id=link.item_id, case_id=link.case_id,
    )  # fmt: skip


def negative_share(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        if link.sentiment is not None:
            yield said(link, float(link.sentiment <= NEGATIVE))
