"""The arm of a case on its page, and which share goes where on the page of a process; for those who see insights."""

from flask import g

from bpm.identity import Permission, may
from bpm.processes import rollouts
from bpm.processes.rollouts import Arm, RolloutRow
from web.core.request_context import actor, work
from web.rollouts.blueprint import blueprint
from web.rollouts.view import share_in_words


@blueprint.app_template_global("arm_of_case")
def arm_of_case(instance_id: int) -> tuple[RolloutRow, Arm] | None:
    """None for most cases, and for everybody who works on them: whoever knew the arm would not treat both alike."""
    return rollouts.arm_of_case(work(), instance_id) if may(actor(), Permission.INSIGHTS) else None


blueprint.add_app_template_global(share_in_words, "share_in_words")


@blueprint.app_template_global("rollouts_now")
def rollouts_now() -> dict[str, RolloutRow]:
    """Process -> its rollout that is not decided, asked once a page."""
    if not may(actor(), Permission.INSIGHTS):
        return {}
    if "rollouts_now" not in g:
        g.rollouts_now = rollouts.open_rollouts(work())
    found: dict[str, RolloutRow] = g.rollouts_now
    return found


@blueprint.app_template_global("open_rollout_of")
def open_rollout_of(key: str) -> RolloutRow | None:
    """The rollout of a process that is not decided."""
    return rollouts.open_rollout(work(), key) if may(actor(), Permission.INSIGHTS) else None
