"""One instance: where it stands on the drawing, what happened, what it knows."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from sqlalchemy import func, select
from werkzeug.wrappers import Response

from bpm.audit import Thing
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.api import TAKEN_UP
from bpm.engine.models import ActivityInstance, Failure, ProcessInstance
from bpm.engine.queries import CommandRow, FailureRow, HistoryRow, InstanceRow
from bpm.engine.status import ActivityStatus
from bpm.foundation.work import Work
from bpm.identity import Permission, Scope, ScopeKind, may
from bpm.processes.guests_of_cases import conversation_of
from bpm.processes.queries import OpenedCase, cases_opened_with, items_of_instance
from web.core.on_record.reads import note_read
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.insights.causes import case_causes
from web.instances.blueprint import blueprint
from web.ui.diagrams import Diagram, Mark
from web.ui.fields import Field
from web.ui.free_values import FREE, read_free


@dataclass(frozen=True)
class InstancePage:
    row: InstanceRow
    diagram: Diagram
    open: tuple[HistoryRow, ...]
    history: tuple[HistoryRow, ...]
    commands: tuple[tuple[CommandRow, tuple[str, ...]], ...]
    """The steps, newest first, with what an operator's act changed."""
    can_see: bool
    """Whether the viewer may read what the case knows: who works on it, and operators."""
    newer: str
    """Where the viewer changes it over to the live version; empty when it runs that, has ended, or they may not."""
    variables: tuple[tuple[str, str], ...]
    failures: tuple[FailureRow, ...]
    heard: tuple[Any, ...]
    conversation: int | None
    """For a guest of this case alone, who does not enter the inbox: where they read on and perhaps answer."""
    causes: str
    """What caused it and what it caused, drawn by insights."""
    can_restart: bool
    restarted_as: tuple[int, ...]
    """The cases that take this one up again."""
    opened: tuple[OpenedCase, ...]
    """The cases that the same words opened, this one among them."""
    values: Field
    repair: Any = None
    """What an operator may act on (`repairing.RepairMenu`); None for everybody else."""
    problem: str = ""


@blueprint.get("/<int:instance_id>")
@needs(Permission.SEE_PROCESSES)
def instance(instance_id: int) -> str:
    note_read("case.read", Thing("case", instance_id, f"Case {instance_id}", f"case {instance_id}"))
    return _page(instance_id)


def _page(instance_id: int, *, problem: str = "", values: Field = FREE) -> str:
    detail = queries.get_instance(work(), instance_id)
    history = queries.instance_history(work(), instance_id)
    here = Scope(ScopeKind.CASE, str(instance_id))
    can_read = any(may(actor(), each, on=here) for each in (Permission.SEE_FEEDBACK, Permission.OPERATE))
    is_open = any(may(actor(), each) for each in (Permission.SEE_FEEDBACK, Permission.OPERATE))
    can_see = queries.may_see_variables(work(), instance_id)
    heard = tuple(items_of_instance(work(), instance_id)) if can_read else ()
    page = InstancePage(
        row=detail.row,
        diagram=drawing(detail.row.version_id, history),
        open=tuple(each for each in history if each.status == ActivityStatus.OPEN),
        history=tuple(reversed(history)),
        commands=tuple(
            (each, modification.changes(each.detail, with_values=can_see))
            for each in reversed(queries.instance_commands(work(), instance_id))
        ),
        can_see=can_see,
        newer=newer_than(detail.row),
        variables=shown(detail.variables) if can_see else (),
        failures=tuple(queries.list_failures(work(), instance_id=instance_id)),
        heard=heard,
        conversation=_conversation(instance_id, here) if heard else None,
        causes=case_causes(work(), instance_id)
        if heard and is_open
        else "",  # every cause is a link of words to the case
        can_restart=restart.may_restart(detail.row),
        restarted_as=queries.restarted_as(work(), instance_id) if detail.row.status in TAKEN_UP else (),
        opened=cases_opened_with(work(), instance_id),
        values=values,
        repair=modification.menu_of(detail.row, history),
        problem=problem,
    )
    return render("instances/instance.html", page)


def _conversation(instance_id: int, here: Scope) -> int | None:
    if may(actor(), Permission.SEE_FEEDBACK) or not may(actor(), Permission.SEE_FEEDBACK, on=here):
        return None
    return conversation_of(work(), instance_id)


def newer_than(row: InstanceRow) -> str:
    """The page that changes an instance over to the live version of its process, for those who may."""
    if row.ended_at or row.live_version_id in (None, row.version_id) or not may(actor(), Permission.OPERATE):
        return ""
    asked: dict[str, Any] = {"from": row.number, "instance": row.id}
    return url_for("designer.migration", key=row.key, **asked)


def drawing(version_id: int, history: Sequence[HistoryRow]) -> Diagram:
    """The version's drawing with what is open, was visited, or failed; called processes are not on it."""
    marks: dict[str, Mark] = {}
    names: Mapping[str, Mark] = {ActivityStatus.OPEN: "open", ActivityStatus.FAILED: "failed"}
    for row in history:
        if row.process is None:
            marks[row.element] = names.get(row.status, "done")
    return Diagram(source=url_for("designer.drawing", version_id=version_id), marks=marks)


def shown(variables: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    """Variables as people read them: texts as they are, the rest as JSON; the ones that start with _ are ours."""
    return tuple(
        (name, value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
        for name, value in sorted(variables.items())
        if not name.startswith("_")
    )


@blueprint.post("/<int:instance_id>/cancellation")
@needs(Permission.OPERATE)
def cancel(instance_id: int) -> Response:
    engine.cancel(work(), instance_id, reason=request.form.get("reason", ""))
    say("Cancelled. Everything that was open in it is closed.")
    return go("instances.instance", instance_id=instance_id)


@blueprint.post("/<int:instance_id>/variables")
@needs(Permission.OPERATE)
def set_variables(instance_id: int) -> Response | tuple[str, int]:
    values, problems = read_free(request.form)
    if problems:
        typed = FREE.with_value(request.form.get(FREE.name, ""), error=problems[FREE.name])
        return _page(instance_id, problem="The values were not changed.", values=typed), 400
    engine.set_variables(work(), instance_id, values, reason=request.form.get("reason", ""))
    say("Changed.")
    return go("instances.instance", instance_id=instance_id)


def fingerprint(unit: Work) -> str:
    """Changes when an instance starts, moves on or fails: each visit of an element and each failure is a new row."""
    newest = (select(func.max(row.id)) for row in (ActivityInstance, ProcessInstance, Failure))
    return " ".join(str(unit.session.scalar(query)) for query in newest)


from web.instances import modification, restart  # noqa: E402 (it hangs its routes on the blueprint)
