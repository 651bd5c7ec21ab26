"""The cases of both versions with what their customers lived through; nothing here compares anything.

A case belongs to the version that it began on, or to the arm that it was drawn for. What customers lived through
counts (`attribution.LIVED`); what opened the case or was said before does not, and suggested links are counted apart.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import String, func, select

from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes import rollouts
from bpm.processes.attribution import LIVED
from bpm.processes.escapes import Escape
from bpm.processes.models import Attribution
from bpm.processes.rollouts import Arm, Rollout, RolloutCase, Unit, Way
from bpm.processes.status import LinkKind
from bpm.processes.verdicts.models import VerdictPlan
from bpm.processes.verdicts.outcomes import NEGATIVE, RECONTACT, Lived, Visited, Words
from bpm.processes.verdicts.status import PlanDesign

AT_ONCE = 2_000
PEOPLE = ("userTask", "manualTask")
MOST_MOVED = 10_000


@dataclass(frozen=True)
class ArmCase:
    """A case and the version that it began on."""

    instance_id: int
    new: bool
    group: str
    started_at: datetime
    ended_at: datetime | None
    moved: bool
    """Whether it was moved to another version since."""
    cluster: str = ""
    """What was drawn as one, such as a customer or a day; empty: its customer is told from what they said."""


@dataclass
class Gathered:
    """What is known of the cases, by id."""

    cases: list[ArmCase]
    words: dict[int, list[Words]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    visits: dict[int, list[Visited]] = field(default_factory=lambda: defaultdict(list))
    escapes: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    customers: dict[int, int] = field(default_factory=dict)
    """The customer whose words were linked to it first; cases without are of nobody known."""
    channels: dict[int, str] = field(default_factory=dict)
    """By which its first words came."""
    sources: dict[int, str] = field(default_factory=dict)
    models: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The classifiers that read what counts of it."""
    suggested: set[int] = field(default_factory=set)
    """Cases with a link that waits for a person and would count."""
    undated: int = 0
    """Words of which nobody knows when they were said; they count nowhere."""

    def lived(self, case: ArmCase) -> Lived:
        number = case.instance_id
        return Lived(
            case.started_at, case.ended_at, tuple(self.words[number]), tuple(self.contacts[number]),
            tuple(self.visits[number]), tuple(self.escapes[number]),
        )  # fmt: skip


def arm_cases(work: Work, row: VerdictPlan, *, until: datetime) -> list[ArmCase]:
    """The cases that the plan compares, begun before `until`, by the version that they began on."""
    if row.rollout_id is not None:
        return _of_rollout(work, row, until)
    began = func.coalesce(ProcessInstance.began_version_id, ProcessInstance.version_id)
    since = {row.old_version_id: row.baseline_from, row.new_version_id: row.starts_at}
    found = []
    for version_id, start in since.items():
        for columns in _instances(
            work, row, (began == version_id, ProcessInstance.started_at >= start, ProcessInstance.started_at < until)
        ):
            # Where everybody changes at once, what began on the old version after that is of neither time.
            late = version_id == row.old_version_id and columns.started_at >= row.starts_at
            if not (late and row.design is not PlanDesign.STAGED):
                found.append(_case(columns, new=version_id == row.new_version_id, group=columns.group or ""))
    return sorted(found, key=lambda each: each.instance_id)


def history(work: Work, version_id: int, *, since: datetime, until: datetime) -> list[ArmCase]:
    """Cases that began on one version, all as of the old arm."""
    began = func.coalesce(ProcessInstance.began_version_id, ProcessInstance.version_id)
    where = (began == version_id, ProcessInstance.started_at >= since, ProcessInstance.started_at < until)
    return [_case(each, new=False, group="") for each in _instances(work, None, where)]


def _of_rollout(work: Work, row: VerdictPlan, until: datetime) -> list[ArmCase]:
    """As drawn, whatever became of the case later; of a share that grew the step with most cases of both arms."""
    rollout = rollouts.get_rollout(work, row.rollout_id or 0).rollout
    steps = _steps(work, rollout) if rollout.way == Way.SHARE else {}
    step = _fullest(steps.values())
    moved = {each.instance_id for each in rollouts.in_both_arms(work, rollout, limit=MOST_MOVED)}
    together = rollout.unit != Unit.CASE
    return [
        ArmCase(
            each.instance_id, each.arm == Arm.CANDIDATE, each.group, each.started_at, each.ended_at,
            each.instance_id in moved, each.unit if together else f"customer {each.customer_id or each.unit}",
        )
        for each in rollouts.arms(work, rollout.id)
        if row.starts_at <= each.started_at < until
        and (not steps or steps.get(each.instance_id, (step, 0))[0] == step)
    ]  # fmt: skip


def left_out_by_ramp(work: Work, row: VerdictPlan) -> int:
    """Cases of steps with another share than the one that is compared: time and share would be told as one."""
    if row.rollout_id is None:
        return 0
    rollout = rollouts.get_rollout(work, row.rollout_id).rollout
    steps = _steps(work, rollout) if rollout.way == Way.SHARE else {}
    step = _fullest(steps.values())
    return sum(each != step for each, _arm in steps.values())


