"""A customer writes down how they would do it: plain steps of a process of ours whose name they may read."""

from dataclasses import dataclass

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from bpm.engine import queries
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import own_ways, trails
from bpm.processes.own_ways import WaySource
from bpm.processes.status import NameKind
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs
from web.portal.blueprint import blueprint
from web.portal.coming_back import visit_ended
from web.portal.frames import Frame, frame, page
from web.portal.visits import demand_proof, proof_of_visit, visitor_of

MOST_WAYS = 20
"""Own processes that one customer can hand in by themselves."""
STATES = {
    "handed_in": _("A person will look at it."),
    "accepted": _("We can do it your way."),
    "declined": _("We cannot do it this way; ask us why."),
}


@dataclass(frozen=True)
class OwnWayPage:
    """What portal/own_way.html shows."""

    frame: Frame
    proof: str
    processes: tuple[tuple[str, str], ...]
    """(key, the words that customers may read)"""
    rows: tuple[tuple[str, str], ...]
    """(process, how it stands) of what they handed in before."""
    chosen: str = ""
    steps: str = ""


@blueprint.get("/list/own-way")
@needs(Permission.PUBLIC, unit="own")
@limited("portal")
def own_way() -> Response:
    """The form, and what became of what they handed in before."""
    try:
        with product().unit_of_work.reading() as work:
            shown = _page(work)
    except ForbiddenError:
        return redirect(url_for("private.ask"), 303)
    return page("portal/own_way.html", shown)


@blueprint.post("/list/own-way")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("portal")
def hand_in_own_way() -> Response:
    """Keep their steps; a person holds them against ours."""
    sent = request.form
    try:
        with product().unit_of_work() as work:
            visitor = visitor_of(work)
            demand_proof()
            key = sent.get("process", "")
            _refuse(work, key, visitor.home_id)
            steps = own_ways.steps_of_text(sent.get("steps", ""))
            own_ways.hand_in(work, key, visitor.home_id, steps, source=WaySource.PORTAL)
    except ForbiddenError:
        return visit_ended()
    except InvalidInputError as error:
        with product().unit_of_work.reading() as work:
            shown = _page(work, error=f"{error.message} {error.remedy}")
        return page("portal/own_way.html", shown, 400)
    return redirect(url_for("private.own_way", sent="own_way") + "#said", 303)


def _refuse(work: Work, key: str, customer_id: int) -> None:
    if key not in dict(_offered(work)):
        raise InvalidInputError(_("Choose what it is about."), remedy=_("Take one of the list."))
    if len(own_ways.list_ways(work, customer_id=customer_id)) >= MOST_WAYS:
        raise InvalidInputError(_("You told us of many already."), remedy=_("Write to us: a person answers."))


def _page(work: Work, *, error: str = "") -> OwnWayPage:
    visitor = visitor_of(work)
    offered = _offered(work)
    mine = own_ways.list_ways(work, customer_id=visitor.home_id)
    sent = request.form
    return OwnWayPage(
        frame=frame(url_for("private.person"), error=error),
        proof=proof_of_visit(),
        processes=offered,
        rows=tuple((dict(offered).get(row.key, _("Something we do")), STATES[row.status]) for row in mine),
        chosen=sent.get("process", ""),
        steps=sent.get("steps", ""),
    )


def _offered(work: Work) -> tuple[tuple[str, str], ...]:
    """Processes that are live and have a name that customers may read."""
    published = {
        row.key: row.words for row in trails.list_published_names(work) if row.kind == NameKind.PROCESS and row.words
    }
    return tuple(
        (each.key, published[each.key])
        for each in queries.list_definitions(work)
        if each.live_version_id is not None and each.key in published
    )
