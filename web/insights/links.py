"""Where an item went: its cases and activities, on the item's own page; attribution by hand and its undoing."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm import processes
from bpm.engine import queries as engine_queries
from bpm.feedback.outbound import GateError, Remark
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import queries
from bpm.processes.artefacts import ArtefactRow, choosable
from bpm.processes.queries import DraftRow, ItemLink, OpenedCase
from bpm.processes.status import LinkKind
from web.core.numbers import key_of
from web.core.rendering import go_back, render, render_part, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.measures.link_kinds import WORDS

blueprint = Blueprint("links", __name__)

UNPLACEABLE = (
    "sequenceFlow",
    "lane",
    "laneSet",
    "participant",
    "process",
    "collaboration",
    "messageFlow",
    "dataObject",
)


@dataclass(frozen=True)
class Place:
    """Where a person may put an item: `value` is "version:element"."""

    value: str
    label: str


@dataclass(frozen=True)
class Places:
    """The places of one process's live version."""

    process: str
    places: tuple[Place, ...]


@dataclass(frozen=True)
class WherePage:
    """What where_it_went.html shows."""

    item_id: int
    links: tuple[ItemLink, ...]
    opened: tuple[OpenedCase, ...]
    """The cases that these words opened, when they are several."""
    drafts: tuple[DraftRow, ...]
    places: tuple[Places, ...]
    artefacts: tuple[ArtefactRow, ...]
    back: str

    def kind(self, link: ItemLink) -> str:
        """How the words and the case belong together, in words."""
        return WORDS[LinkKind(link.kind)]


def where_it_went(work: Work, item_id: int) -> Markup:
    """The block for an item's page: links and their certainty, drafts that wait, a form to say where it belongs."""
    editable = may(work.actor, Permission.SEE_FEEDBACK)
    page = WherePage(
        item_id=item_id,
        links=tuple(queries.item_links(work, item_id)),
        opened=queries.cases_opened_by(work, item_id),
        drafts=tuple(queries.list_drafts(work, item_id=item_id)),
        places=tuple(places_of_live_versions(work)) if editable else (),
        artefacts=tuple(choosable(work)) if editable else (),
        back=request.full_path.rstrip("?"),
    )
    return render_part("insights/where_it_went.html", "where", page)


def places_of_live_versions(work: Work) -> list[Places]:
    """Where a person may put an item, by process."""
    found = []
    for row in engine_queries.list_definitions(work):
        if row.live_version_id is None:
            continue
        elements = engine_queries.get_version(work, row.live_version_id).elements
        places = tuple(
            Place(f"{row.live_version_id}:{element['id']}", element["name"])
            for element in elements
            if element["name"] and element["type"] not in UNPLACEABLE
        )
        found.append(Places(row.name, places))
    return found


@blueprint.post("/insights/items/<int:item_id>/attributions")
@needs(Permission.SEE_FEEDBACK)
def attribute(item_id: int) -> Response:
    version, _, element = request.form.get("place", "").partition(":")
    version_id = key_of(version)
    if version_id is None or not element:
        raise InvalidInputError("No place was chosen.", remedy="Choose the activity that the item is about.")
    link = processes.attribute(work(), item_id, version_id=version_id, element=element)
    say("Said where it belongs.", undo=url_for("links.detach", attribution_id=link.id))
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/insights/attributions/<int:attribution_id>/end")
@needs(Permission.SEE_FEEDBACK)
def detach(attribution_id: int) -> Response:
    item_id = processes.detach(work(), attribution_id)
    say("Taken off. Without another link the item is in the space between.")
    return go_back("inbox.item", item_id=item_id)


@dataclass(frozen=True)
class HeldDraft:
    """A draft that the gate kept back, with the words as they were sent."""

    draft_id: int
    text: str
    refusals: tuple[Remark, ...]
    warnings: tuple[Remark, ...]


@dataclass(frozen=True)
class DraftsPage:
    rows: Sequence[DraftRow]
    held: HeldDraft | None = None


@blueprint.get("/drafts")
@needs(Permission.ANSWER)
def drafts() -> str:
    return render("insights/drafts.html", DraftsPage(queries.list_drafts(work(), user_id=actor().user_id)))


@blueprint.post("/drafts/<int:draft_id>/send")
@needs(Permission.ANSWER)
def send(draft_id: int) -> Response | tuple[str, int]:
    words = request.form.get("text", "")
    try:
        processes.send_draft(work(), draft_id, text=words, confirmed=request.form.getlist("confirmed"))
    except GateError as error:
        held = HeldDraft(draft_id, words, error.verdict.refusals, error.verdict.warnings)
        rows = queries.list_drafts(work(), user_id=actor().user_id)
        return render("insights/drafts.html", DraftsPage(rows, held)), 400
    say(_("It is your reply now, in your name. The conversation says how far it is."))
    return go_back("links.drafts")


@blueprint.post("/drafts/<int:draft_id>/drop")
@needs(Permission.ANSWER)
def drop(draft_id: int) -> Response:
    processes.drop_draft(work(), draft_id)
    say("Dropped: these words go to nobody.")
    return go_back("links.drafts")
