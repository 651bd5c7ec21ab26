"""How well each leaf of a tree is met, by version: from single measurements, never from figures of several versions.

1. A share: each case or item is a unit; it is met where it is what one wants (the better side of the measure).
2. A number or a time: each measurement against the limits. What has not ended and is beyond the upper limit already is
   not met; what may still be met is counted apart.
3. A rate: each week's rate against the limits.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.ctq.tree import VARIABLE, Node, unit_of
from bpm.processes.improvements.records import get_row
from bpm.processes.measures.asking import Question, facts_of, series
from bpm.processes.measures.catalogue import MEASURES, Measure, MeasureKind
from bpm.processes.measures.observed import LIVED, OBSERVED, Facts, Seen
from bpm.processes.measures.process_of_a_file import NumberedVersion, list_numbers
from bpm.statistics import Share, share
from bpm.statistics.capability import SHIFT, Capability, capability, defects_per_million, is_within, sigma_level

MOST_VERSIONS = 5


@dataclass(frozen=True)
class LeafFigure:
    """A leaf at one version; `of` says what a unit is. Nothing but n is told of fewer than ten units."""

    node_id: int
    version: int
    met: Share
    of: str
    open: int
    """Units that have not ended and may still be met."""
    dpmo: float | None
    sigma: float | None
    capability: Capability

    @property
    def shown(self) -> bool:
        return self.met.shown


@dataclass(frozen=True)
class _Units:
    """Measured values in the order of time, how many of them are met, and what is open."""

    met: int
    n: int
    open: int
    of: str
    values: tuple[float, ...] = ()
    continuous: bool = False


def figures_of(
    work: Work, improvement_id: int, leaves: Iterable[Node], *, since: datetime | None = None,
    until: datetime | None = None,
) -> dict[int, tuple[LeafFigure, ...]]:  # fmt: skip
    """{leaf: its figures, the newest version first}, of the last MOST_VERSIONS versions that have any unit."""
    row, wanted = get_row(work, improvement_id), list(leaves)
    versions = list_numbers(work, row.definition_key)
    found: dict[int, list[LeafFigure]] = {node.id: [] for node in wanted}
    for version in versions[: MOST_VERSIONS + 1]:
        question = Question(row.definition_key, "negative_share", version=version.number, since=since, until=until)
        facts = facts_of(work, question, version)
        for node in wanted:
            units = _units(work, facts, question, node)
            if units.n + units.open and len(found[node.id]) < MOST_VERSIONS:
                found[node.id].append(_figure(node, version, units))
    return {node_id: tuple(rows) for node_id, rows in found.items()}


def _figure(node: Node, version: NumberedVersion, units: _Units) -> LeafFigure:
    met = share(units.met, units.n)
    dpmo = defects_per_million(units.n - units.met, units.n) if met.shown else None
    lower, upper = _limits(node)
    able = (
        capability(units.values, lower=lower, upper=upper)
        if units.continuous
        else Capability(units.n, why_not=_("Only what is measured in numbers or times has a capability."))
    )
    sigma = sigma_level(dpmo, shift=SHIFT) if dpmo is not None else None
    return LeafFigure(node.id, version.number, met, units.of, units.open, dpmo, sigma, able)


def _limits(node: Node) -> tuple[float | None, float | None]:
    factor = unit_of(node.measure).factor
    low = None if node.lower is None else node.lower * factor
    return low, None if node.upper is None else node.upper * factor


def _units(work: Work, facts: Facts, question: Question, node: Node) -> _Units:
    if node.measure.startswith(VARIABLE):
        return _of_variable(facts, node)
    measure = MEASURES[node.measure]
    if measure.kind is MeasureKind.RATE:
        return _weeks(work, Question(question.process, measure.name, version=question.version, since=question.since,
                                     until=question.until), node)  # fmt: skip
    seen = sorted(
        (each for each in OBSERVED[measure.name](facts) if each.whole and (not each.kind or each.kind in LIVED)),
        key=lambda each: each.at,
    )
    if measure.kind is MeasureKind.SHARE:
        return _yes_or_no(measure, [each for each in seen if not each.running and each.weight])
    return _measured(node, seen, facts.work.now())


def _yes_or_no(measure: Measure, seen: list[Seen]) -> _Units:
    hits = round(sum(each.value for each in seen))
    n = sum(each.weight for each in seen)
    return _Units(n - hits if measure.better == "lower" else hits, n, 0, _("cases or items"))


def _measured(node: Node, seen: list[Seen], now: datetime) -> _Units:
    lower, upper = _limits(node)
    values = [each.value for each in seen if not each.running and each.weight]
    waiting = [each for each in seen if each.running]
    late = [each for each in waiting if upper is not None and (now - each.at).total_seconds() > upper]
    met = sum(is_within(value, lower=lower, upper=upper) for value in values)
    return _Units(
        met, len(values) + len(late), len(waiting) - len(late), _("measurements"), tuple(values), continuous=True
    )


def _of_variable(facts: Facts, node: Node) -> _Units:
    name = node.measure.removeprefix(VARIABLE)
    lower, upper = _limits(node)
    found = (each.variables.get(name) for each in sorted(facts.cases, key=lambda case: case.id))
    values = [float(each) for each in found if isinstance(each, int | float) and not isinstance(each, bool)]
    met = sum(is_within(value, lower=lower, upper=upper) for value in values)
    return _Units(met, len(values), 0, _("cases"), tuple(values), continuous=True)


def _weeks(work: Work, question: Question, node: Node) -> _Units:
    lower, upper = _limits(node)
    values = [each.value for each in series(work, question) if each.value is not None]
    met = sum(is_within(value, lower=lower, upper=upper) for value in values)
    return _Units(met, len(values), 0, _("weeks"))
