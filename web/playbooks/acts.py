"""What a person does with a playbook beside an item: begin it, tick its steps, end it and say what was skipped."""

from flask import request
from werkzeug.wrappers import Response

from bpm.feedback import playbooks, queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import go_back, is_htmx, render, say
from web.core.request_context import work
from web.core.security import needs
from web.playbooks.blueprint import blueprint
from web.playbooks.panel import playbook_panel


@blueprint.post("/<int:playbook_id>/items/<int:item_id>")
@needs(Permission.ANSWER)
def begin(playbook_id: int, item_id: int) -> Response:
    playbooks.begin(work(), item_id, playbook_id)
    say(_("Its steps stand beside the item: tick them as you go."))
    return _to(item_id)


@blueprint.post("/uses/<int:use_id>/items/<int:item_id>/steps/<int:number>")
@needs(Permission.ANSWER)
def tick(use_id: int, item_id: int, number: int) -> Response | str:
    playbooks.tick(work(), use_id, number, done=request.form.get("done") == "1")
    return _panel(item_id) if is_htmx() else _to(item_id)


@blueprint.post("/uses/<int:use_id>/items/<int:item_id>/end")
@needs(Permission.ANSWER)
def finish(use_id: int, item_id: int) -> Response | tuple[str, int]:
    whys = {
        int(name.removeprefix("why-")): value
        for name, value in request.form.items()
        if name.startswith("why-") and name.removeprefix("why-").isdecimal()
    }
    try:
        playbooks.finish(work(), use_id, whys)
    except InvalidInputError as error:
        return _panel(item_id, errors=dict(error.fields), whys={f"why-{n}": why for n, why in whys.items()}), 400
    say(_("Ended. What was done and what was skipped stands beside the item."))
    return _to(item_id)


def _panel(item_id: int, *, errors: dict[str, str] | None = None, whys: dict[str, str] | None = None) -> str:
    row = queries.get_item(work(), item_id).row
    return render("playbooks/beside.html", playbook_panel(row, errors=errors, whys=whys))


def _to(item_id: int) -> Response:
    return go_back("inbox.item", item_id=item_id, _anchor="playbooks")
