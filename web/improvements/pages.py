"""The page of an improvement: what it is about, who owns it, its voices, what becomes of it and what happened to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.feedback import queries
from bpm.feedback.queries import ItemFilter, ItemRow
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, list_groups, list_users, may
from bpm.processes import improvements
from bpm.processes.improvements import EventRow, ImprovementDetail, OwnerRow
from bpm.processes.status import ImprovementStatus
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint
from web.improvements.drafting import drafted, fields_of
from web.improvements.listing import TONES
from web.ui.fields import Field

VERBS: Mapping[str, tuple[str, str]] = {
    "approved": (_("Approve"), _("Why is it worth doing?")),
    "declined": (_("Decline"), _("Why not?")),
    "concluded": (_("Conclude"), _("What happened?")),
    "proposed": (_("Take it up again"), _("What has changed?")),
}
"""State -> (the verb that leads to it, what is asked for)."""


@dataclass(frozen=True)
class ImprovementPage:
    """What improvements/improvement.html shows; `turns` are the states it can take, with their words."""

    it: ImprovementDetail
    tone: str
    turns: tuple[tuple[str, str, str], ...]
    fields: tuple[Field, ...]
    may_change: bool
    may_read: bool
    owners: tuple[OwnerRow, ...]
    owner_fields: tuple[Field, ...]
    """One for each group: whether it owns it, and who of it."""
    offered: tuple[ItemRow, ...]
    """What came in since where it was opened from, and speaks for nothing yet."""
    history: tuple[EventRow, ...]
    problem: str = ""
    written: str = ""


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
    owners = improvements.owners_of(work(), improvement_id)
    offered = improvements.offered_since(work(), improvement_id)
    return ImprovementPage(
        it=found,
        tone=TONES[found.row.status],
        turns=turns,
        fields=fields_of(values, errors, processes=known),
        may_change=may(actor(), Permission.INSIGHTS),
        may_read=may(actor(), Permission.SEE_FEEDBACK),
        owners=owners,
        owner_fields=_owner_fields(owners, errors.get("owners", "")),
        offered=tuple(queries.list_items(work(), ItemFilter(ids=tuple(offered))).rows) if offered else (),
        history=improvements.history_of(work(), improvement_id),
        problem=f"{error.message} {error.remedy}" if error else "",
        written=request.form.get("reason", "") if error else "",
    )


def _owner_fields(owners: tuple[OwnerRow, ...], problem: str) -> tuple[Field, ...]:
    known = {each.group_id: str(each.user_id or "all") for each in owners}
    people = [each for each in list_users(work()) if each.active]
    return tuple(
        Field(
            f"group-{group.id}", group.name, "select",
            options=[("all", _("owns it")), *(
                (str(each.id), _("owns it: %(name)s") % {"name": each.display_name})
                for each in people if group.id in {of.id for of in each.groups}
            )],
            value=known.get(group.id, ""), error=problem,
        )
        for group in list_groups(work())
    )  # fmt: skip


@blueprint.post("/<int:improvement_id>/owners")
@needs(Permission.INSIGHTS)
def set_owners(improvement_id: int) -> Response | tuple[str, int]:
    wanted = [
        (group, key_of(value))
        for name, value in request.form.items()
        if value and name.startswith("group-") and (group := key_of(name.removeprefix("group-"))) is not None
    ]
    try:
        enough = improvements.set_owners(work(), improvement_id, wanted)
    except InvalidInputError as error:
        return render("improvements/improvement.html", _page(improvement_id, error)), 400
    say(_("Kept.") if enough else _("Kept. Only one function owns it, or none: it is listed until a second one does."))
    return go("improvements.improvement", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>")
@needs(Permission.INSIGHTS)
def change(improvement_id: int) -> Response | tuple[str, int]:
    try:
        improvements.change_improvement(work(), improvement_id, drafted(request.form))
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
