"""Ask for a measure of a process: by version, activity, lane and more, or week by week. Versions are never blended.

The face that pages, commands and other rooms use; what it reads and how it sums is theirs below.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Literal

from bpm.engine import queries as engine_queries
from bpm.engine.queries import DefinitionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.measures.catalogue import Measure, MeasureKind, get_measure
from bpm.processes.measures.listening import end_of_day
from bpm.processes.measures.model_error import said_of_error, without_errors
from bpm.processes.measures.observed import LIVED, OBSERVED, ORDER, Facts
from bpm.processes.measures.process_of_a_file import NumberedVersion, get_part, list_numbers
from bpm.processes.measures.rollups import Changed, Kept, Wanted, rolled_up, rolled_up_over_time
from bpm.processes.measures.splits import Groups, check_split, grouped, keys_of, share_exposure, titles_of
from bpm.processes.measures.tallies import Tally, figure, widened
from bpm.processes.status import LinkKind

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
    voice: str = ""
    """Only what was said with it; empty: by customers and prospects, or by everybody in a split by voice."""
    kinds: tuple[str, ...] = LIVED
    """Kinds of link that count; the others are told apart."""


@dataclass(frozen=True)
class Row:
    """A figure with what it speaks for. `value` is None where too little is known; shares from 0 to 1, times in s."""

    group: str
    value: float | None
    n: int
    interval: tuple[float, float] | None
    """As wide as what is only suggested could make it, were it confirmed."""
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
    hits: int | None = None
    """Of a share, and events of a rate."""
    without_errors: tuple[float, float, float] | None = None
    """Of the negative share: value, low and high as they would be if the classifier never erred; None: unknown."""
    model_error: str = ""


@dataclass(frozen=True)
class Period:
    """A measure over one day or week; `version` is the one that most of it happened in."""

    start: datetime
    value: float | None
    n: int
    interval: tuple[float, float] | None = None
    version: int | None = None
    definition: int = 1
    """Version of the measure's definition that held then: where it changes, two stretches are not one series."""


def ask(work: Work, question: Question) -> list[Row]:
    """The figure of each group, in the order drawn or by name; one row with an empty group where nothing splits.

    NotFoundError names an unknown process or version, InvalidInputError an unknown measure or split.
    """
    get_measure(question.measure)
    return answers(work, question, (question.measure,))[question.measure]


def answers(
    work: Work, question: Question, measures: tuple[str, ...], *, book: Changed | None = None
) -> dict[str, list[Row]]:
    """Several measures of the same question, its own aside; rows that more than one of them needs are read once.

    `book`: what changed since it was summed, where the same is asked of many processes.
    """
    check_split(question.by)
    wanted = {name: get_measure(name) for name in measures}
    found: dict[str, list[Row]] = {name: [] for name in wanted}
    by_version = question.by == "version"
    book = book or (Changed(work) if by_version else None)
    read = (book or Changed(work)).once
    versions = (
        _versions(work, question)
        if by_version
        else [read(_named(question), lambda: find_version(work, *_named(question), _definition(work, question, read)))]
    )
    for version in versions:
        facts = facts_of(work, question, version, book)
        for name, rows in answers_of(Kept(facts, book), question, tuple(wanted)).items():
            if by_version:
                title = _("Version %(number)s") % {"number": version.number}
                found[name] += [replace(row, group=str(version.number), title=title) for row in rows]
            else:
                found[name] += rows
    return found


def answers_of(kept: Kept, question: Question, measures: tuple[str, ...]) -> dict[str, list[Row]]:
    """The same of one version whose facts, and what changed of its sums, may be known already."""
    sums = rolled_up(kept, _wanted(question, measures))
    return {name: _rows(kept.facts, question, get_measure(name), sums.get(name)) for name in measures}


def _versions(work: Work, question: Question) -> list[NumberedVersion]:
    if question.version is not None:
        return [find_version(work, question.process, question.version)]
    return sorted(list_numbers(work, question.process), key=lambda row: row.number)


def find_version(work: Work, key: str, number: int | None, definition: DefinitionRow | None = None) -> NumberedVersion:
    """The version of that number; None: the live one, else the newest. NotFoundError names those there are."""
    versions = list_numbers(work, key, definition)
    wanted = [row for row in versions if row.number == number] if number is not None else (
        [row for row in versions if row.status == VersionStatus.LIVE] or versions
    )  # fmt: skip
    if not wanted:
        there = ", ".join(str(row.number) for row in reversed(versions)) or _("none")
        problem = _("The process “%(key)s” has no version %(number)s.") % {"key": key, "number": number or _("at all")}
        raise NotFoundError(problem, remedy=_("It has: %(versions)s.") % {"versions": there})
    return wanted[0]


def book_of_all(work: Work) -> Changed:
    """A book for the same questions about every process, whose definitions are read at once."""
    book = Changed(work)
    book.known.update({("definition", row.key): row for row in engine_queries.list_definitions(work)})
    return book


def _definition(work: Work, question: Question, once: Callable[..., DefinitionRow]) -> DefinitionRow:
    key = question.process
    return once(("definition", key), lambda: engine_queries.get_definition(work, key))


