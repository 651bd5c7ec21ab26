"""Whether all voices are answered alike: how often and how fast, by channel, language, segment and reach.

Reach is read for this check alone: nothing that sorts, routes or answers ever sees it.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm.feedback import queries as feedback_queries
from bpm.feedback.models import FeedbackItem
from bpm.feedback.status import Voice
from bpm.foundation.work import Work
from bpm.statistics import SHOWN_FROM, Share, benjamini_hochberg, percentile, share
from bpm.statistics.alike import Comparison, compare_shares, compare_times

MOST = 20_000
"""Items that are looked at, the newest."""
REACH = ("reach", "followers", "followers_count", "author_followers", "follower_count")
"""Names under which sources tell how many people follow an author."""
FALSE_OF_FLAGS = 0.05
"""Of the flags of one page so many may be false on average (Benjamini and Hochberg)."""
QUARTILES = 4


@dataclass(frozen=True)
class Group:
    """Answers to one group beside those to all others that the same question splits."""

    by: str
    """channel, language, segment or reach."""
    name: str
    rate: Share
    median: float | None
    """Seconds until a person first answered; None under ten answers."""
    rate_beside: Comparison | None
    """Difference of the reply rate from that of the others."""
    time_beside: Comparison | None
    """How many times as long as the others they waited."""
    flagged: tuple[str, ...]
    """rate, time: what differs by more than chance, with the false flags of the whole page kept few."""


@dataclass(frozen=True)
class _Heard:
    groups: Mapping[str, str]
    seconds: float | None


def answered_alike(work: Work, *, since: datetime, until: datetime, segment: str = "") -> tuple[Group, ...]:
    """Every group with ten items or more; `segment` names a field of the items that the company splits by."""
    heard = list(_heard(work, since, until, segment))
    found = [group for by in ("channel", "language", "segment", "reach") for group in _groups(heard, by)]
    tests = [(place, what, each.p) for place, group in enumerate(found) for what, each in _tests(group)]
    flags: dict[int, list[str]] = defaultdict(list)
    for kept in benjamini_hochberg([p for _place, _what, p in tests], FALSE_OF_FLAGS):
        flags[tests[kept][0]].append(tests[kept][1])
    return tuple(_flagged(group, flags[place]) for place, group in enumerate(found))


def _heard(work: Work, since: datetime, until: datetime, segment: str) -> Iterator[_Heard]:
    rows = work.session.execute(
        select(
            FeedbackItem.id, FeedbackItem.channel, FeedbackItem.language, FeedbackItem.said_at, FeedbackItem.extra
        )
        .where(
            FeedbackItem.current, FeedbackItem.said_at >= since, FeedbackItem.said_at < until,
            FeedbackItem.voice == Voice.CUSTOMER,
        )
        .order_by(FeedbackItem.said_at.desc())
        .limit(MOST)
    ).all()  # fmt: skip
    answered = feedback_queries.first_human_answer_times(work, [row.id for row in rows])
    quartile = _quartiles([reach for row in rows if (reach := _reach(row.extra)) is not None])
    for row in rows:
        at, reach = answered.get(row.id), _reach(row.extra)
        groups = {
            "channel": row.channel,
            "language": row.language or "",
            "segment": str((row.extra or {}).get(segment) or "")[:80] if segment else "",
            "reach": quartile(reach) if reach is not None else "",
        }
        yield _Heard(groups, max(0.0, (at - row.said_at).total_seconds()) if at and row.said_at else None)


def _reach(extra: Any) -> float | None:
    for name in REACH:
        value = (extra or {}).get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= 0:
            return float(value)
        if isinstance(value, str) and value.strip().isdecimal():
            return float(value)
    return None


def _quartiles(values: Sequence[float]) -> Callable[[float], str]:
    """The quarter of all known reaches that a reach is in: 1 is the smallest."""
    ordered = sorted(values)
    limits = [percentile(ordered, place / QUARTILES) for place in range(1, QUARTILES)] if ordered else []
    return lambda value: str(1 + sum(value > limit for limit in limits))


def _groups(heard: Sequence[_Heard], by: str) -> Iterator[Group]:
    known = [each for each in heard if each.groups[by]]
    for name in sorted({each.groups[by] for each in known}):
        inside = [each for each in known if each.groups[by] == name]
        outside = [each for each in known if each.groups[by] != name]
        if len(inside) >= SHOWN_FROM:
            yield _group(by, name, inside, outside)


def _group(by: str, name: str, inside: Sequence[_Heard], outside: Sequence[_Heard]) -> Group:
    times, others = ([each.seconds for each in some if each.seconds is not None] for some in (inside, outside))
    enough = len(outside) >= SHOWN_FROM
    return Group(
        by, name, share(len(times), len(inside)),
        percentile(sorted(times), 0.5) if len(times) >= SHOWN_FROM else None,
        compare_shares(len(times), len(inside), len(others), len(outside)) if enough else None,
        compare_times(times, others) if min(len(times), len(others)) >= SHOWN_FROM else None, (),
    )  # fmt: skip


def _tests(group: Group) -> Iterator[tuple[str, Comparison]]:
    if group.rate_beside is not None:
        yield "rate", group.rate_beside
    if group.time_beside is not None:
        yield "time", group.time_beside


def _flagged(group: Group, what: Sequence[str]) -> Group:
    return replace(group, flagged=tuple(what))
