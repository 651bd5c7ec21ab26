"""Tags: put on an item and taken off, and the list of them, where they are renamed and merged."""

from dataclasses import dataclass

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import queries, tags
from bpm.feedback.tags import TagRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.rendering import go, go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.blueprint import blueprint


@dataclass(frozen=True)
class TagsPage:
    """What inbox/tag_list.html shows."""

    rows: tuple[TagRow, ...]
    may_change: bool


@blueprint.get("/tags")
@needs(Permission.SEE_FEEDBACK)
def tag_list() -> str:
    return render("inbox/tag_list.html", TagsPage(tags.list_tags(work()), may(actor(), Permission.ANSWER)))


@blueprint.post("/tags/<int:tag_id>/name")
@needs(Permission.ANSWER)
def rename_tag(tag_id: int) -> Response:
    tags.rename_tag(work(), tag_id, request.form.get("name", ""))
    say(_("Renamed."))
    return go("inbox.tag_list")


@blueprint.post("/tags/<int:tag_id>/merge")
@needs(Permission.ANSWER)
def merge_tag(tag_id: int) -> Response:
    into = key_of(request.form.get("into", ""))
    if into is None:
        raise InvalidInputError(_("No other tag was named."), remedy=_("Choose one."))
    moved = tags.merge_tags(work(), tag_id, into=into)
    told = ngettext("Merged: %(num)s item moved.", "Merged: %(num)s items moved.", moved) % {"num": moved}
    say(told)
    return go("inbox.tag_list")


@blueprint.post("/<int:item_id>/tags")
@needs(Permission.ANSWER)
def tag_item(item_id: int) -> Response:
    sent = request.form
    done = tags.tag_items(work(), [item_id], sent.get("tag", ""), group_key=sent.get("tag_group", ""))
    undo = url_for("inbox.undo_many", verb="tag", behind=done.behind, upto=done.upto) if done.items else ""
    say(_("Tagged."), undo=undo)
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/tags/<int:tag_id>/end")
@needs(Permission.ANSWER)
def untag_item(item_id: int, tag_id: int) -> Response:
    name = tags.untag(work(), queries.get_item(work(), item_id).row.first_id, tag_id)
    say(_("No longer tagged %(name)s.") % {"name": name})
    return go_back("inbox.item", item_id=item_id)
