"""An operator repairs one instance: passes a visit over, moves a token, suspends, resumes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.queries import HistoryRow, InstanceRow
from bpm.engine.status import ActivityStatus, InstanceStatus
from bpm.identity import Permission, may
from web.core.rendering import go, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.instances.blueprint import blueprint
from web.ui.free_values import typed_values


@dataclass(frozen=True)
class RepairMenu:
    """What can be acted on: (uid, label) of open visits, (id, label) of elements to begin at."""

    visits: tuple[tuple[str, str], ...]
    elements: tuple[tuple[str, str], ...]
    is_suspended: bool


def menu_of(row: InstanceRow, history: Sequence[HistoryRow]) -> RepairMenu | None:
    """The menu of an instance that has not ended, for who may operate; else None."""
    if row.ended_at is not None or not may(actor(), Permission.OPERATE):
        return None
    beginnings = queries.list_beginnings(work(), row.version_id)
    return RepairMenu(
        visits=tuple(
            (each.uid, _label(each.name, each.element)) for each in history if each.status == ActivityStatus.OPEN
        ),
        elements=tuple((each.id, _label(each.name, each.id)) for each in beginnings),
        is_suspended=row.status == InstanceStatus.SUSPENDED,
    )


def _label(name: str, element: str) -> str:
    return f"{name} ({element})" if name and name != element else element


def changes(detail: Mapping[str, Any], *, with_values: bool) -> tuple[str, ...]:
    """What an operator's act did, line by line; values only for who may see what the case knows."""
    lines = [str(detail["element"])] if "element" in detail else []
    if detail.get("from") and detail.get("to"):
        lines.append(f"from {detail['from']} to {detail['to']}")
    lines += map(str, detail.get("notes", ()))
    before: Mapping[str, Any] = detail.get("before") or {}
    for name, value in (detail.get("after") or {}).items() if with_values else ():
        lines.append(f"{name}: {before[name]} → {value}" if name in before else f"{name}: {value}, new")
    return tuple(lines)


@blueprint.post("/<int:instance_id>/skips")
@needs(Permission.OPERATE)
def skip(instance_id: int) -> Response:
    engine.skip_visit(work(), instance_id, request.form.get("visit", ""), typed_values(), reason=_reason())
    say("Skipped. The case went on behind it.")
    return go("instances.instance", instance_id=instance_id)


@blueprint.post("/<int:instance_id>/moves")
@needs(Permission.OPERATE)
def move(instance_id: int) -> Response:
    visit, to = request.form.get("visit", ""), request.form.get("to", "")
    engine.move(work(), instance_id, visit, to, typed_values(), reason=_reason())
    say(f"Moved to {to}.")
    return go("instances.instance", instance_id=instance_id)


@blueprint.post("/<int:instance_id>/suspension")
@needs(Permission.OPERATE)
def suspend(instance_id: int) -> Response:
    engine.suspend(work(), instance_id, reason=_reason())
    say("Suspended. Nothing in it moves until it is resumed; messages for it wait.")
    return go("instances.instance", instance_id=instance_id)


@blueprint.post("/<int:instance_id>/resumption")
@needs(Permission.OPERATE)
def resume(instance_id: int) -> Response:
    engine.resume(work(), instance_id, reason=_reason())
    say("Resumed. What was held is due again.")
    return go("instances.instance", instance_id=instance_id)


def _reason() -> str:
    return request.form.get("reason", "")
