"""Cases as the statistics read them, and everything around a change that speaks against believing its effect."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import or_, select

from bpm import audit
from bpm.engine.models import ProcessVersion
from bpm.feedback.models import Incident
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.measures.model_error import AUDITED
from bpm.processes.verdicts.arms import ArmCase, left_out_by_ramp
from bpm.processes.verdicts.gathering import Gathered
from bpm.processes.verdicts.models import VerdictPlan
from bpm.processes.verdicts.outcomes import MEASURES, outcome
from bpm.processes.verdicts.status import PlanDesign

if TYPE_CHECKING:
    from bpm.statistics.verdicts import Cases, Plan
    from bpm.statistics.verdicts.threats import Threats

DAY = timedelta(days=1)
CHANGES = (
    "trigger.save", "trigger.switch", "guard.declare", "guard.end", "routing.save", "process.service_target",
)  # fmt: skip
"""Verbs of the trail that change what cases of a process live through."""
MOST_CHANGES = 50
APART = 0.1
"""When so much more of one arm than of the other was read by a model, the arms are not read alike."""


@dataclass(frozen=True)
class Compared:
    """The cases of a look, the arm of each, and what it gave, in one order."""

    cases: tuple[ArmCase, ...]
    outcomes: tuple[float, ...]
    customers: tuple[str, ...]
    maybe: tuple[float, ...] = ()
    """What each would have given if all that is suggested were confirmed."""

    @property
    def hash(self) -> str:
        """SHA-256 of case, arm, customer and outcome of each."""
        lines = (
            f"{case.instance_id},{int(case.new)},{customer},{given!r}"
            for case, customer, given in zip(self.cases, self.customers, self.outcomes, strict=True)
        )
        return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def compared(found: Gathered, cases: Sequence[ArmCase], measure: str, window: timedelta, element: str) -> Compared:
    """What each of these cases gave within the window."""
    return Compared(
        tuple(cases),
        tuple(outcome(measure, found.lived(case), window, element=element) for case in cases),
        tuple(_customer(found, case) for case in cases),
        tuple(
            outcome(measure, found.lived(case, with_suggested=True), window, element=element) for case in cases
        ) if found.suggested and MEASURES[measure].spoken else (),
    )  # fmt: skip


def _customer(found: Gathered, case: ArmCase) -> str:
    """What was drawn as one, else the customer; cases of nobody known are each of their own."""
    if case.cluster:
        return case.cluster
    known = found.customers.get(case.instance_id)
    return f"customer {known}" if known is not None else f"case {case.instance_id}"


def as_cases(row: VerdictPlan, found: Gathered, given: Compared, *, both_arms: bool = False) -> "Cases":
    """As the statistics take them: by lot each case in the arm that it was drawn for, else without those moved.

    `both_arms`: a case that was moved stands in both, so that it is told that the split is unhealthy.
    """
    import numpy as np

    from bpm.statistics.verdicts import Cases

    drawn = row.design is PlanDesign.RANDOMISED
    places = [place for place, case in enumerate(given.cases) if drawn or not case.moved]
    twice = [place for place in places if given.cases[place].moved and both_arms]
    arms = [int(given.cases[place].new) for place in places] + [1 - int(given.cases[place].new) for place in twice]
    places += twice
    cases = [given.cases[place] for place in places]
    first = min((each.started_at for each in cases), default=datetime(1970, 1, 1, tzinfo=UTC))
    weeks = [(each.started_at.date().toordinal() - 1) // 7 for each in cases]
    low, high = (min(weeks), max(weeks)) if weeks else (0, 0)
    groups, group = _codes([each.group for each in cases])
    return Cases(
        arms=(_("old version"), _("new version")),
        ids=[str(each.instance_id) for each in cases],
        arm=np.array(arms, dtype=np.intp),
        started=np.array([(each.started_at - first) / DAY for each in cases], dtype=np.float64),
        outcome=np.array([given.outcomes[place] for place in places], dtype=np.float64),
        customer=np.array(_codes([given.customers[place] for place in places])[1], dtype=np.intp),
        until=None,
        group=np.array(group, dtype=np.intp) if row.design is PlanDesign.STAGED else None,
        groups=groups,
        period=np.array([week - low for week in weeks], dtype=np.intp),
        periods=tuple(str(week) for week in range(low, high + 1)),
        mixes={
            name: np.array(_codes([known.get(each.instance_id, "") for each in cases])[1], dtype=np.intp)
            for name, known in (("channel", found.channels), ("source", found.sources))
        },
        whole_days=False,
        maybe=np.array([given.maybe[place] for place in places], dtype=np.float64) if given.maybe else None,
    )


def _codes(names: Sequence[str]) -> tuple[tuple[str, ...], list[int]]:
    distinct = sorted(set(names))
    places = {name: place for place, name in enumerate(distinct)}
    return tuple(distinct), [places[name] for name in names]


def statistics_plan(row: VerdictPlan, *, look: int, ratio: tuple[float, float] = (1.0, 1.0)) -> "Plan":
    """The registered plan as the statistics take it."""
    from bpm.statistics.verdicts import Design, Direction, Outcome, Plan

    old, new = _("old version"), _("new version")
    return Plan(
        outcome=Outcome(MEASURES[row.measure].per_case.value),
        direction=Direction(row.direction.value),
        smallest=row.smallest,
        design=Design(row.design.value),
        looks=row.looks,
        look=look,
        planned=float(row.per_arm),
        control=old,
        ratio={old: ratio[0], new: ratio[1]},
    )


def known_threats(work: Work, row: VerdictPlan, found: Gathered, given: Compared, *, at: datetime) -> "Threats":
    """What the product knows beside the cases: a classifier that changed, suggestions, incidents, other changes."""
    from bpm.statistics.verdicts.threats import Threats

    threats = Threats()
    if MEASURES[row.measure].spoken:
        _of_classifier(row, found, given, threats)
        _of_links(found, given, threats)
    moved = sum(each.moved for each in given.cases)
    if moved and row.design is not PlanDesign.RANDOMISED:
        threats.others.append(_("moved cases: %(n)s ran on both versions and are left out.") % {"n": moved})
    if row.picked_as_bad and row.design is not PlanDesign.RANDOMISED:
        threats.others.append(
            _("regression to the mean: the activity was chosen because its figures were bad; part of that goes by.")
        )
    if row.design is PlanDesign.RANDOMISED:
        threats.others.append(
            _("shared staff: both versions share people and queues; what one takes from the other is in no figure.")
        )
    ramp = left_out_by_ramp(work, row)
    if ramp:
        threats.others.append(_("growing share: %(n)s cases of steps with another share are left out.") % {"n": ramp})
    threats.others += [*_incidents(work, row, at), *_other_versions(work, row, at), *_other_changes(work, row, at)]
    return threats


def _of_classifier(row: VerdictPlan, found: Gathered, given: Compared, threats: "Threats") -> None:
    """The same classifier must have read both arms."""
    from bpm.statistics.verdicts.threats import Stage

    read: dict[bool, Counter[str]] = {False: Counter(), True: Counter()}
    for case in given.cases:
        read[case.new].update(found.models[case.instance_id])
    threats.others += [_reading_errors(model) for model in sorted(set(read[False]) | set(read[True]))]
    if len(set(read[False]) | set(read[True])) <= 1:
        return
    names = ", ".join(sorted(set(read[False]) | set(read[True])))
    share = {arm: _shares(counts) for arm, counts in read.items()}
    apart = max(
        abs(share[True].get(name, 0) - share[False].get(name, 0)) for name in set(share[True]) | set(share[False])
    )
    if apart > APART and read[False] and read[True]:
        threats.stop(
            Stage.WITHHELD,
            _("classifier changed: the arms were read by different models (%(names)s); read both again with one.")
            % {"names": names},
        )
        return
    threats.others.append(_("classifier changed meanwhile, in both arms alike: %(names)s.") % {"names": names})


def _reading_errors(model: str) -> str:
    """Errors that are alike in both arms never make an effect, they shrink it (Bross, Biometrics 10, 1954)."""
    known = AUDITED.get(model)
    if known is None:
        return _("reading errors: nobody audited %(model)s; they are alike in both arms, and make effects smaller.") % {
            "model": model
        }
    return _(
        "reading errors: %(se).0f of 100 negative items are seen as such, %(sp).0f of 100 others are not; alike in "
        "both arms, and effects look smaller than they are."
    ) % {"se": 100 * known.sensitivity, "sp": 100 * known.specificity}


def _shares(counts: Counter[str]) -> dict[str, float]:
    return {name: n / counts.total() for name, n in counts.items()}


def _of_links(found: Gathered, given: Compared, threats: "Threats") -> None:
    waiting = [
        sum(each.instance_id in found.suggested and each.new is new for each in given.cases) for new in (False, True)
    ]
    if sum(waiting):
        threats.others.append(
            _(
                "suggested links: %(old)s old and %(new)s new cases have one; the interval is as wide as confirming "
                "them could make it."
            )
            % {"old": waiting[0], "new": waiting[1]}
        )
    if found.undated:
        threats.others.append(_("unknown dates: %(n)s linked items count nowhere.") % {"n": found.undated})


def _incidents(work: Work, row: VerdictPlan, at: datetime) -> list[str]:
    rows = work.session.scalars(
        select(Incident.title)
        .where(Incident.proposed_at.is_not(None), Incident.began_at < at)
        .where(or_(Incident.resolved_at.is_(None), Incident.resolved_at > row.starts_at))
        .order_by(Incident.id)
        .limit(5)
    ).all()
    return [_("incident: “%(title)s” went on meanwhile.") % {"title": title} for title in rows]


def _other_versions(work: Work, row: VerdictPlan, at: datetime) -> list[str]:
    definition = select(ProcessVersion.definition_id).where(ProcessVersion.id == row.new_version_id).scalar_subquery()
    rows = work.session.scalars(
        select(ProcessVersion.number)
        .where(ProcessVersion.definition_id == definition, ProcessVersion.live_at > row.starts_at)
        .where(ProcessVersion.live_at < at, ProcessVersion.id.not_in((row.old_version_id, row.new_version_id)))
        .order_by(ProcessVersion.number)
    ).all()
    return [_("other changes: version %(number)s went live meanwhile.") % {"number": number} for number in rows]


def _other_changes(work: Work, row: VerdictPlan, at: datetime) -> list[str]:
    """Triggers, guards, routing and settings that somebody changed meanwhile, by the audit trail."""
    said = []
    for verb in CHANGES:
        page = audit.list_rows(work, audit.Filters(verb=verb, since=row.starts_at, until=at), limit=MOST_CHANGES)
        said += [f"{verb} ({len(page.rows)}{'+' if page.after else ''})"] if page.rows else []
    return [_("other changes meanwhile: %(what)s.") % {"what": ", ".join(said)}] if said else []
