"""Ask for a measure of a process: by version, activity, lane and more, or week by week. Versions are never blended.

The face that pages, commands and other rooms use; what it reads and how it sums is theirs below.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bpm.engine import queries as engine_queries
from bpm.engine.queries import VersionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.measures.catalogue import Measure, get_measure
from bpm.processes.measures.observed import LIVED, OBSERVED, ORDER, Facts, Seen
from bpm.processes.measures.process_of_a_file import get_part
from bpm.processes.measures.tallies import Tally, figure

SPLITS = ("version", "activity", "lane", "channel", "theme", "group", "voice", "rule")
"""What a measure can be split by; beside them `variable:NAME`, a variable of the case."""
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Question:
    """Which measure of which process, split by what, over which period [since, until).

    `version` None: the live one, else the newest; of a series: whichever ran. `by` empty: the whole of the version.
    """

    process: str
    measure: str
    by: str = ""
    version: int | None = None
    since: datetime | None = None
    until: datetime | None = None
    channel: str = ""
    """Only what came by it; for measures of what was said."""
    kinds: tuple[str, ...] = LIVED
    """Kinds of link that count; the others are told apart."""


@dataclass(frozen=True)
class Row:
    """A figure with what it speaks for. `value` is None where too little is known; shares from 0 to 1, times in s."""

    group: str
    value: float | None
    n: int
    interval: tuple[float, float] | None
    shown: bool
    sources: Mapping[str, int]
    """{channel: items}"""
    title: str = ""
    """The group in words."""
    kinds: Mapping[str, int] = field(default_factory=dict)
    """{kind of link: items}, those that do not count, too."""
    p90: float | None = None
    p95: float | None = None
    running: int = 0
    """What has not ended and is in no figure."""
    version: int | None = None


@dataclass(frozen=True)
class Period:
    """A measure over one day or week; `version` is the one that most of it happened in."""

    start: datetime
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    version: int | None = None


def ask(work: Work, question: Question) -> list[Row]:
    """The figure of each group, in the order drawn or by name; one row with an empty group where nothing splits.

    NotFoundError names an unknown process or version, InvalidInputError an unknown measure or split.
    """
    measure = get_measure(question.measure)
    check_split(question.by)
    if question.by == "version":
        versions = sorted(engine_queries.list_versions(work, question.process), key=lambda row: row.number)
        wanted = [row for row in versions if question.version in (None, row.number)]
        if not wanted:
            find_version(work, question.process, question.version)
        return [_version_row(work, replace(question, by="", version=row.number), measure, row) for row in wanted]
    return _rows(work, question, measure, find_version(work, question.process, question.version))


def check_split(by: str) -> None:
    """InvalidInputError unless it is one of `SPLITS`, a variable, or nothing."""
    if by and by not in SPLITS and not (by.startswith("variable:") and by.removeprefix("variable:")):
        problem = _("A measure cannot be split by “%(by)s”.") % {"by": by}
        remedy = _("Choose one of: %(splits)s.") % {"splits": ", ".join((*SPLITS, "variable:NAME"))}
        raise InvalidInputError(problem, remedy=remedy, fields={"by": problem})


def find_version(work: Work, key: str, number: int | None) -> VersionRow:
    """The version of that number; None: the live one, else the newest. NotFoundError names those there are."""
    versions = engine_queries.list_versions(work, key)
    wanted = [row for row in versions if row.number == number] if number is not None else (
        [row for row in versions if row.status == VersionStatus.LIVE] or versions
    )  # fmt: skip
    if not wanted:
        there = ", ".join(str(row.number) for row in reversed(versions)) or _("none")
        problem = _("The process “%(key)s” has no version %(number)s.") % {"key": key, "number": number}
        raise NotFoundError(problem, remedy=_("It has: %(versions)s.") % {"versions": there})
    return wanted[0]


def _version_row(work: Work, question: Question, measure: Measure, version: VersionRow) -> Row:
    (row,) = _rows(work, question, measure, version)
    return replace(row, group=str(version.number), title=_("Version %(number)s") % {"number": version.number})


def _rows(work: Work, question: Question, measure: Measure, version: VersionRow) -> list[Row]:
    facts = _facts(work, question, version)
    grouped = _grouped(OBSERVED[measure.name](facts), question, _keys_of(question.by, facts))
    titles = _titles(question.by, facts)
    order = {key: place for place, key in enumerate(titles)}
    names = sorted(grouped, key=lambda key: (order.get(key, len(order)), key)) if question.by else [""]
    return [
        _row(key, titles.get(key, key), grouped.get(key, {}), question, measure, version.number) for key in names
    ]  # fmt: skip


def _facts(work: Work, question: Question, version: VersionRow) -> Facts:
    part = get_part(work, question.process, version.id)
    until = question.until or work.now() + timedelta(days=1)
    return Facts(work, part, question.since or BEGINNING, until)


def _row(key: str, title: str, tallies: Mapping[str, Tally], question: Question, measure: Measure, version: int) -> Row:
    counted = Tally()
    for kind, tally in tallies.items():
        if not kind or kind in question.kinds:
            counted.add(tally)
    found = figure(counted, measure)
    kinds = {kind: sum(tallies[kind].sources.values()) for kind in ORDER if kind in tallies}
    return Row(
        key, found.value, found.n, found.interval, found.shown, dict(counted.sources.most_common()), title, kinds,
        found.p90, found.p95, counted.running, version,
    )  # fmt: skip


Keys = Callable[[Seen], Iterable[str]]


def _grouped(seen: Iterable[Seen], question: Question, keys_of: Keys) -> dict[str, dict[str, Tally]]:
    """{group: {kind of link: sums}}; an item counts in a group once, under the first of its kinds."""
    kind = get_measure(question.measure).kind
    items: dict[tuple[str, int], Seen] = {}
    found: dict[str, dict[str, Tally]] = defaultdict(lambda: defaultdict(Tally))
    for each in seen:
        if question.channel and each.channel and each.channel != question.channel:
            continue
        for key in keys_of(each):
            if each.item_id is None:
                found[key][each.kind].see(each, kind)
                continue
            known = items.get((key, each.item_id))
            if known is None or ORDER.index(each.kind) < ORDER.index(known.kind):
                items[key, each.item_id] = each
    for (key, _item), each in items.items():
        found[key][each.kind].see(each, kind)
    return found


def _keys_of(by: str, facts: Facts) -> Keys:
    match by:
        case "":
            return lambda seen: ("",) if seen.whole else ()
        case "activity":
            return lambda seen: (seen.element,) if seen.part and seen.element in facts.lanes else ()
        case "lane":
            return lambda seen: (facts.lanes[seen.element],) if seen.part and seen.element in facts.lanes else ()
        case _:
            return lambda seen: (getattr(seen, by, ""),) if seen.whole else ()


def _titles(by: str, facts: Facts) -> dict[str, str]:
    """{group: its name}, in the order in which groups are told."""
    if by == "activity":
        return {str(each["id"]): str(each["name"] or each["id"]) for each in facts.part.elements}
    if by == "lane":
        return {lane: lane or _("no lane") for lane in facts.lanes.values()}
    return {}


def series(work: Work, question: Question, every: Literal["week", "day"] = "week") -> list[Period]:
    """The measure in each day or week (from Monday, UTC) from the first with something in it to the last.

    With no version asked for, all versions are in it, each in its own time, and `version` says which one ruled.
    """
    measure = get_measure(question.measure)
    asked = question.version
    versions = [find_version(work, question.process, asked)] if asked is not None else (
        engine_queries.list_versions(work, question.process)
    )  # fmt: skip
    sums: dict[datetime, Tally] = defaultdict(Tally)
    ruled: dict[datetime, dict[int, int]] = defaultdict(dict)
    for version in versions:
        seen = OBSERVED[measure.name](_facts(work, question, version))
        starts = _grouped(seen, question, lambda each: (_start(each.at, every).isoformat(),) if each.whole else ())
        for start, tallies in starts.items():
            at = datetime.fromisoformat(start)
            for kind, tally in tallies.items():
                if not kind or kind in question.kinds:
                    sums[at].add(tally)
                    ruled[at][version.number] = ruled[at].get(version.number, 0) + tally.n
    return [_period(at, sums.get(at, Tally()), ruled.get(at, {}), measure) for at in _every(sums, every)]


def _period(at: datetime, tally: Tally, ruled: Mapping[int, int], measure: Measure) -> Period:
    found = figure(tally, measure)
    version = max(ruled, key=lambda number: (ruled[number], number)) if ruled else None
    return Period(at, found.value, found.n, found.interval, version)


def _start(at: datetime, every: str) -> datetime:
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def _every(found: Mapping[datetime, object], every: str) -> list[datetime]:
    if not found:
        return []
    step = timedelta(days=7 if every == "week" else 1)
    first, last = min(found), max(found)
    return [first + step * number for number in range((last - first) // step + 1)]
