"""An item as it was received, nothing masked: opened by right, for a reason, on record; never kept by a browser."""

import json
from dataclasses import dataclass

from flask import Response, make_response, request

from bpm.feedback import queries
from bpm.feedback.privacy.raw_records import open_raw
from bpm.foundation.errors import InvalidInputError
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.inbox.blueprint import blueprint


@dataclass(frozen=True)
class RawPage:
    """What inbox/raw.html shows."""

    item_id: int
    author: str
    opened: bool
    lines: str
    """The record as indented JSON; empty when there is none, or before it was opened."""
    reason: str
    error: str


@blueprint.get("/<int:item_id>/raw")
@needs(Permission.RAW)
def ask_raw(item_id: int) -> str:
    row = queries.get_item(work(), item_id).row
    return render("inbox/raw.html", RawPage(item_id, row.author, opened=False, lines="", reason="", error=""))


@blueprint.post("/<int:item_id>/raw")
@needs(Permission.RAW)
def show_raw(item_id: int) -> Response | tuple[str, int]:
    row, reason = queries.get_item(work(), item_id).row, request.form.get("reason", "")
    try:
        record = open_raw(work(), [item_id], reason=reason)[item_id]
    except InvalidInputError as error:
        page = RawPage(item_id, row.author, opened=False, lines="", reason=reason, error=error.fields["reason"])
        return render("inbox/raw.html", page), 400
    lines = json.dumps(record, indent=2, ensure_ascii=False) if record else ""
    page = RawPage(item_id, row.author, opened=True, lines=lines, reason=reason, error="")
    answer = make_response(render("inbox/raw.html", page))
    answer.headers["Cache-Control"] = "no-store"
    return answer
