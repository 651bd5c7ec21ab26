"""When a person is away, and who stands in for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from flask import request
from werkzeug.wrappers import Response

from bpm import identity, notices
from bpm.engine import teamwork
from bpm.engine.teamwork import AbsenceRow, OfferedTask
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.tasks.blueprint import blueprint


@dataclass(frozen=True)
class AbsencePage:
    own: tuple[AbsenceRow, ...]
    standing_in: tuple[AbsenceRow, ...]
    offered: tuple[OfferedTask, ...]
    deputies: tuple[tuple[str, str], ...]
    """(user name, name)"""
    zone: str
    """IANA name of the zone in which the instants are entered."""
    values: Mapping[str, str]
    errors: Mapping[str, str]


@blueprint.get("/absence")
@needs(Permission.WORK)
def absence() -> str:
    return _page({}, {})


@blueprint.post("/absence")
@needs(Permission.WORK)
def plan_absence() -> Response | tuple[str, int]:
    sent, errors = request.form.to_dict(), {}
    zone = ZoneInfo(_zone())
    begin, end = (_instant(sent.get(name, ""), zone) for name in ("from", "until"))
    people = {user.username: user for user in identity.list_users(work())}
    deputy = people.get(sent.get("deputy", ""))
    if deputy is None:
        errors["deputy"] = _("Choose who stands in.")
    if begin is None:
        errors["from"] = _("Say when it begins.")
    if end is None:
        errors["until"] = _("Say when it ends.")
    if deputy is None or begin is None or end is None:
        return _page(sent, errors), 400
    try:
        teamwork.plan_absence(work(), deputy.id, begin, end)
    except InvalidInputError as error:
        return _page(sent, error.fields), 400
    say(_("Saved: %(name)s stands in for you.") % {"name": deputy.display_name})
    return go("tasks.absence")


@blueprint.post("/absence/<int:absence_id>/end")
@needs(Permission.WORK)
def end_absence(absence_id: int) -> Response:
    teamwork.cancel_absence(work(), absence_id)
    say(_("Ended: your work is yours alone again."))
    return go("tasks.absence")


def _page(values: Mapping[str, str], errors: Mapping[str, str]) -> str:
    person = actor().user_id or 0
    users = identity.list_users(work())
    deputies = [each for each in users if each.active and may(identity.actor_of(each), Permission.WORK)]
    return render(
        "tasks/absence.html",
        AbsencePage(
            own=teamwork.list_absences(work(), person),
            standing_in=teamwork.standing_in_for(work(), person),
            offered=teamwork.list_offered(work()),
            deputies=tuple((each.username, each.display_name) for each in deputies if each.id != person),
            zone=_zone(),
            values=values,
            errors=errors,
        ),
    )


def _zone() -> str:
    return notices.get_preferences(work(), actor().user_id or 0).zone


def _instant(written: str, zone: ZoneInfo) -> datetime | None:
    """The instant of a field of type datetime-local, in the person's zone."""
    try:
        return datetime.fromisoformat(written).replace(tzinfo=zone)
    except ValueError:
        return None
