"""All that the page of one rollout shows, worked out once; first stands what forbids to read the rest."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission, may
from bpm.processes import rollouts
from bpm.processes.rollouts import (
    ActRow,
    Advice,
    Arm,
    ArmCount,
    InBothArms,
    RolloutRow,
    RolloutStatus,
    SampleRatio,
    Unit,
    Way,
)
from web.core.request_context import actor, work
from web.rollouts.picture import DaysPicture, picture_of

STATUS: Mapping[str, tuple[str, str]] = {
    RolloutStatus.RUNNING: (_("running"), "good"),
    RolloutStatus.PAUSED: (_("paused"), "warn"),
    RolloutStatus.OVER: (_("its end has come: decide"), "warn"),
    RolloutStatus.STOPPED: (_("stopped in an emergency"), "bad"),
    RolloutStatus.WITHDRAWN: (_("withdrawn"), "plain"),
    RolloutStatus.WENT_LIVE: (_("went live for everybody"), "good"),
}
ARMS: Mapping[str, str] = {Arm.CONTROL: _("Live version"), Arm.CANDIDATE: _("On trial")}
VERBS: Mapping[str, str] = {
    "started": _("Started"),
    "paused": _("Paused"),
    "resumed": _("Resumed"),
    "step_asked": _("Asked for the next share"),
    "step_approved": _("Next share approved"),
    "step_refused": _("Next share refused"),
    "rule_met": _("Ended by its stop rule"),
    "stopped": _("Emergency stop"),
    "decision_asked": _("Asked to decide against the verdict"),
    "decision_refused": _("Decision refused"),
    "went_live": _("Went live for everybody"),
    "withdrawn": _("Withdrawn"),
}


@dataclass(frozen=True)
class StepView:
    share: float
    state: str
    """done | now | later"""


@dataclass(frozen=True)
class RolloutView:
    row: RolloutRow
    status: str
    tone: str
    sentence: str
    ends: str
    ratio: SampleRatio
    both: tuple[InBothArms, ...]
    units_both: int
    unknown: int
    """Cases of a rollout by customer whose customer nobody knew as they began."""
    counts: tuple[ArmCount, ArmCount]
    days: dict[str, tuple[int, int]]
    picture: DaysPicture | None
    steps: tuple[StepView, ...]
    next_share: float | None
    next_at: datetime | None
    """When the next step may be; None: now, or never."""
    advice: Advice | None
    acts: tuple[ActRow, ...]
    may_act: bool
    may_stop: bool
    may_approve: bool
    asked_by_me: bool


def view_of(row: RolloutRow) -> RolloutView:
    it, unit = row.rollout, work()
    days = rollouts.count_by_day(unit, it.id)
    counts = rollouts.count_arms(unit, it.id)
    wide = rollouts.has_next_step(it) and row.is_open
    ready_at = rollouts.next_step_at(it) if wide else None
    status, tone = STATUS[it.status]
    may_act = may(actor(), Permission.DEPLOY)
    return RolloutView(
        row=row,
        status=status,
        tone=tone,
        sentence=_sentence(row),
        ends=_ends(row, counts[0].started + counts[1].started),
        ratio=rollouts.sample_ratio(unit, it),
        both=tuple(rollouts.in_both_arms(unit, it)),
        units_both=rollouts.units_in_both(unit, it),
        unknown=rollouts.count_unknown(unit, it.id) if it.unit is Unit.CUSTOMER else 0,
        counts=counts,
        days=days,
        picture=picture_of(days),
        steps=tuple(StepView(share, _step_state(number, it.step)) for number, share in enumerate(it.steps)),
        next_share=it.steps[it.step + 1] if wide else None,
        next_at=ready_at if ready_at and ready_at > unit.now() else None,
        advice=rollouts.advice_of(unit, it.id),
        acts=tuple(rollouts.list_acts(unit, it.id)),
        may_act=may_act,
        may_stop=may_act or may(actor(), Permission.OPERATE),
        may_approve=may_act or may(actor(), Permission.SIGN),
        asked_by_me=bool(it.asked) and it.asked_by == actor().user_id,
    )


def _step_state(number: int, now: int) -> str:
    if number == now:
        return "now"
    return "done" if number < now else "later"


def share_in_words(row: RolloutRow) -> str:
    """Which share goes where, for a list or the page of a process."""
    it = row.rollout
    if it.status is RolloutStatus.PAUSED:
        return _("paused: all new cases have version %(old)s") % {"old": row.control_number}
    if it.status is RolloutStatus.OVER:
        return _("to be decided: all new cases have version %(old)s") % {"old": row.control_number}
    said = {"old": row.control_number, "new": row.candidate_number}
    if rollouts.is_a_against_a(it):
        return _("an A/A test: both arms have version %(old)s") % said
    if it.way is Way.SHARE:
        share = float(it.steps[it.step])
        shares = {"share": f"{share * 100:g}", "rest": f"{(1 - share) * 100:g}"}
        return _("%(share)s %% of new cases have version %(new)s, %(rest)s %% version %(old)s") % {**said, **shares}
    if it.way is Way.STAGED:
        return _("version %(new)s beside version %(old)s, group by group") % said
    if it.way is Way.SWITCHBACK:
        return _("versions %(old)s and %(new)s in turns by day") % said
    return _("version %(new)s for everybody from %(at)s on, version %(old)s until then") % {
        **said,
        "at": f"{it.from_at:%Y-%m-%d}" if it.from_at else "–",
    }


def _sentence(row: RolloutRow) -> str:
    it = row.rollout
    drawn = {
        Unit.CASE: _("each case is drawn for itself"),
        Unit.CUSTOMER: _("each customer keeps what they drew"),
        Unit.TEAM: _("by team, the value “%(name)s” of the case") % {"name": it.variable},
        Unit.GROUP: _("by the value “%(name)s” of the case") % {"name": it.variable},
        Unit.DAY: _("days are UTC days"),
    }
    if not row.is_open:
        return _("Version %(new)s beside version %(old)s; %(how)s.") % {
            "new": row.candidate_number,
            "old": row.control_number,
            "how": drawn[it.unit],
        }
    words = share_in_words(row)
    return f"{words[0].upper()}{words[1:]}; {drawn[it.unit]}."


def _ends(row: RolloutRow, begun: int) -> str:
    """About N cases or M days left."""
    it, now = row.rollout, work().now()
    if it.status not in (RolloutStatus.RUNNING, RolloutStatus.PAUSED):
        return ""
    said = []
    if it.stop_after is not None:
        left = max(0, it.stop_after - begun)
        said.append(ngettext("%(num)s case", "%(num)s cases", left) % {"num": left})
    if it.stop_at is not None:
        days = max(0, -(-(it.stop_at - now) // timedelta(days=1)))
        said.append(ngettext("%(num)s day", "%(num)s days", days) % {"num": days})
    if not said:
        return _("No end was named: look at it as often as you like, but believe the first look alone.")
    return _("Left until it ends: %(what)s.") % {"what": _(" or ").join(said)}