def _named(question: Question) -> tuple[str, int | None]:
    return question.process, question.version


def facts_of(work: Work, question: Question, version: NumberedVersion, book: Changed | None = None) -> Facts:
    """What a question reads of a version."""
    book = book or Changed(work)
    part = book.once(
        (question.process, "part", version.id),
        lambda: get_part(work, question.process, version.id, _definition(work, question, book.once)),
    )
    until = question.until or end_of_day(work.now())
    return Facts(work, part, question.since or BEGINNING, until, question.process)


def _wanted(question: Question, measures: tuple[str, ...]) -> Wanted:
    by = "" if question.by == "version" else question.by
    return Wanted(measures, by, question.channel, question.voice, voices=by == "voice")


def _rows(facts: Facts, question: Question, measure: Measure, kept: Groups | None = None) -> list[Row]:
    """`kept`: sums by group that need not be worked out."""
    by = "" if question.by == "version" else question.by
    groups = kept if kept is not None else grouped(
        OBSERVED[measure.name](facts), measure.kind, keys_of(by, facts), channel=question.channel,
        voice=question.voice, voices=by == "voice",
    )  # fmt: skip
    if measure.kind is MeasureKind.RATE and by in ("channel", "theme", "voice"):
        share_exposure(groups)
    titles = titles_of(facts.work, by, facts, groups)
    order = {key: place for place, key in enumerate(titles)}
    names = sorted(groups, key=lambda key: (order.get(key, len(order)), key)) if by else [""]
    return [_row(key, titles.get(key) or key, groups, question, measure, facts.part.number) for key in names]


def _row(key: str, title: str, groups: Groups, question: Question, measure: Measure, version: int) -> Row:
    tallies = groups.get(key, {})
    counted = counted_of(tallies, question.kinds)
    maybe = Tally() if LinkKind.SUGGESTED in question.kinds else tallies.get(LinkKind.SUGGESTED, Tally())
    found = widened(figure(counted, measure), counted, maybe, measure)
    counts = measure.kind in (MeasureKind.SHARE, MeasureKind.RATE)
    true = without_errors(counted) if measure.name == "negative_share" else None
    return Row(
        group=key, value=found.value, n=found.n, interval=found.interval, shown=found.shown,
        sources=dict(counted.sources.most_common()), title=title,
        kinds={kind: tallies[kind].seen for kind in ORDER if kind in tallies}, p90=found.p90, p95=found.p95,
        running=counted.running, version=version, hits=round(counted.total) if counts else None,
        without_errors=(true.value, true.low, true.high) if true else None,
        model_error=said_of_error(counted) if measure.name == "negative_share" else "",
    )  # fmt: skip


def counted_of(tallies: Mapping[str, Tally], kinds: tuple[str, ...]) -> Tally:
    """The sum over the kinds of link that count, and over what no link carries."""
    counted = Tally()
    for kind, tally in tallies.items():
        if not kind or kind in kinds:
            counted.add(tally)
    return counted


def series(work: Work, question: Question, every: Literal["week", "day"] = "week") -> list[Period]:
    """The measure in each day or week (from Monday, UTC) from the first with something in it to the last.

    With no version asked for, all versions are in it, each in its own time, and `version` says which one ruled.
    """
    measure = get_measure(question.measure)
    sums: dict[datetime, Tally] = defaultdict(Tally)
    ruled: dict[datetime, dict[int, int]] = defaultdict(dict)
    versions = _versions(work, question)
    book = Changed(work) if len(versions) > 1 else None
    for version in versions:
        facts = facts_of(work, question, version)
        kept = rolled_up_over_time(
            Kept(facts, book), measure.name, every, channel=question.channel, voice=question.voice
        )
        by_day = kept if kept is not None else grouped(
            OBSERVED[measure.name](facts), measure.kind,
            lambda each: (_start(each.at, "day").isoformat(),) if each.whole else (), channel=question.channel,
            voice=question.voice,
        )  # fmt: skip
        for day, tallies in by_day.items():
            at, tally = _start(_instant(day), every), counted_of(tallies, question.kinds)
            sums[at].add(tally)
            ruled[at][version.number] = ruled[at].get(version.number, 0) + tally.n
    return [_period(at, sums.get(at, Tally()), ruled.get(at, {}), measure) for at in _every(sums, every)]


def _period(at: datetime, tally: Tally, ruled: Mapping[int, int], measure: Measure) -> Period:
    found = figure(tally, measure)
    version = max(ruled, key=lambda number: (ruled[number], number)) if ruled else None
    return Period(at, found.value, found.n, found.interval, version, measure.definition_at(at.date()).version)


def _instant(day: str) -> datetime:
    return datetime.fromisoformat(day[:10]).replace(tzinfo=UTC)


def _start(at: datetime, every: str) -> datetime:
    day = at.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day - timedelta(days=day.weekday()) if every == "week" else day


def _every(found: Mapping[datetime, object], every: str) -> list[datetime]:
    if not found:
        return []
    step = timedelta(days=7 if every == "week" else 1)
    first, last = min(found), max(found)
    return [first + step * number for number in range((last - first) // step + 1)]
