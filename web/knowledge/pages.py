"""Articles and differing answers as people work with them; what is known beside the item that asks for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Blueprint, request
from flask.blueprints import BlueprintSetupState
from markupsafe import Markup
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import knowledge, queries
from bpm.feedback.knowledge import ArticleDraft, ArticleRow, Difference
from bpm.feedback.queries import ItemRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.rendering import go, go_back, render, render_part, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.ui.fields import Field

blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge")


@dataclass(frozen=True)
class ArticlesPage:
    """What knowledge/articles.html shows; the form writes a new article, or changes the one that is named."""

    rows: tuple[ArticleRow, ...]
    fields: tuple[Field, ...]
    article_id: int | None
    item_id: int | None
    deflected: int
    public: bool
    may_write: bool
    me: int | None


@dataclass(frozen=True)
class DifferencesPage:
    """What knowledge/differences.html shows."""

    rows: tuple[Difference, ...]
    may_settle: bool


@dataclass(frozen=True)
class KnownPart:
    """What knowledge/known.html shows on an item's page."""

    item_id: int
    rows: tuple[ArticleRow, ...]


@blueprint.record
def _offer(state: BlueprintSetupState) -> None:
    """Item pages show what is known by one word in their template."""
    state.app.jinja_env.globals["what_we_know"] = what_we_know


def what_we_know(row: ItemRow) -> Markup:
    """The articles that may answer an item, for its page; nothing for those who do not answer."""
    if not may(actor(), Permission.ANSWER):
        return Markup("")
    found = knowledge.offer(work(), f"{row.subject}\n{row.text}", topic=row.topic or "")
    return render_part("knowledge/known.html", "known", KnownPart(row.id, found))


def _page(error: InvalidInputError | None = None) -> ArticlesPage:
    rows = knowledge.list_articles(work())
    article_id, item_id = key_of(request.values.get("article", "")), key_of(request.values.get("item", ""))
    known = next((each for each in rows if each.id == article_id), None)
    values: Mapping[str, str] = request.form if error else _values(known, item_id)
    return ArticlesPage(
        rows, _fields(values, error.fields if error else {}), known.id if known else None, item_id,
        knowledge.count_deflected(work()),
        public=values.get("public", "") == "true",
        may_write=may(actor(), Permission.ANSWER),
        me=actor().user_id,
    )  # fmt: skip


def _values(known: ArticleRow | None, item_id: int | None) -> dict[str, str]:
    """What the form begins with: an article, or the words of a customer whose answer is adopted."""
    if known is not None:
        return {
            "title": known.title, "text": known.text, "topic": known.topic, "owner": str(known.owner_id),
            "review_by": known.review_by.isoformat(), "public": "true" if known.public else "",
            "credited_name": known.credited_name,
        }  # fmt: skip
    if item_id is None:
        return {}
    item = queries.get_item(work(), item_id).row
    return {"title": item.subject, "text": item.text, "topic": item.topic or ""}


def _fields(values: Mapping[str, str], errors: Mapping[str, str]) -> tuple[Field, ...]:
    people = [(str(each.id), each.display_name) for each in identity.list_users(work()) if each.active]
    drawn = (
        Field("title", _("Question"), "text", required=True, limits={"maxlength": 300}),
        Field("text", _("Answer"), "area", required=True, rows=6),
        Field("topic", _("Topic"), "text", _("Of the items that it is offered for first.")),
        Field("owner", _("Owner"), "select", options=people),
        Field("review_by", _("May be used until"), "date", _("Then its owner looks at it again."), required=True),
        Field("credited_name", _("Found by"), "text", _("A customer who agreed to be named.")),
    )
    return tuple(each.with_value(values.get(each.name, ""), error=errors.get(each.name, "")) for each in drawn)


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def articles() -> str:
    return render("knowledge/articles.html", _page())


@blueprint.post("")
@needs(Permission.ANSWER)
def save() -> Response | tuple[str, int]:
    sent = request.form
    draft = ArticleDraft(
        sent.get("title", ""), sent.get("text", ""), sent.get("topic", ""), public=sent.get("public") == "true",
        owner_id=key_of(sent.get("owner", "")), review_by=_day(sent.get("review_by", "")),
        item_id=key_of(sent.get("item", "")), credited_name=sent.get("credited_name", ""),
    )  # fmt: skip
    try:
        knowledge.save_article(work(), draft, article_id=key_of(sent.get("article", "")))
    except InvalidInputError as error:
        return render("knowledge/articles.html", _page(error)), 400
    say(_("Kept. It is offered once a colleague has approved it."))
    return go("knowledge.articles")


def _day(written: str) -> date | None:
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


@blueprint.post("/<int:article_id>/approval")
@needs(Permission.ANSWER)
def approve(article_id: int) -> Response:
    knowledge.approve_article(work(), article_id)
    say(_("Approved: it is offered from now on."))
    return go("knowledge.articles")


@blueprint.post("/<int:article_id>/retirement")
@needs(Permission.ANSWER)
def retire(article_id: int) -> Response:
    knowledge.retire_article(work(), article_id)
    say(_("It is offered no more."))
    return go("knowledge.articles")


@blueprint.post("/<int:article_id>/use")
@needs(Permission.ANSWER)
def use(article_id: int) -> Response:
    item_id = key_of(request.form.get("item", ""))
    knowledge.note_use(work(), article_id, kind="reply", item_id=item_id)
    say(_("Noted that it was used."))
    return go_back("inbox.item", item_id=item_id) if item_id is not None else go("knowledge.articles")


@blueprint.get("/differences")
@needs(Permission.SEE_FEEDBACK)
def differences() -> str:
    rows = tuple(knowledge.list_differences(work()))
    return render("knowledge/differences.html", DifferencesPage(rows, may(actor(), Permission.ANSWER)))


@blueprint.post("/differences")
@needs(Permission.ANSWER)
def settle() -> Response:
    left, right = key_of(request.form.get("left", "")), key_of(request.form.get("right", ""))
    knowledge.settle_difference(work(), left or 0, right or 0, reason=request.form.get("reason", ""))
    say(_("Settled."))
    return go("knowledge.differences")
