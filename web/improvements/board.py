"""What stands on the public board: written, published and withdrawn by a person, about an improvement or a theme."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm.feedback import themes
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import improvements
from bpm.processes.improvements import FEWEST, EntryDraft, EntryRow
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import work
from web.core.security import needs
from web.ui.fields import Field

blueprint = Blueprint("board_entries", __name__, url_prefix="/improvements/board")


@dataclass(frozen=True)
class EntriesPage:
    """What improvements/board.html shows; the form writes a new entry, or changes the one that is named."""

    rows: tuple[EntryRow, ...]
    fields: tuple[Field, ...]
    entry_id: int | None
    improvement_id: int | None
    open_to_comments: bool
    fewest: int


def _page(error: InvalidInputError | None = None) -> EntriesPage:
    rows = improvements.list_entries(work())
    entry_id = key_of(request.values.get("entry", ""))
    known = next((row for row in rows if row.id == entry_id), None)
    improvement_id = known.improvement_id if known else key_of(request.values.get("improvement", ""))
    values: Mapping[str, str] = request.form if error else {}
    if known and not error:
        values = {"said": known.said, "did": known.did, "happened": known.happened, "theme": known.theme,
                  "theme_id": str(known.theme_id or "")}  # fmt: skip
    errors = error.fields if error else {}
    texts = [
        ("said", _("You said"), _("What customers told us, in our words: nobody's own."), True),
        ("did", _("We did"), _("Or what we propose to do."), True),
        ("happened", _("What happened"), "", False),
    ]
    fields = [
        Field(name, label, "area", help_text, required=needed, value=values.get(name, ""), error=errors.get(name, ""))
        for name, label, help_text, needed in texts
    ]
    if improvement_id is None:
        theme = values.get("theme", ""), errors.get("theme", "")
        fields.insert(0, Field("theme", _("Theme"), "text", required=True, value=theme[0], error=theme[1],
                               help=_("In our words; everybody reads them.")))  # fmt: skip
        fields.insert(1, _theme_field(values.get("theme_id", "") or request.args.get("of_theme", ""),
                                      errors.get("theme_id", "")))  # fmt: skip
    return EntriesPage(
        rows, tuple(fields), entry_id if known else None, improvement_id,
        known.open_to_comments if known else True, FEWEST,
    )  # fmt: skip


def _theme_field(value: str, error: str) -> Field:
    """Approved themes alone: the people in the chosen one are counted, now and after it grew, was merged or split."""
    options = [("", _("none: nobody is counted")), *((str(row.id), row.name) for row in themes.list_approved(work()))]
    return Field("theme_id", _("Counts the people of the approved theme"), "select", value=value, options=options,
                 error=error)  # fmt: skip


@blueprint.get("")
@needs(Permission.INSIGHTS)
def entries() -> str:
    return render("improvements/board.html", _page())


@blueprint.post("")
@needs(Permission.INSIGHTS)
def save() -> Response | tuple[str, int]:
    sent = request.form
    draft = EntryDraft(
        sent.get("said", ""), sent.get("did", ""), sent.get("happened", ""), key_of(sent.get("improvement", "")),
        sent.get("theme", ""), key_of(sent.get("theme_id", "")), open_to_comments=sent.get("open") == "true",
    )  # fmt: skip
    try:
        improvements.save_entry(work(), draft, entry_id=key_of(sent.get("entry", "")))
    except InvalidInputError as error:
        return render("improvements/board.html", _page(error)), 400
    say(_("Kept. It stands on the board once you publish it."))
    return go("board_entries.entries")


@blueprint.post("/<int:entry_id>/publication")
@needs(Permission.INSIGHTS)
def publish(entry_id: int) -> Response:
    improvements.publish_entry(work(), entry_id)
    say(_("Everybody can read it now."))
    return go("board_entries.entries")


@blueprint.post("/<int:entry_id>/withdrawal")
@needs(Permission.INSIGHTS)
def withdraw(entry_id: int) -> Response:
    improvements.withdraw_entry(work(), entry_id)
    say(_("It is off the board."))
    return go("board_entries.entries")
