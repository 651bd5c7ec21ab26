"""What the company says of itself: own addresses and accounts, its region, and as whom a source's authors speak."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm.feedback import people, queries
from bpm.feedback.queries import OwnRow, SourceRow
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import Choice, go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.customers.blueprint import blueprint, tabs


@dataclass(frozen=True)
class OwnPage:
    """What customers/own.html shows."""

    rows: tuple[OwnRow, ...]
    region: str
    sources: tuple[SourceRow, ...]
    voices: tuple[str, ...]
    tabs: tuple[Choice, ...]
    problem: str = ""
    written: str = ""


def _page(error: InvalidInputError | None = None) -> OwnPage:
    return OwnPage(
        queries.list_own_addresses(work()),
        queries.company_region(work()),
        queries.list_sources(work()),
        tuple(Voice),
        tabs("own"),
        f"{error.message} {error.remedy}" if error else "",
        request.form.get("address", "") if error else "",
    )


@blueprint.get("/own")
@needs(Permission.IMPORT)
def own() -> str:
    return render("customers/own.html", _page())


@blueprint.post("/own")
@needs(Permission.IMPORT)
def add_own() -> Response | tuple[str, int]:
    try:
        people.add_own_address(work(), request.form.get("address", ""), source=request.form.get("source", ""))
    except InvalidInputError as error:
        return render("customers/own.html", _page(error)), 400
    say(_("Kept. What comes from there is no customer's from now on."))
    return go("customers.own")


@blueprint.post("/own/<int:own_id>/drop")
@needs(Permission.IMPORT)
def drop_own(own_id: int) -> Response:
    people.drop_own_address(work(), own_id)
    say(_("Taken off the list."))
    return go("customers.own")


@blueprint.post("/own/region")
@needs(Permission.IMPORT)
def region() -> Response | tuple[str, int]:
    try:
        people.set_region(work(), request.form.get("region", ""), source=request.form.get("source", ""))
    except InvalidInputError as error:
        return render("customers/own.html", _page(error)), 400
    say(_("Kept. Numbers that come from now on are read so."))
    return go("customers.own")


@blueprint.post("/own/voice")
@needs(Permission.IMPORT)
def voice() -> Response:
    count = people.set_voice(work(), request.form.get("source", ""), request.form.get("voice", ""))
    say(_("Kept. Items that speak with another voice now: %(count)s.") % {"count": count})
    return go("customers.own")


@blueprint.post("/items/<int:item_id>/voice")
@needs(Permission.ANSWER)
def item_voice(item_id: int) -> Response:
    people.set_item_voice(work(), item_id, request.form.get("voice", ""))
    say(_("Corrected."))
    return go("inbox.item", item_id=item_id)
