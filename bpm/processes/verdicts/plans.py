"""A question is laid down before the change: registered once, hashed, and amended only as its rule allows."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.feedback import classification
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import rollouts
from bpm.processes.verdicts.checking import LONGEST_TEXT, Plan, check_plan
from bpm.processes.verdicts.models import VerdictAmendment, VerdictPlan
from bpm.processes.verdicts.status import Better, PlanDesign, PlanState


def register(work: Work, plan: Plan) -> int:
    """Lay the question down; its id. InvalidInputError with `fields`; ConflictError when cases are running by it.

    Nothing of it can be changed afterwards, save what `amend` allows.
    """
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can register a verdict."), remedy=_("Sign in."))
    check_plan(work, plan)
    model = classification.find_model_in_service(work.settings)
    told = _told(plan, model.version if model else "")
    values = told | {
        "baseline_from": plan.baseline_from, "starts_at": plan.starts_at, "ends_on": plan.ends_on,
        "design": PlanDesign(plan.design), "direction": Better(plan.direction),
    }  # fmt: skip
    row = VerdictPlan(
        **values, registered_by=work.actor.user_id, registered_at=work.now(), hash=hash_of(told),
        state=PlanState.REGISTERED, state_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    audit.record(work, "verdict.register", thing(row), after={"plan": row.hash, **told})
    return row.id


def _told(plan: Plan, model_version: str) -> dict[str, Any]:
    """All of a plan as plain JSON."""
    return asdict(plan) | {
        "title": plan.title.strip(), "rule": dict(plan.rule), "element": plan.element.strip()[:300],
        "baseline_from": plan.baseline_from.isoformat(), "starts_at": plan.starts_at.isoformat(),
        "ends_on": plan.ends_on.isoformat(), "guards": [asdict(each) for each in plan.guards],
        "controls": list(plan.controls), "foreseen": dict(plan.foreseen), "model_version": model_version,
    }  # fmt: skip


def hash_of(told: Mapping[str, Any]) -> str:
    """SHA-256 of a plan as canonical JSON."""
    canonical = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


def still_as_registered(row: VerdictPlan, *, rollout_since: bool = False) -> bool:
    """Whether the row says what was registered: its hash, worked out anew.

    `rollout_since`: its rollout was taken up later, so that none was registered.
    """
    told = {
        name: getattr(row, name)
        for name in Plan.__dataclass_fields__
        if name not in ("baseline_from", "starts_at", "ends_on", "guards", "controls", "design", "direction")
    } | {
        "baseline_from": row.baseline_from.isoformat(), "starts_at": row.starts_at.isoformat(),
        "ends_on": row.ends_on.isoformat(), "guards": list(row.guards), "controls": list(row.controls),
        "design": str(row.design), "direction": str(row.direction), "model_version": row.model_version,
        "rollout_id": None if rollout_since else row.rollout_id,
    }  # fmt: skip
    return hash_of(told) == row.hash


AMENDABLE = ("ends_on", "withdraw", "rollout")
"""What the rule allows after the registration: a later last day, to give it up, and the rollout that it waited for."""


def take_up_rollout(work: Work, row: VerdictPlan) -> None:
    """A question by lot that names no rollout takes the first one of its versions that began since."""
    started = next(
        (
            each.rollout
            for each in reversed(rollouts.list_rollouts(work, row.definition_key))
            if (each.rollout.control_version_id, each.rollout.candidate_version_id)
            == (row.old_version_id, row.new_version_id)
            and (each.rollout.started_at >= row.registered_at or each.is_open)
        ),
        None,
    )
    if started is not None:
        note_amendment(work, row, "rollout", "", str(started.id), _("The rollout of these versions began."))
        row.rollout_id = started.id


def amend(work: Work, plan_id: int, *, ends_on: date, reason: str) -> None:
    """Put the last day later, with a reason; it stands on the plan and on every verdict from then on."""
    row = get_plan_row(work, plan_id)
    problems = {}
    if row.state not in (PlanState.REGISTERED, PlanState.RUNNING):
        raise ConflictError(_("Its last look is done."), remedy=_("Register a new question."))
    before = last_day(work, row)
    if ends_on <= before:
        problems["ends_on"] = _("Only a later day than %(day)s.") % {"day": before.isoformat()}
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        problems["reason"] = _("Say why.")
    if problems:
        raise InvalidInputError(_("It cannot be changed like this."), fields=problems)
    note_amendment(work, row, "ends_on", before.isoformat(), ends_on.isoformat(), reason)


def withdraw(work: Work, plan_id: int, reason: str) -> None:
    """Give the question up; it stays on record with what was seen of it."""
    row = get_plan_row(work, plan_id)
    if row.state not in (PlanState.REGISTERED, PlanState.RUNNING):
        raise ConflictError(_("Its last look is done."), remedy=_("Decide what becomes of it."))
    if not 0 < len(reason.strip()) <= LONGEST_TEXT:
        raise InvalidInputError(_("Say why."), remedy=_("Say why."), fields={"reason": _("Say why.")})
    note_amendment(work, row, "withdraw", str(row.state), str(PlanState.WITHDRAWN), reason)
    row.state, row.state_at = PlanState.WITHDRAWN, work.now()


def note_amendment(work: Work, row: VerdictPlan, what: str, before: str, after: str, reason: str) -> None:
    work.session.add(
        VerdictAmendment(
            plan_id=row.id, what=what, before=before, after=after, reason=reason.strip(),
            user_id=work.actor.user_id, at=work.now(),
        )
    )  # fmt: skip
    work.session.flush()
    audit.record(work, "verdict.amend", thing(row), before={what: before}, after={what: after}, reason=reason.strip())


def last_day(work: Work, row: VerdictPlan) -> date:
    """The day of the last look, with what amendments say."""
    latest = work.session.scalar(
        select(VerdictAmendment.after)
        .where(VerdictAmendment.plan_id == row.id, VerdictAmendment.what == "ends_on")
        .order_by(VerdictAmendment.id.desc())
        .limit(1)
    )
    return date.fromisoformat(latest) if latest else row.ends_on


def get_plan_row(work: Work, plan_id: int) -> VerdictPlan:
    """NotFoundError where there is none."""
    row = work.session.get(VerdictPlan, plan_id)
    if row is None:
        raise NotFoundError(_("There is no plan %(number)s of a verdict.") % {"number": plan_id})
    return row


def thing(row: VerdictPlan) -> audit.Thing:
    """How the trail names a plan."""
    return audit.Thing("verdict plan", row.id, row.title)
