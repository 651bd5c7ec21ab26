"""Undoing an import together with what it started: cases that run because of its items are named, ended or kept."""

from dataclasses import dataclass
from typing import Literal

from sqlalchemy import select

from bpm import feedback
from bpm.engine.api import cancel
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.imports.undo import withdrawn_by
from bpm.foundation.errors import ConflictError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.processes.models import TriggerFiring
from bpm.processes.status import FiringOutcome

Cases = Literal["refuse", "end", "keep"]


@dataclass(frozen=True)
class StartedCase:
    """A running case that an item of an import started."""

    instance_id: int
    process: str
    item_id: int


@dataclass(frozen=True)
class UndoneImport:
    """What undoing did: items withdrawn, items kept because somebody has acted on them, cases ended, cases kept."""

    withdrawn: int
    kept: int
    cases_ended: tuple[int, ...]
    cases_kept: tuple[int, ...]


def undo_import(work: Work, run_id: int, *, cases: Cases = "refuse") -> UndoneImport:
    """Take a run back. ConflictError names the running cases that its items started, unless `cases` says what to do.

    Who ends cases needs the right to do so; each ends with the reason that its import was undone.
    """
    running = list_started_cases(work, run_id)
    ids = tuple(case.instance_id for case in running)
    if running and cases == "refuse":
        told = ngettext("%(num)s case runs that its items started: %(cases)s.",
                        "%(num)s cases run that its items started: %(cases)s.", len(ids))  # fmt: skip
        listed = ", ".join(f"{case.instance_id} ({case.process})" for case in running[:20])
        raise ConflictError(
            told % {"num": len(ids), "cases": listed},
            remedy=_("Say whether they end or stay: --cases end, or --cases keep."),
        )
    if cases == "end":
        for instance_id in ids:
            cancel(work, instance_id, reason=_("Import %(number)s was undone.") % {"number": run_id})
    undone = feedback.undo_import(work, run_id)
    ended = cases == "end"
    return UndoneImport(undone.withdrawn, undone.kept, ids if ended else (), () if ended else ids)


def list_started_cases(work: Work, run_id: int) -> list[StartedCase]:
    """Cases that items of the run started, that run now, and whose items undoing would withdraw."""
    items = withdrawn_by(work, run_id)
    found: list[StartedCase] = []
    for start in range(0, len(items), 500):
        rows = work.session.execute(
            select(ProcessInstance.id, ProcessDefinition.name, TriggerFiring.item_id)
            .join(TriggerFiring, TriggerFiring.instance_id == ProcessInstance.id)
            .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
            .where(
                TriggerFiring.item_id.in_(items[start : start + 500]),
                TriggerFiring.outcome == FiringOutcome.STARTED,
                ProcessInstance.ended_at.is_(None),
            )
            .order_by(ProcessInstance.id)
        )
        found += [StartedCase(*row) for row in rows]
    return found
