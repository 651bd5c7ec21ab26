"""A version goes on trial beside the live one: the wish is checked, and from then on new cases are given an arm."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import select

from bpm.engine import api as engine
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import ConflictError, InvalidInputError, RefusedError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.rollouts.assigning import Stage
from bpm.processes.rollouts.choosing import OF_CUSTOMER
from bpm.processes.rollouts.fitting import why_unfit
from bpm.processes.rollouts.history import LONGEST_REASON, put_on_record
from bpm.processes.rollouts.models import Rollout
from bpm.processes.rollouts.words import OPEN, RolloutStatus, RolloutVerb, Unit, Way

MOST_STEPS, MOST_STAGES, MOST_COOL_OFF = 10, 100, 24 * 60
UNITS = {
    Way.SHARE: (Unit.CASE, Unit.CUSTOMER, Unit.TEAM),
    Way.STAGED: (Unit.GROUP,),
    Way.SWITCHBACK: (Unit.DAY, Unit.TEAM),
    Way.EVERYBODY: (Unit.CASE,),
}
"""What can be drawn in each way; the first is the usual one."""


@dataclass(frozen=True)
class RolloutWish:
    """What a person, or a program, asks for; see `models.Rollout` for the names."""

    way: str = Way.SHARE
    unit: str = Unit.CASE
    variable: str = ""
    steps: tuple[float, ...] = (0.5,)
    stages: tuple[Stage, ...] = ()
    from_at: datetime | None = None
    stop_after: int | None = None
    stop_at: datetime | None = None
    cool_off_hours: int = 0
    reason: str = ""


def start(work: Work, key: str, candidate_version_id: int, *, unit: str = Unit.CASE, share: float = 0.5) -> int:
    """Let a share of the new units have the version beside the live one, in one step; gives the rollout's id."""
    return start_as_wished(work, key, candidate_version_id, RolloutWish(unit=unit, steps=(share,)))


def start_as_wished(work: Work, key: str, candidate_version_id: int, wish: RolloutWish) -> int:
    """Begin a rollout of a version of the process `key`; gives its id.

    InvalidInputError with `fields`, RefusedError with what keeps the version from running beside the live one,
    ConflictError where another rollout of the process is open.
    """
    demand(work.actor, Permission.DEPLOY)
    _check(wish, work.now())
    definition = work.session.scalar(
        select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update().execution_options(
            populate_existing=True
        )
    )  # fmt: skip
    unfit = why_unfit(work, key, candidate_version_id)
    _refuse_another(work, key)
    if unfit or definition is None or definition.live_version_id is None:
        raise RefusedError(
            _("The version cannot run beside the live one."), remedy=" ".join(unfit), findings=tuple(unfit)
        )
    control = definition.live_version_id
    if candidate_version_id != control:
        engine.put_on_trial(work, candidate_version_id)
    row = _row(work, key, wish)
    row.control_version_id, row.candidate_version_id = control, candidate_version_id
    work.session.add(row)
    work.session.flush()
    put_on_record(work, row, RolloutVerb.STARTED, row.reason, before={"status": None})
    return row.id


def _row(work: Work, key: str, wish: RolloutWish) -> Rollout:
    way, now = Way(wish.way), work.now()
    return Rollout(
        definition_key=key, way=way, unit=Unit(wish.unit), variable=wish.variable.strip(),
        salt=secrets.token_hex(8), step=0, steps=list(wish.steps) if way is Way.SHARE else [],
        stages=[each.as_json() for each in wish.stages] if way is Way.STAGED else [],
        from_at=wish.from_at if way is Way.EVERYBODY else None, stop_after=wish.stop_after, stop_at=wish.stop_at,
        cool_off_hours=wish.cool_off_hours, status=RolloutStatus.RUNNING,
        reason=wish.reason.strip()[:LONGEST_REASON], stepped_at=now, created_by=work.actor.user_id, started_at=now,
    )  # fmt: skip


def _refuse_another(work: Work, key: str) -> None:
    open_one = select(Rollout).where(Rollout.definition_key == key, Rollout.status.in_(OPEN))
    other = work.session.scalar(open_one)
    if other is not None:
        raise ConflictError(
            _("Rollout %(id)s of %(key)r is not decided yet: two at once would be drawn from the same cases.")
            % {"id": other.id, "key": key},
            remedy=_("Conclude or stop it first."),
        )


def _check(wish: RolloutWish, now: datetime) -> None:
    problems: dict[str, str] = {}
    if wish.way not in set(Way) or wish.unit not in set(Unit) or Unit(wish.unit) not in UNITS[Way(wish.way)]:
        problems["unit"] = _("This cannot be drawn in that way.")
        raise InvalidInputError(_("The rollout cannot begin like this."), fields=problems)
    way, unit = Way(wish.way), Unit(wish.unit)
    if way is Way.SHARE:
        problems |= _about_steps(wish.steps)
    problems |= _about_variable(unit, wish.variable.strip())
    if way is Way.STAGED:
        problems |= _about_stages(wish.stages)
    if way is Way.EVERYBODY and wish.from_at is None:
        problems["from_at"] = _("From when on?")
    if wish.stop_after is not None and wish.stop_after < 1:
        problems["stop_after"] = _("Give a number of cases, 1 or more.")
    if wish.stop_at is not None and wish.stop_at <= now:
        problems["stop_at"] = _("This is over already.")
    if not 0 <= wish.cool_off_hours <= MOST_COOL_OFF:
        problems["cool_off_hours"] = _("From 0 to %(most)s hours.") % {"most": MOST_COOL_OFF}
    if problems:
        raise InvalidInputError(_("The rollout cannot begin like this."), fields=problems)


def _about_variable(unit: Unit, name: str) -> dict[str, str]:
    if unit in (Unit.TEAM, Unit.GROUP) and not name:
        return {"variable": _("Name the value of the case that says its team or group.")}
    if name.startswith("customer.") and name not in OF_CUSTOMER:
        return {"variable": _("Of a customer it is one of: %(names)s.") % {"names": ", ".join(OF_CUSTOMER)}}
    return {}


def _about_steps(steps: tuple[float, ...]) -> dict[str, str]:
    if not steps or len(steps) > MOST_STEPS or not all(0 < each <= 1 for each in steps):
        return {"steps": _("Shares above 0 up to 100 %%, at most %(most)s.") % {"most": MOST_STEPS}}
    if any(after <= before for before, after in pairwise(steps)):
        return {"steps": _("Each share is larger than the one before: nobody is taken out of the new version again.")}
    return {}


def _about_stages(stages: tuple[Stage, ...]) -> dict[str, str]:
    values = [each.value for each in stages]
    if not stages or len(stages) > MOST_STAGES or not all(values):
        return {"stages": _("One line for each group: its value, and from when on.")}
    if len(set(values)) != len(values):
        return {"stages": _("Each group stands there once.")}
    return {}
