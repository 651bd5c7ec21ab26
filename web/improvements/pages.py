"""Improvements as a list and a page each: title, voices, owner, state; proposed, changed and concluded by people."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import queries as engine_queries
from bpm.foundation.db import Page
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDetail, ImprovementDraft, ImprovementFilter, ImprovementRow
from bpm.processes.status import ImprovementStatus
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.ui.fields import Field

blueprint = Blueprint("improvements", __name__, url_prefix="/improvements")

TONES = {"proposed": "info", "approved": "warn", "concluded": "good", "declined": "plain"}
VERBS: Mapping[str, tuple[str, str]] = {
    "approved": (_("Approve"), _("Why is it worth doing?")),
    "declined": (_("Decline"), _("Why not?")),
    "concluded": (_("Conclude"), _("What happened?")),
    "proposed": (_("Take it up again"), _("What has changed?")),
}
"""State -> (the verb that leads to it, what is asked for)."""


@dataclass(frozen=True)
class ListPage:
    """What improvements/list.html shows."""

    found: Page[ImprovementRow]
    statuses: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    fields: tuple[Field, ...]
    tones: Mapping[str, str]
    item_id: int | None
    asking: bool
    """Whether the form to propose one stands open."""


@dataclass(frozen=True)
class ImprovementPage:
    """What improvements/improvement.html shows; `turns` are the states it can take, with their words."""

    it: ImprovementDetail
    tone: str
    turns: tuple[tuple[str, str, str], ...]
    fields: tuple[Field, ...]
    may_change: bool
    may_read: bool
    problem: str = ""
    written: str = ""


@blueprint.get("")
@needs(Permission.SEE_PROCESSES)
def improvement_list() -> str:
    return render("improvements/list.html", _list())


def _list(error: InvalidInputError | None = None) -> ListPage:
    asked = request.args
    mine = asked.get("owner") == "me"
    wanted = ImprovementFilter(
        status=asked.get("status") if asked.get("status") in set(ImprovementStatus) else None,
        definition_key=asked.get("process") or None,
        owner_id=actor().user_id if mine else None,
        after=after(),
    )
    known = engine_queries.list_definitions(work())
    shown = [("", _("any")), *((each.key, each.name) for each in known)]
    return ListPage(
        found=improvements.list_improvements(work(), wanted, limit=SIZE),
        statuses=tuple(
            Choice(value or _("any"), here(status=value or None), (wanted.status or "") == value)
            for value in ("", *ImprovementStatus)
        ),
        processes=tuple(
            Choice(label, here(process=value or None), (wanted.definition_key or "") == value) for value, label in shown
        ),
        whose=(Choice(_("anybody's"), here(owner=None), not mine), Choice(_("mine"), here(owner="me"), mine)),
        fields=_fields(request.form, error.fields if error else {}, processes=[(e.key, e.name) for e in known]),
        tones=TONES,
        item_id=key_of(request.values.get("item", "")),
        asking=error is not None or "item" in request.values,
    )


def _fields(
    values: Mapping[str, str], errors: Mapping[str, str], *, processes: list[tuple[str, str]]
) -> tuple[Field, ...]:
    people = [(str(each.id), each.display_name) for each in identity.list_users(work()) if each.active]
    told = {name: (values.get(name, ""), errors.get(name, "")) for name in ("title", "description", "process", "owner")}
    return (
        Field("title", _("What shall change?"), "text", required=True, limits={"maxlength": 300})
        .with_value(told["title"][0], error=told["title"][1]),
        Field("process", _("Process"), "select", required=True, options=processes)
        .with_value(told["process"][0], error=told["process"][1]),
        Field("description", _("Why, and how"), "area")
        .with_value(told["description"][0], error=told["description"][1]),
        Field("owner", _("Owner"), "select", _("Who sees to it."), options=people)
        .with_value(told["owner"][0], error=told["owner"][1]),
    )  # fmt: skip


def _drafted() -> ImprovementDraft:
    sent = request.form
    return ImprovementDraft(
        definition_key=sent.get("process", ""),
        title=sent.get("title", ""),
        description=sent.get("description", ""),
        owner_id=key_of(sent.get("owner", "")),
    )


@blueprint.post("")
@needs(Permission.SEE_FEEDBACK)
def propose() -> Response | tuple[str, int]:
    item_id = key_of(request.form.get("item", ""))
    try:
        improvement_id = improvements.propose_improvement(work(), _drafted(), item_id=item_id)
    except InvalidInputError as error:
        return render("improvements/list.html", _list(error)), 400
    say(_("Proposed."))
    return go("improvements.improvement", improvement_id=improvement_id)


@blueprint.get("/<int:improvement_id>")
@needs(Permission.SEE_PROCESSES)
def improvement(improvement_id: int) -> str:
    return render("improvements/improvement.html", _page(improvement_id))


def _page(improvement_id: int, error: EarshotError | None = None) -> ImprovementPage:
    found = improvements.get_improvement(work(), improvement_id)
    known = [(each.key, each.name) for each in engine_queries.list_definitions(work())]
    values = {
        "title": found.row.title, "description": found.description, "process": found.row.definition_key,
        "owner": str(found.row.owner_id or ""),
    } | (dict(request.form) if error else {})  # fmt: skip
    errors = error.fields if isinstance(error, InvalidInputError) else {}
    turns = tuple((str(each), *VERBS[each]) for each in improvements.NEXT[ImprovementStatus(found.row.status)])
    return ImprovementPage(
        it=found,
        tone=TONES[found.row.status],
        turns=turns,
        fields=_fields(values, errors, processes=known),
        may_change=may(actor(), Permission.INSIGHTS),
        may_read=may(actor(), Permission.SEE_FEEDBACK),
        problem=f"{error.message} {error.remedy}" if error else "",
        written=request.form.get("reason", "") if error else "",
    )


@blueprint.post("/<int:improvement_id>")
@needs(Permission.INSIGHTS)
def change(improvement_id: int) -> Response | tuple[str, int]:
    try:
        improvements.change_improvement(work(), improvement_id, _drafted())
    except InvalidInputError as error:
        return render("improvements/improvement.html", _page(improvement_id, error)), 400
    say(_("Kept."))
    return go("improvements.improvement", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/status")
@needs(Permission.INSIGHTS)
def status(improvement_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        improvements.set_status(
            work(), improvement_id, sent.get("status", ""), reason=sent.get("reason", ""),
            version_number=key_of(sent.get("version", "")),
        )  # fmt: skip
    except InvalidInputError as error:
        return render("improvements/improvement.html", _page(improvement_id, error)), 400
    say(_("It is %(status)s now.") % {"status": sent["status"]})
    return go("improvements.improvement", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/voices")
@needs(Permission.SEE_FEEDBACK)
def add_voice(improvement_id: int) -> Response:
    item_id = key_of(request.form.get("item", ""))
    if item_id is None:
        raise InvalidInputError(_("No item was named."), place="item", remedy=_("Write the number of an item."))
    new = improvements.link_voice(work(), improvement_id, item_id)
    undo = url_for("improvements.drop_voice", improvement_id=improvement_id, item_id=item_id) if new else ""
    say(_("Its voice is counted.") if new else _("It was one of its voices already."), undo=undo)
    return go("improvements.improvement", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/voices/<int:item_id>/removal")
@needs(Permission.SEE_FEEDBACK)
def drop_voice(improvement_id: int, item_id: int) -> Response:
    improvements.unlink_voice(work(), improvement_id, item_id)
    say(_("It is none of its voices now."))
    return go("improvements.improvement", improvement_id=improvement_id)
