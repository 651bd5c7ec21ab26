"""A question with its looks as plain values, for commands and programs."""

from typing import Any

from bpm.processes.verdicts.models import VerdictGuard, VerdictLook
from bpm.processes.verdicts.reading import PlanDetail, PlanRow


def row_as_plain(row: PlanRow) -> dict[str, Any]:
    """What programs are told of a question in a list, with its newest verdict."""
    plan, newest = row.plan, row.latest
    return {
        "id": plan.id,
        "title": plan.title,
        "process": plan.definition_key,
        "element": plan.element,
        "measure": plan.measure,
        "direction": str(plan.direction),
        "smallest": plan.smallest,
        "window_days": plan.window_days,
        "design": str(plan.design),
        "looks": plan.looks,
        "per_arm": plan.per_arm,
        "versions": {"old": row.old_number, "new": row.new_number},
        "rollout": plan.rollout_id,
        "improvement": plan.improvement_id,
        "starts_at": plan.starts_at.isoformat(),
        "rule": dict(plan.rule),
        "state": str(plan.state),
        "registered_at": plan.registered_at.isoformat(),
        "hash": plan.hash,
        "verdict": str(newest.verdict) if newest else None,
        "sentence": newest.sentence if newest else "",
    }


def as_plain(it: PlanDetail) -> dict[str, Any]:
    """All that programs are told of a question; effects in the unit of the measure per case."""
    return {
        **row_as_plain(it.row),
        "last_day": it.last_day.isoformat(),
        "genuine": it.genuine,
        "looked": [_look(each) for each in it.looks],
        "follow_ups": [_look(each) for each in it.follow_ups],
        "guards": [_guard(each) for each in it.guards],
        "decisions": [
            {
                "choice": str(made.choice), "against_rule": made.against_rule, "reason": made.reason, "by": by,
                "second": second, "at": made.at.isoformat(),
            }
            for made, by, second in it.decisions
        ],
    }  # fmt: skip


def _look(look: VerdictLook) -> dict[str, Any]:
    return {
        "number": look.number, "at": look.at.isoformat(), "verdict": str(look.verdict), "stage": look.stage,
        "sentence": look.sentence, "estimate": look.estimate,
        "interval": None if look.low is None or look.high is None else [look.low, look.high],
        "n": {"old": look.n_old, "new": look.n_new}, "power": look.power, "threats": list(look.threats),
        "inputs_hash": look.inputs_hash,
    }  # fmt: skip


def _guard(guard: VerdictGuard) -> dict[str, Any]:
    return {
        "measure": guard.measure, "n": {"old": guard.n_old, "new": guard.n_new}, "harm": guard.harm,
        "at_least": guard.at_least, "crossed_at": guard.crossed_at.isoformat() if guard.crossed_at else None,
    }  # fmt: skip