def split_of(work: Work, row: VerdictPlan, cases: Sequence[ArmCase]) -> tuple[float, float]:
    """How the lot should have split these cases (old, new); as they are where no lot was drawn for each."""
    new = sum(each.new for each in cases)
    there = (float(len(cases) - new), float(new))
    if row.rollout_id is None:
        return there
    rollout = rollouts.get_rollout(work, row.rollout_id).rollout
    if rollout.way != Way.SHARE or rollout.unit == Unit.TEAM:
        return there
    share = float(rollout.steps[_fullest(_steps(work, rollout).values())])
    return (1 - share, share) if 0 < share < 1 else there


def _steps(work: Work, rollout: Rollout) -> dict[int, tuple[int, int]]:
    """Case -> (step, arm as 0 or 1)."""
    rows = work.session.execute(
        select(RolloutCase.instance_id, RolloutCase.step, RolloutCase.arm).where(RolloutCase.rollout_id == rollout.id)
    )
    return {row.instance_id: (row.step, int(row.arm == Arm.CANDIDATE)) for row in rows}


def _fullest(steps: Iterable[tuple[int, int]]) -> int:
    """The step whose smaller arm is the largest."""
    counts = Counter(steps)
    return max({step for step, _arm in counts}, key=lambda step: min(counts[step, 0], counts[step, 1]), default=0)


def _instances(work: Work, row: VerdictPlan | None, where: Sequence[Any]) -> Sequence[Any]:
    group: Any = func.coalesce(None, None, type_=String)
    if row is not None and row.group_by:
        group = ProcessInstance.variables[row.group_by].as_string()
    query = select(
        ProcessInstance.id, ProcessInstance.started_at, ProcessInstance.ended_at, ProcessInstance.version_id,
        ProcessInstance.began_version_id, group.label("group"),
    )  # fmt: skip
    return work.session.execute(query.where(*where).order_by(ProcessInstance.id)).all()


def _case(columns: Any, *, new: bool, group: str) -> ArmCase:
    moved = columns.began_version_id is not None and columns.began_version_id != columns.version_id
    return ArmCase(columns.id, new, group, columns.started_at, columns.ended_at, moved)


def gather(work: Work, cases: list[ArmCase], measures: Iterable[str]) -> Gathered:
    """What these measures need to know of the cases."""
    wanted, found = set(measures), Gathered(cases)
    starts = {each.instance_id: each.started_at for each in cases}
    for some in _chunks(list(starts)):
        _read_words(work, found, starts, some)
        if wanted & {"waiting", "work", "rework"}:
            _read_visits(work, found, some)
        if "escapes" in wanted:
            escaped = select(Escape.instance_id, Escape.said_at).where(Escape.instance_id.in_(some))
            for number, at in work.session.execute(escaped):
                found.escapes[number or 0].append(at)
    if "recontact_7d" in wanted:
        _read_contacts(work, found)
    return found


def _read_words(work: Work, found: Gathered, starts: Mapping[int, datetime], some: Sequence[int]) -> None:
    rows = work.session.execute(
        select(
            Attribution.instance_id, Attribution.kind, FeedbackItem.said_at, FeedbackItem.channel,
            FeedbackItem.source, FeedbackItem.customer_id, Classification.primary, Classification.sentiment,
            Classification.abstained, Classification.model_version,
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(Attribution.instance_id.in_(some), Attribution.valid_to.is_(None), FeedbackItem.current)
        .order_by(Attribution.id)
    )  # fmt: skip
    for row in rows:
        number = row.instance_id
        if row.customer_id is not None:
            found.customers.setdefault(number, row.customer_id)
        found.channels.setdefault(number, row.channel)
        found.sources.setdefault(number, row.source)
        if row.said_at is None:
            found.undated += 1
            continue
        if row.said_at < starts[number]:
            continue
        bad = not row.abstained and row.sentiment is not None and row.sentiment <= NEGATIVE
        complaint = row.primary == "complaint" and not row.abstained
        if row.kind == LinkKind.SUGGESTED:
            found.suggested |= {number} if bad or complaint else set()
        if row.kind not in LIVED:
            continue
        found.words[number].append(Words(row.said_at, bad, complaint))
        if row.model_version and not row.model_version.startswith("human:"):
            found.models[number].add(row.model_version)


def _read_visits(work: Work, found: Gathered, some: Sequence[int]) -> None:
    for visit in engine_queries.visits_of_instances(work, some):
        if visit.type in PEOPLE:
            found.visits[visit.instance_id].append(
                Visited(visit.element, visit.opened_at, visit.claimed_at, visit.closed_at)
            )


def _read_contacts(work: Work, found: Gathered) -> None:
    """What the customers of ended cases said within the days after their end."""
    ended = [each for each in found.cases if each.ended_at is not None and each.instance_id in found.customers]
    said: dict[int, list[datetime]] = defaultdict(list)
    for some in _chunks(sorted({found.customers[each.instance_id] for each in ended})):
        rows = select(FeedbackItem.customer_id, FeedbackItem.said_at).where(
            FeedbackItem.customer_id.in_(some), FeedbackItem.current, FeedbackItem.said_at.is_not(None)
        )
        for customer, at in work.session.execute(rows):
            if at is not None:
                said[customer or 0].append(at)
    for case in ended:
        end = case.ended_at or case.started_at
        found.contacts[case.instance_id] = [
            at for at in said[found.customers[case.instance_id]] if end < at <= end + RECONTACT
        ]


def mature(cases: Iterable[ArmCase], window: timedelta, *, at: datetime) -> list[ArmCase]:
    """Those that were watched for the whole window: younger ones have had less time to bring their outcome."""
    return [each for each in cases if each.started_at + window <= at]


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield ids[first : first + AT_ONCE]
