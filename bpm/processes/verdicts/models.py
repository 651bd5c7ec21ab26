"""Questions that were laid down before a change, each look at their outcomes, and what people decided."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from bpm.foundation.db import Base, Id, Json, Ref, one_of
from bpm.processes.verdicts.status import Better, Choice, LookKind, PlanDesign, PlanState, Said


class ChangePattern(Base):
    """A kind of change, such as “a second reminder”: verdicts are gathered by it."""

    __tablename__ = "change_pattern"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(120), unique=True)
    made_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]


class VerdictPlan(Base):
    """A registered plan: nothing of it changes but its state; what the rule allows stands in amendments."""

    __tablename__ = "verdict_plan"
    __table_args__ = (Index("ix_verdict_plan_definition_key", "definition_key", "element"),)

    id: Mapped[Id]
    improvement_id: Mapped[Ref | None] = mapped_column(ForeignKey("improvement.id", ondelete="SET NULL"), index=True)
    rollout_id: Mapped[Ref | None] = mapped_column(index=True)
    """The rollout that draws the arms. No foreign key: a rollout that is gone leaves its verdict."""
    definition_key: Mapped[str] = mapped_column(String(200))
    element: Mapped[str] = mapped_column(String(300), default="", server_default="")
    """The activity that the change is to mend; empty: all of the process."""
    title: Mapped[str] = mapped_column(String(300))
    pattern_id: Mapped[Ref | None] = mapped_column(ForeignKey("change_pattern.id", ondelete="SET NULL"), index=True)
    measure: Mapped[str] = mapped_column(String(80))
    design: Mapped[PlanDesign] = mapped_column(one_of(PlanDesign, name="design"))
    direction: Mapped[Better] = mapped_column(one_of(Better, name="direction"))
    smallest: Mapped[float]
    """The smallest effect that matters, in the unit of the measure per case."""
    window_days: Mapped[float]
    """How long after its start a case may still bring its outcome."""
    looks: Mapped[int]
    per_arm: Mapped[int]
    """Cases on each version at the last look."""
    old_version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"))
    new_version_id: Mapped[Ref] = mapped_column(ForeignKey("process_version.id", ondelete="CASCADE"))
    baseline_from: Mapped[datetime]
    """From when on cases of the old version count."""
    starts_at: Mapped[datetime]
    """From when on cases of the new version count."""
    ends_on: Mapped[date]
    """The day of the last look, however few cases there are then."""
    rule: Mapped[dict[str, Any]] = mapped_column(Json)
    """{word of a verdict: what is done then}, every word named."""
    group_by: Mapped[str] = mapped_column(String(200), default="", server_default="")
    """The variable of a case that names its group, in a staged design."""
    guards: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    """[{"measure", "direction", "tolerated"}], at most five."""
    controls: Mapped[list[Any]] = mapped_column(Json, default=list, server_default="[]")
    """Names of measures that the change cannot move."""
    picked_as_bad: Mapped[bool] = mapped_column(default=False)
    """Whether the activity was chosen because its figures were bad."""
    foreseen: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    """What was shown before registering: {"level", "per_arm", "power", "starts_per_week", "expected_on", ...}."""
    model_version: Mapped[str] = mapped_column(String(120), default="", server_default="")
    """The classifier in service when it was registered."""
    registered_by: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    registered_at: Mapped[datetime]
    hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of all of the above, as canonical JSON."""
    state: Mapped[PlanState] = mapped_column(one_of(PlanState, name="state"), index=True)
    state_at: Mapped[datetime]
    checked_at: Mapped[datetime | None]
    """When the sweep looked last whether something is due."""


class VerdictAmendment(Base):
    """What was changed of a plan after its registration, of what its rule allows to be changed."""

    __tablename__ = "verdict_amendment"

    id: Mapped[Id]
    plan_id: Mapped[Ref] = mapped_column(ForeignKey("verdict_plan.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(40))
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]


class VerdictLook(Base):
    """One look at the outcomes, by plan, once; kept as it was read then."""

    __tablename__ = "verdict_look"
    __table_args__ = (UniqueConstraint("plan_id", "kind", "number"),)

    id: Mapped[Id]
    plan_id: Mapped[Ref] = mapped_column(ForeignKey("verdict_plan.id", ondelete="CASCADE"))
    kind: Mapped[LookKind] = mapped_column(one_of(LookKind, name="kind"))
    number: Mapped[int]
    """Which of the planned looks; of a follow-up the days since the change."""
    at: Mapped[datetime]
    verdict: Mapped[Said] = mapped_column(one_of(Said, name="verdict"))
    stage: Mapped[str] = mapped_column(String(20))
    """How far the reading went: unhealthy, no data, early, withheld, said."""
    sentence: Mapped[str] = mapped_column(Text)
    estimate: Mapped[float | None]
    low: Mapped[float | None]
    high: Mapped[float | None]
    old_level: Mapped[float | None]
    n_old: Mapped[int]
    n_new: Mapped[int]
    power: Mapped[float | None]
    threats: Mapped[list[Any]] = mapped_column(Json)
    """Sentences, in the order in which they should be read."""
    facts: Mapped[dict[str, Any]] = mapped_column(Json)
    """{"customers", "left_out", "source_mix", "models", "weak", ...}"""
    inputs: Mapped[dict[str, Any]] = mapped_column(Json, deferred=True)
    """{"old": [case ids], "new": [case ids]}: what the figures open."""
    inputs_hash: Mapped[str] = mapped_column(String(64))
    """SHA-256 of case, arm, customer and outcome of every case that was read."""


class VerdictGuard(Base):
    """How a guard of a plan stands: checked after every case or so, with a bound that may be."""

    __tablename__ = "verdict_guard"
    __table_args__ = (UniqueConstraint("plan_id", "measure"),)

    id: Mapped[Id]
    plan_id: Mapped[Ref] = mapped_column(ForeignKey("verdict_plan.id", ondelete="CASCADE"))
    measure: Mapped[str] = mapped_column(String(80))
    checked_at: Mapped[datetime]
    n_old: Mapped[int]
    n_new: Mapped[int]
    harm: Mapped[float | None]
    """How much worse the new version is so far, in the unit of the measure; None: too few cases."""
    at_least: Mapped[float | None]
    """The lower end of what the harm may be, valid at any time."""
    crossed_at: Mapped[datetime | None]


class VerdictDecision(Base):
    """What people decided after the verdict; against the rule it needs a second signature."""

    __tablename__ = "verdict_decision"

    id: Mapped[Id]
    plan_id: Mapped[Ref] = mapped_column(ForeignKey("verdict_plan.id", ondelete="CASCADE"), index=True)
    choice: Mapped[Choice] = mapped_column(one_of(Choice, name="choice"))
    against_rule: Mapped[bool]
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime]
    second_id: Mapped[Ref | None] = mapped_column(ForeignKey("user_account.id"))
    second_at: Mapped[datetime | None]
