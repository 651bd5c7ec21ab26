"""Routing: with whom feedback lands, as a table that people keep; and giving an item to somebody."""

from dataclasses import dataclass
from typing import Any

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback.care import Complexity
from bpm.feedback.status import Channel
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import routing
from bpm.processes.routing import Row
from web.core.rendering import go, go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.acts import again
from web.inbox.blueprint import blueprint
from web.inbox.parts.landing import inbox_names


@dataclass(frozen=True)
class RoutingPage:
    """What inbox/routing.html shows."""

    rows: tuple[tuple[str, Row], ...]
    """Channel, where it goes."""
    inboxes: tuple[tuple[str, str], ...]
    assigning: frozenset[str]
    levels: tuple[str, ...]
    from_level: str
    may_change: bool
    away: bool
    """Whether the reader takes nothing new."""
    problem: str = ""
    reason: str = ""


def _page(problem: str = "") -> RoutingPage:
    table = routing.get_table(work())
    return RoutingPage(
        rows=tuple((str(channel), table.row(channel)) for channel in Channel),
        inboxes=inbox_names(work()),
        assigning=table.assigning,
        levels=tuple(str(each) for each in Complexity),
        from_level=str(table.from_level),
        may_change=may(actor(), Permission.ANSWER),
        away=routing.is_away(work(), actor().user_id or 0),
        problem=problem,
        reason=request.form.get("reason", "") if problem else "",
    )


@blueprint.get("/routing")
@needs(Permission.SEE_FEEDBACK)
def table() -> str:
    return render("inbox/routing.html", _page())


@blueprint.post("/routing")
@needs(Permission.ANSWER)
def save_table() -> Response | tuple[str, int]:
    sent = request.form
    rows: dict[str, Any] = {
        str(channel): {
            "first": sent.get(f"first-{channel}", ""),
            "difficult": sent.get(f"difficult-{channel}", ""),
            "watching": sent.getlist(f"watching-{channel}"),
        }
        for channel in Channel
    }
    written = {"rows": rows, "from_level": sent.get("from_level", ""), "assigning": sent.getlist("assigning")}
    try:
        made = routing.table_from(written, frozenset(key for key, _name in inbox_names(work())))
        routing.save_table(work(), made, reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("inbox/routing.html", _page(f"{error.message} {error.remedy}")), 400
    say(_("Kept. It holds for everything that is open."))
    return go("inbox.table")


@blueprint.post("/<int:item_id>/assignment")
@needs(Permission.ANSWER)
def assign(item_id: int) -> Response | tuple[str, int]:
    """Give the item to a person; who is not trained for its topic gets it for a reason alone."""
    try:
        person = identity.find_user(work(), request.form.get("person", ""))
        routing.assign(work(), item_id, person.id, override=request.form.get("override", ""))
    except InvalidInputError as error:
        return again(item_id, error, "person")
    say(_("%(name)s has it now.") % {"name": person.display_name})
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/assignment/end")
@needs(Permission.ANSWER)
def give_up(item_id: int) -> Response:
    routing.give_up(work(), item_id)
    say(_("It is nobody's in particular."))
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/presence")
@needs(Permission.ANSWER)
def set_presence() -> Response:
    away = request.form.get("away") == "1"
    routing.set_presence(work(), is_away=away)
    say(_("You are away: nothing new is given to you.") if away else _("You are available."))
    return go_back("inbox.table")
