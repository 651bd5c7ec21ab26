"""How long finished cases of a version are kept: what would go, why, and the wish that waits."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.models import RetentionChange
from bpm.engine.queries import VersionDetail
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.blueprint import blueprint


@dataclass(frozen=True)
class RetentionPage:
    version: VersionDetail
    days: str
    """As asked for; empty for ever."""
    lowers: bool
    loss: engine.Loss
    grace_hours: int
    confirm_above: int
    waiting: RetentionChange | None
    unconfirmed: bool
    own: bool
    """Whether the reader asked for the change that waits."""
    errors: Mapping[str, str]
    reason: str = ""


@blueprint.get("/versions/<int:version_id>/retention")
@needs(Permission.DEPLOY)
def retention(version_id: int) -> str:
    found = queries.get_version(work(), version_id)
    days = request.args.get("days", str(found.keep_for_days or ""))
    errors = {} if _fits(days) else {"days": _("Give whole days from 1 to 36500, or nothing to keep them for ever.")}
    return _page(found, days if _fits(days) else "", errors)


@blueprint.post("/versions/<int:version_id>/retention")
@needs(Permission.DEPLOY)
def keep(version_id: int) -> Response | tuple[str, int]:
    days, reason = request.form.get("days", "").strip(), request.form.get("reason", "")
    found = queries.get_version(work(), version_id)
    if not _fits(days):
        return _page(found, "", {"days": _("Give whole days from 1 to 36500, or nothing to keep them for ever.")}), 400
    try:
        change = engine.set_retention(work(), version_id, int(days) if days else None, reason=reason)
    except InvalidInputError as error:
        return _page(found, days, {"reason": error.message}), 400
    if change is not None:
        say(_("It takes effect at %(at)s UTC, unless somebody stops it.") % {"at": f"{change.due_at:%Y-%m-%d %H:%M}"})
        return go("designer.retention", version_id=version_id)
    kept = _("Finished cases of it are kept for %(days)s days; figures stay.") if days else _("They are kept for ever.")
    say(kept % {"days": days} if days else kept)
    return go("designer.process", key=found.key, version=found.number)


@blueprint.post("/retention/<int:change_id>/stop")
@needs(Permission.DEPLOY)
def stop_retention(change_id: int) -> Response:
    change = engine.stop_retention(work(), change_id)
    say(_("Stopped: everything is kept as it was."))
    return go("designer.retention", version_id=change.version_id)


@blueprint.post("/retention/<int:change_id>/confirm")
@needs(Permission.DEPLOY)
def confirm_retention(change_id: int) -> Response:
    change = engine.confirm_retention(work(), change_id)
    say(_("Confirmed. It takes effect at %(at)s UTC.") % {"at": f"{change.due_at:%Y-%m-%d %H:%M}"})
    return go("designer.retention", version_id=change.version_id)


def _fits(days: str) -> bool:
    return not days or (days.isdecimal() and len(days) <= 5 and 1 <= int(days) <= engine.MOST_DAYS)


def _page(found: VersionDetail, days: str, errors: Mapping[str, str]) -> str:
    asked, now = int(days) if days else None, found.keep_for_days
    waiting = engine.waiting_change(work(), found.id)
    return render(
        "designer/retention.html",
        RetentionPage(
            version=found,
            days=days,
            lowers=asked is not None and (now is None or asked < now),
            loss=engine.loss_of(work(), found.id, asked),
            grace_hours=work().settings.retention_grace_hours,
            confirm_above=work().settings.retention_confirm_above,
            waiting=waiting,
            unconfirmed=waiting is not None and engine.needs_confirmation(work(), waiting),
            own=waiting is not None and waiting.asked_by == actor().user_id,
            errors=errors,
            reason=request.form.get("reason", ""),
        ),
    )
