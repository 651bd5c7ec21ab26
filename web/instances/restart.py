"""An operator takes a case up again: from which steps, with which values, on which version; tried before it is done."""

from dataclasses import dataclass, field

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.api import TAKEN_UP, Restart
from bpm.engine.queries import InstanceRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.instances.blueprint import blueprint
from web.ui.case_words import step_kind
from web.ui.fields import Field
from web.ui.free_values import FREE, typed_values


@dataclass(frozen=True)
class RestartPage:
    row: InstanceRow
    steps: tuple[tuple[str, str], ...]
    """(id, label) of the steps that a case can begin at."""
    before: tuple[str, ...]
    after: tuple[str, ...]
    last_values: bool
    live_version: bool
    values: Field
    reason: str
    would: str = ""
    """What a dry run says."""
    obstacle: str = ""
    tried: bool = field(default=False)


def may_restart(row: InstanceRow) -> bool:
    """Whether the viewer may take this case up again."""
    return row.status in TAKEN_UP and row.erased_at is None and may(actor(), Permission.OPERATE)


@blueprint.get("/<int:instance_id>/restart")
@needs(Permission.OPERATE)
def restart_page(instance_id: int) -> str:
    return render("instances/restart.html", _page(instance_id))


@blueprint.post("/<int:instance_id>/restart/forecast")
@needs(Permission.OPERATE)
def try_restart(instance_id: int) -> str:
    """The same page with what would happen; nothing is kept of it."""
    order = _order()
    parameters = {
        "before": list(order.before),
        "after": list(order.after),
        "values": order.values,
        "variables": dict(order.variables),
        "version": order.version,
    }
    (seen,) = engine.dry_run(work(), "restart", [instance_id], parameters)
    page = _page(instance_id, obstacle=seen.obstacle or "", would=seen.then or "", tried=True)
    return render("instances/restart.html", page)


@blueprint.post("/<int:instance_id>/restart")
@needs(Permission.OPERATE)
def restart(instance_id: int) -> Response:
    new = engine.restart(work(), instance_id, _order(), reason=request.form.get("reason", ""))
    say(_("Restarted. This is the new case; the old one stays as it is."))
    return go("instances.instance", instance_id=new.id)


def _order() -> Restart:
    before, after = (tuple(request.form.getlist(name))[:100] for name in ("before", "after"))
    if not before and not after:
        raise InvalidInputError(_("It is not said where to begin."), remedy=_("Choose at least one step."))
    return Restart(
        before=before,
        after=after,
        values="initial" if request.form.get("with") == "initial" else "last",
        variables=typed_values(),
        version="live" if request.form.get("version") == "live" else "same",
    )


def _page(instance_id: int, *, obstacle: str = "", would: str = "", tried: bool = False) -> RestartPage:
    row = queries.get_instance(work(), instance_id).row
    form = request.form
    live = form.get("version") == "live" and row.live_version_id is not None
    steps = queries.list_beginnings(work(), row.live_version_id if live and row.live_version_id else row.version_id)
    return RestartPage(
        row=row,
        steps=tuple((each.id, f"{each.name or each.id} ({step_kind(each.type)})") for each in steps),
        before=tuple(form.getlist("before")),
        after=tuple(form.getlist("after")),
        last_values=form.get("with") != "initial",
        live_version=live,
        values=FREE.with_value(form.get(FREE.name, "")),
        reason=form.get("reason", ""),
        would=would,
        obstacle=obstacle,
        tried=tried,
    )
