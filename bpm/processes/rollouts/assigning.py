"""Which arm a new case is given: a pure function of the plan, of what is drawn, and of the hour.

A unit's place is a hash of it under the rollout's salt, from 0 to 1; below the share it has the candidate. So the lot
needs no memory, two starts at once agree, and a share that grows takes nobody out of the candidate again. (R. Kohavi,
D. Tang, Y. Xu: Trustworthy Online Controlled Experiments, 2020, chapters 12 and 14.)

Turns by day are drawn for each pair of days, so that both versions have as many days (switchback: I. Bojinov,
D. Simchi-Levi, J. Zhao: Design and Analysis of Switchback Experiments, Management Science 69, 2023).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from bpm.processes.rollouts.words import Arm, Unit, Way

_WHOLE = 2**64
DIGITS = 24
"""Of a unit's digest."""


@dataclass(frozen=True)
class Stage:
    """From an instant on the cases of one group have the candidate."""

    value: str
    since: datetime

    def as_json(self) -> dict[str, str]:
        return {"value": self.value, "from": self.since.isoformat()}


@dataclass(frozen=True)
class Plan:
    """How the cases of one rollout come to their arm."""

    way: Way
    unit: Unit
    salt: str
    share: float
    variable: str = ""
    stages: tuple[Stage, ...] = ()
    from_at: datetime | None = None


@dataclass(frozen=True)
class Newcomer:
    """What is known of a case that is about to begin; `chance` stands for it where nothing else does."""

    variables: Mapping[str, Any]
    now: datetime
    chance: str
    business_key: str | None = None
    customer_id: int | None = None


@dataclass(frozen=True)
class Given:
    """An arm, the digest of the unit that has it, and its team or group."""

    arm: Arm
    unit: str
    group: str = ""


def arm_of(unit: str, salt: str, share: float) -> Arm:
    """The arm of a unit where `share` (0 to 1) of all units has the candidate."""
    return Arm.CANDIDATE if _place(unit, salt) < share else Arm.CONTROL


def turn_of(day: int, salt: str, team: str = "") -> Arm:
    """The arm of all cases of a day (counted from any first one), or of a team's: of two days each arm has one."""
    pair, second = divmod(day, 2)
    first = _place(f"{team}\n{pair}", salt) < 0.5
    return Arm.CANDIDATE if first != bool(second) else Arm.CONTROL


def digest_of(unit: str, salt: str) -> str:
    """What is kept of a unit: the same for the same one within a rollout, and no name of it."""
    return sha256(f"unit\n{salt}\n{unit}".encode()).hexdigest()[:DIGITS]


def assign(plan: Plan, case: Newcomer) -> Given | None:
    """The arm of a case; None where it takes no part: nothing is known of what its arm would follow from."""
    if plan.way is Way.EVERYBODY:
        begun = plan.from_at is None or case.now >= plan.from_at
        return Given(_candidate_if(begun), digest_of(case.chance, plan.salt))
    value = value_of(case.variables, plan.variable)
    if plan.way is Way.STAGED:
        return _staged(plan.stages, value, plan.salt, case.now)
    if plan.way is Way.SWITCHBACK:
        return _in_turn(plan, value, case.now)
    if plan.unit is Unit.TEAM:
        return Given(arm_of(value, plan.salt, plan.share), digest_of(value, plan.salt), value) if value else None
    unit = _drawn(plan, case, value)
    return Given(arm_of(unit, plan.salt, plan.share), digest_of(unit, plan.salt))


def value_of(variables: Mapping[str, Any], name: str) -> str:
    """A variable of a case as a text; empty for none, and for what is no single value."""
    value = variables.get(name) if name else None
    return str(value).strip()[:200] if isinstance(value, str | int | float | bool) else ""


def stages_from(kept: Sequence[Mapping[str, Any]]) -> tuple[Stage, ...]:
    return tuple(Stage(str(each["value"]), datetime.fromisoformat(each["from"])) for each in kept)


def _place(unit: str, salt: str) -> float:
    return int.from_bytes(sha256(f"{salt}\n{unit}".encode()).digest()[:8], "big") / _WHOLE


def _candidate_if(so: bool) -> Arm:  # noqa: FBT001 (read as a sentence)
    return Arm.CANDIDATE if so else Arm.CONTROL


def _staged(stages: tuple[Stage, ...], value: str, salt: str, now: datetime) -> Given | None:
    if not value:
        return None
    begun = any(stage.value == value and now >= stage.since for stage in stages)
    return Given(_candidate_if(begun), digest_of(value, salt), value)


def _in_turn(plan: Plan, team: str, now: datetime) -> Given | None:
    day = now.astimezone(UTC).toordinal()
    if plan.unit is Unit.TEAM:
        return Given(turn_of(day, plan.salt, team), digest_of(f"{day}\n{team}", plan.salt), team) if team else None
    return Given(turn_of(day, plan.salt), digest_of(str(day), plan.salt))


def _drawn(plan: Plan, case: Newcomer, value: str) -> str:
    """What the lot is drawn for: the customer where that is asked for and known, else the case by its business key."""
    if plan.unit is Unit.CUSTOMER:
        if case.customer_id is not None:
            return f"customer {case.customer_id}"
        if value:
            return f"value {value}"
    return f"key {case.business_key}" if case.business_key else f"chance {case.chance}"
