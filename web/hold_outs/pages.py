"""Notices prepared for a theme or a process, sent in the name of whoever sends them, with what each saved."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm.engine import queries as engine_queries
from bpm.feedback import themes
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import hold_outs
from bpm.processes.hold_outs import NoticeDraft, NoticeRow
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.ui.fields import Field

blueprint = Blueprint("hold_outs", __name__, url_prefix="/outbox/ahead")


@dataclass(frozen=True)
class AheadPage:
    """What hold_outs/list.html shows."""

    rows: tuple[NoticeRow, ...]
    fields: tuple[Field, ...]
    asking: bool


@blueprint.get("")
@needs(Permission.ANSWER)
def ahead() -> str:
    return render("hold_outs/list.html", _page())


def _page(error: InvalidInputError | None = None) -> AheadPage:
    wrong, sent = error.fields if error else {}, request.form
    audience = [(f"theme:{each.id}", _("Theme: %(name)s") % {"name": each.name}) for each in themes.list_themes(work())]
    audience += [
        (f"process:{each.key}", _("Running cases of %(name)s") % {"name": each.name})
        for each in engine_queries.list_definitions(work())
    ]

    def field(name: str, label: str, kind: str, usual: str = "", **more: object) -> Field:
        made = Field(name, label, kind, required=True, **more)  # type: ignore[arg-type]  # as Field takes them
        return made.with_value(sent.get(name, usual), error=wrong.get(name, ""))

    fields = (
        field("title", _("Name"), "text", limits={"maxlength": 200}),
        field("audience", _("To whom"), "select", options=audience),
        field("text", _("What they are told"), "area", help=_("{{name}} and {{author}} are filled in.")),
        field("share", _("Held out by chance, in per cent"), "number", "20", limits={"min": 10, "max": 50}),
        field("days", _("Contacts are counted for so many days"), "number", "14", limits={"min": 1, "max": 90}),
    )
    return AheadPage(tuple(hold_outs.list_proactive(work())), fields, error is not None)


@blueprint.post("")
@needs(Permission.ANSWER)
def prepare() -> Response | tuple[str, int]:
    try:
        hold_outs.prepare_notice(work(), _draft(request.form))
    except InvalidInputError as error:
        return render("hold_outs/list.html", _page(error)), 400
    say(_("Prepared: chance has chosen who is held out. Nothing was sent yet."))
    return go("hold_outs.ahead")


def _draft(sent: Mapping[str, str]) -> NoticeDraft:
    kind, _colon, key = sent.get("audience", "").partition(":")
    return NoticeDraft(
        title=sent.get("title", ""),
        text=sent.get("text", ""),
        theme_id=key_of(key) if kind == "theme" else None,
        definition_key=key if kind == "process" else "",
        share=(key_of(sent.get("share", "")) or 0) / 100,
        days=key_of(sent.get("days", "")) or 0,
    )


@blueprint.post("/<int:notice_id>/sending")
@needs(Permission.ANSWER)
def send(notice_id: int) -> Response:
    went, stayed = hold_outs.send_notice(work(), notice_id)
    said = _("%(went)s letters are under way, %(stayed)s stayed.")
    say(said % {"went": went, "stayed": stayed})
    return go("hold_outs.ahead")
