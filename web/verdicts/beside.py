"""What other rooms show of verdicts: beside a proposal, on an improvement, and at the activities of a diagram."""

from dataclasses import dataclass

from flask.blueprints import BlueprintSetupState
from markupsafe import Markup

from bpm.identity import Permission, may
from bpm.processes import verdicts
from bpm.processes.verdicts import Badge, Known, PlanRow
from web.core.rendering import render_part
from web.core.request_context import actor, work


@dataclass(frozen=True)
class Beside:
    """What verdicts/beside.html shows a part of."""

    library: tuple[Known, ...] = ()
    plans: tuple[PlanRow, ...] = ()
    badges: tuple[Badge, ...] = ()
    improvement_id: int | None = None
    key: str = ""


def offer(state: BlueprintSetupState) -> None:
    """Other rooms' pages show a part by one word in their template."""
    state.app.jinja_env.globals.update(
        what_changes_did=what_changes_did, verdicts_of_improvement=verdicts_of_improvement,
        verdicts_of_process=verdicts_of_process,
    )  # fmt: skip


def what_changes_did() -> Markup:
    """Past verdicts by kind of change, for whoever proposes another; nothing for those who do not see figures."""
    if not may(actor(), Permission.INSIGHTS):
        return Markup("")
    return render_part("verdicts/beside.html", "found", Beside(library=tuple(verdicts.library(work()))))


def verdicts_of_improvement(improvement_id: int) -> Markup:
    """The questions that were asked for an improvement, and a way to ask one."""
    if not may(actor(), Permission.INSIGHTS):
        return Markup("")
    plans = tuple(verdicts.list_plans(work(), improvement_id=improvement_id))
    library = tuple(verdicts.library(work())) if not plans else ()
    found = Beside(plans=plans, library=library, improvement_id=improvement_id)
    return render_part("verdicts/beside.html", "of_improvement", found)


def verdicts_of_process(key: str) -> Markup:
    """The newest verdict at each activity, as rows that answer the pins of the drawing."""
    found = Beside(badges=tuple(verdicts.badges(work(), key)), key=key)
    return render_part("verdicts/beside.html", "of_process", found)
