"""What colleagues do for a customer's page: the trail on an item's page, private links, names that may be read."""

from dataclasses import dataclass

from flask import Blueprint, flash, request, session
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm import mail
from bpm.engine import queries as engine_queries
from bpm.feedback import portal, queries
from bpm.feedback.portal import LinkRow, Wish
from bpm.feedback.queries import ItemRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, list_groups, may
from bpm.processes import improvements, trails
from bpm.processes.trails import Stage, Trail
from web.core.rendering import go, go_back, render, render_part, say
from web.core.request_context import actor, work
from web.core.security import needs

blueprint = Blueprint("portal", __name__)

STAGE_WORDS = {
    Stage.HEARD: _("heard"),
    Stage.UNDERSTOOD: _("understood"),
    Stage.DECIDED: _("decided"),
    Stage.CHANGED: _("changed"),
    Stage.TOLD: _("told"),
}


@dataclass(frozen=True)
class TrailPart:
    """What portal/trail.html shows on an item's page; `address` is a link that was just made or asked for."""

    item_id: int
    trail: Trail
    words: dict[Stage, str]
    links: tuple[LinkRow, ...]
    address: str
    improvements: tuple[tuple[int, str, str], ...]
    wish: Wish | None
    may_answer: bool
    placeholder: str


@blueprint.record
def _offer(state: BlueprintSetupState) -> None:
    """Item pages show the trail by one word in their template."""
    state.app.jinja_env.globals["what_became"] = what_became


def what_became(row: ItemRow) -> Markup:
    """The trail of an item and the private links made for its author, for its page."""
    shown = TrailPart(
        item_id=row.id,
        trail=trails.read_trails(work(), [row.id])[row.id],
        words=STAGE_WORDS,
        links=portal.links_of(work(), row.id),
        address=_address(row.first_id),
        improvements=improvements.improvements_of(work(), row.first_id),
        wish=portal.wish_of(work(), row.customer_id) if row.customer_id else None,
        may_answer=may(actor(), Permission.ANSWER),
        placeholder=portal.PLACEHOLDER,
    )
    return render_part("portal/trail.html", "trail", shown)


def _address(first_id: int) -> str:
    """The address of the link that the person just asked for, once; it stands in no list."""
    item_id, _colon, address = str(session.get("private_link", "")).partition(" ")
    return address if item_id == str(first_id) else ""


@blueprint.post("/inbox/<int:item_id>/private-links")
@needs(Permission.ANSWER)
def make(item_id: int) -> Response:
    link_id = portal.make_link(work(), item_id)
    return _show(item_id, link_id, _("The link is made. Copy it, or write {link} into your reply."))


@blueprint.post("/inbox/<int:item_id>/private-links/<int:link_id>/copy")
@needs(Permission.ANSWER)
def copy(item_id: int, link_id: int) -> Response:
    if link_id not in {each.id for each in portal.links_of(work(), item_id)}:
        raise InvalidInputError(_("The link is another item's."), remedy=_("Look at the item again."))
    return _show(item_id, link_id, _("Here is the link."))


def _show(item_id: int, link_id: int, words: str) -> Response:
    first = queries.get_item(work(), item_id).row.first_id
    session["private_link"] = f"{first} {mail.public_link(work().settings, portal.path_of(work(), link_id))}"
    flash({"text": words, "undo": ""})  # type: ignore[arg-type]  # the stubs want a text, any value that is JSON is kept
    return go("inbox.item", item_id=item_id)


@blueprint.post("/inbox/private-links/<int:link_id>/revocation")
@needs(Permission.ANSWER)
def revoke(link_id: int) -> Response:
    item_id = portal.revoke_link(work(), link_id)
    session.pop("private_link", None)
    say(_("The link leads nowhere now."))
    return go_back("inbox.item", item_id=item_id)


@dataclass(frozen=True)
class NameRow:
    """A name of ours, and the words that customers may read for it."""

    kind: str
    key: str
    name: str
    words: str


@dataclass(frozen=True)
class NamesPage:
    """What portal/names.html shows."""

    rows: tuple[NameRow, ...]


@blueprint.get("/inbox/names")
@needs(Permission.INSIGHTS)
def names() -> str:
    known = {(str(row.kind), row.key): row.words for row in trails.list_published_names(work())}
    all_of_them = [("group", each.key, each.name) for each in list_groups(work())]
    all_of_them += [("process", each.key, each.name) for each in engine_queries.list_definitions(work())]
    all_of_them += [("topic", topic, topic) for topic, _count in queries.topics_in_use(work(), 40)]
    listed = {(kind, key) for kind, key, _name in all_of_them}
    all_of_them += [(kind, key, key) for kind, key in known if (kind, key) not in listed]
    rows = tuple(NameRow(kind, key, name, known.get((kind, key), "")) for kind, key, name in all_of_them)
    return render("portal/names.html", NamesPage(rows))


@blueprint.post("/inbox/names")
@needs(Permission.INSIGHTS)
def publish() -> Response:
    sent = request.form
    trails.publish_name(work(), sent.get("kind", ""), sent.get("key", ""), sent.get("words", ""))
    say(_("Customers read it so from now on.") if sent.get("words", "").strip() else _("It stays inside."))
    return go("portal.names")
