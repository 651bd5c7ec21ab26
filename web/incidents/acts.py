"""What people do with an incident: acknowledge in public with one act, update, link, watch, resolve, grade, learn."""

from collections.abc import Callable

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import incidents
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission
from bpm.processes.lessons import record_lesson
from web.core.numbers import key_of
from web.core.rendering import go, go_back, render, say
from web.core.request_context import work
from web.core.security import needs
from web.incidents.blueprint import blueprint
from web.incidents.lists import numbers
from web.incidents.page import page_of
from web.ui.task_dates import read_moment

Answer = Response | tuple[str, int]
WRITTEN = ("text", "next_at", "reason", "title", "description", "key", "verdict", "name")


def attempt(incident_id: int, form: str, act: Callable[[], object]) -> Answer:
    """Do it and go back to the incident; where it does not fit, the page with the form as it was written."""
    try:
        act()
    except InvalidInputError as error:
        written = {name: request.form[name] for name in WRITTEN if name in request.form}
        page = page_of(
            incident_id, form=form, problem=f"{error.message} {error.remedy}", errors=error.fields, written=written
        )
        return render("incidents/incident.html", page), 400
    return go("incidents.incident", incident_id=incident_id)


def told(people: int) -> str:
    """To how many people something goes, in words."""
    return ngettext("It goes to %(n)s person, once.", "It goes to %(n)s people, once each.", people) % {"n": people}


@blueprint.post("/<int:incident_id>/acknowledgement")
@needs(Permission.ANSWER)
def acknowledge(incident_id: int) -> Answer:
    def act() -> None:
        sent = request.form
        said = incidents.acknowledge(
            work(), incident_id, sent.get("text", ""), next_at=read_moment(sent.get("next_at", "")),
            is_public="public" in sent,
        )  # fmt: skip
        say(_("Acknowledged in your name. %(told)s") % {"told": told(said.people)})

    return attempt(incident_id, "speak", act)


@blueprint.post("/<int:incident_id>/updates")
@needs(Permission.ANSWER)
def send_update(incident_id: int) -> Answer:
    def act() -> None:
        sent = request.form
        shared = [each for value in sent.getlist("workaround") if (each := key_of(value)) is not None]
        said = incidents.send_update(
            work(), incident_id, sent.get("text", ""), next_at=read_moment(sent.get("next_at", "")),
            is_public="public" in sent, workarounds=shared,
        )  # fmt: skip
        say(_("Sent in your name. %(told)s") % {"told": told(said.people)})

    return attempt(incident_id, "speak", act)


@blueprint.post("/<int:incident_id>/latecomers")
@needs(Permission.ANSWER)
def tell_latecomers(incident_id: int) -> Answer:
    def act() -> None:
        say(told(incidents.tell_latecomers(work(), incident_id).people))

    return attempt(incident_id, "late", act)


@blueprint.post("/<int:incident_id>/updates/<int:update_id>/posted")
@needs(Permission.ANSWER)
def posted(incident_id: int, update_id: int) -> Answer:
    def act() -> None:
        incidents.mark_posted(work(), update_id, request.form.get("url", ""))
        say(_("Kept: it was posted there by hand."))

    return attempt(incident_id, "posted", act)


@blueprint.post("/<int:incident_id>/proposal")
@needs(Permission.ANSWER)
def propose(incident_id: int) -> Response:
    incidents.propose(work(), incident_id)
    say(_("It stands before everybody now."))
    return go("incidents.incident", incident_id=incident_id)


@blueprint.post("/<int:incident_id>/watch")
@needs(Permission.ANSWER)
def watch(incident_id: int) -> Response:
    incidents.watch(work(), incident_id)
    say(_("The cause is gone; now watch whether it stays away."))
    return go("incidents.incident", incident_id=incident_id)


@blueprint.post("/<int:incident_id>/resolution")
@needs(Permission.ANSWER)
def resolve(incident_id: int) -> Answer:
    def act() -> None:
        sent = request.form
        text = sent.get("text", "") if "tell" in sent else ""
        done = incidents.resolve(work(), incident_id, reason=sent.get("reason", ""), text=text, decide="decide" in sent)
        say(ngettext("Resolved; %(n)s item decided.", "Resolved; %(n)s items decided.", done) % {"n": done})

    return attempt(incident_id, "resolve", act)


@blueprint.post("/<int:incident_id>/dismissal")
@needs(Permission.ANSWER)
def dismiss(incident_id: int) -> Answer:
    def act() -> None:
        incidents.dismiss(work(), incident_id, reason=request.form.get("reason", ""))
        say(_("Dismissed; its items are in the queue as before."))

    return attempt(incident_id, "dismiss", act)


@blueprint.post("/<int:incident_id>/severity")
@needs(Permission.ANSWER)
def set_severity(incident_id: int) -> Response:
    incidents.set_severity(work(), incident_id, key_of(request.form.get("severity", "")) or 0)
    return go("incidents.incident", incident_id=incident_id)


@blueprint.post("/<int:incident_id>/items")
@needs(Permission.ANSWER)
def link(incident_id: int) -> Response:
    """Link the items whose numbers are given; from an item's own page back to it."""
    added = incidents.link_items(work(), incident_id, numbers(request.form.get("items", "")))
    say(ngettext("%(n)s item linked.", "%(n)s items linked.", added) % {"n": added})
    return go_back("incidents.incident", incident_id=incident_id)


@blueprint.post("/<int:incident_id>/items/<int:item_id>/out")
@needs(Permission.ANSWER)
def unlink(incident_id: int, item_id: int) -> Response:
    incidents.unlink_item(work(), incident_id, item_id)
    say(
        _("Taken out; it is in the queue again."),
        undo=url_for("incidents.back_in", incident_id=incident_id, item_id=item_id),
    )
    return go_back("incidents.incident", incident_id=incident_id)


@blueprint.post("/<int:incident_id>/items/<int:item_id>/in")
@needs(Permission.ANSWER)
def back_in(incident_id: int, item_id: int) -> Response:
    incidents.link_items(work(), incident_id, [item_id])
    say(_("Linked again."))
    return go("incidents.incident", incident_id=incident_id)


@blueprint.post("/<int:incident_id>/points")
@needs(Permission.ANSWER)
def give_points(incident_id: int) -> Response:
    sent = request.form
    points = key_of(sent.get("points", ""))
    incidents.give_points(
        work(), incident_id, sent.get("side", ""), -1 if points is None else points, sent.get("why", "")
    )
    return go("incidents.incident", incident_id=incident_id, _anchor="grade")


@blueprint.post("/<int:incident_id>/lesson")
@needs(Permission.ANSWER)
def lesson(incident_id: int) -> Answer:
    def act() -> None:
        sent = {name: request.form.get(name, "") for name in ("title", "description", "key")}
        record_lesson(work(), incident_id, **sent)
        say(_("The lesson is a proposed improvement now."))

    return attempt(incident_id, "lesson", act)
