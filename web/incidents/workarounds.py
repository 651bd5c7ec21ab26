"""Workarounds of an incident in the browser: marked, tried, credited."""

from flask import request
from werkzeug.wrappers import Response

from bpm.feedback import incidents
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import say
from web.core.request_context import work
from web.core.security import needs
from web.incidents.acts import attempt
from web.incidents.blueprint import blueprint

Answer = Response | tuple[str, int]


@blueprint.post("/<int:incident_id>/workarounds")
@needs(Permission.ANSWER)
def add(incident_id: int) -> Answer:
    def act() -> None:
        item_id = key_of(request.form.get("item", "").strip("# "))
        if item_id is None:
            problem = _("Give the number of the feedback in which it stands.")
            raise InvalidInputError(_("Who found it?"), remedy=problem, fields={"item": problem})
        incidents.add_workaround(work(), incident_id, item_id, request.form.get("text", ""))
        say(_("Noted. Somebody has to try it before it is passed on."))

    return attempt(incident_id, "workaround", act)


@blueprint.post("/<int:incident_id>/workarounds/<int:workaround_id>/verified")
@needs(Permission.ANSWER)
def verify(incident_id: int, workaround_id: int) -> Answer:
    def act() -> None:
        incidents.verify_workaround(work(), workaround_id, request.form.get("verdict", ""))
        say(_("It works. Tick it in the next update to pass it on."))

    return attempt(incident_id, "verdict", act)


@blueprint.post("/<int:incident_id>/workarounds/<int:workaround_id>/refused")
@needs(Permission.ANSWER)
def refuse(incident_id: int, workaround_id: int) -> Answer:
    def act() -> None:
        incidents.refuse_workaround(work(), workaround_id, request.form.get("verdict", ""))
        say(_("Kept: it does not help."))

    return attempt(incident_id, "verdict", act)


@blueprint.post("/<int:incident_id>/workarounds/<int:workaround_id>/credit")
@needs(Permission.ANSWER)
def credit(incident_id: int, workaround_id: int) -> Answer:
    def act() -> None:
        name = request.form.get("name", "")
        try:
            incidents.credit(work(), workaround_id, name)
        except ConflictError as error:
            raise InvalidInputError(error.message, remedy=error.remedy, fields={"name": error.message}) from error
        say(_("They are thanked by name.") if name.strip() else _("They are thanked without a name."))

    return attempt(incident_id, "verdict", act)
