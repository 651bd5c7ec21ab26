"""Talking to customers from an improvement or a theme, what a theme was told, and who of the managers talked lately."""

from collections.abc import Mapping
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import themes
from bpm.feedback.themes import ThemeRow
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import improvements, two_way
from bpm.processes.improvements import ImprovementDetail, Origin
from bpm.processes.two_way import TOLD_BY, About, Candidates, DirectContact, TalkDraft, TalkRow, ToldRow
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint

KINDS = {"call": _("call them"), "meet": _("meet them")}


@dataclass(frozen=True)
class Asking:
    """The form for a talk: whom, how, why, and who does."""

    candidates: Candidates
    kinds: Mapping[str, str]
    people: tuple[tuple[int, str], ...]
    me: int | None
    may_ask: bool
    errors: Mapping[str, str]
    written: Mapping[str, str]


@dataclass(frozen=True)
class TalksPage:
    """What improvements/talks.html shows of one improvement."""

    it: ImprovementDetail
    asking: Asking
    talks: tuple[TalkRow, ...]


@dataclass(frozen=True)
class ThemePage:
    """What improvements/theme.html shows: what was learnt and told of a theme, and what came of it."""

    row: ThemeRow
    told: tuple[ToldRow, ...]
    ways: Mapping[str, str]
    improvements: tuple[tuple[int, str, str], ...]
    asking: Asking
    talks: tuple[TalkRow, ...]
    may_change: bool
    problem: str = ""


@dataclass(frozen=True)
class AllTalksPage:
    """What improvements/all_talks.html shows."""

    contact: DirectContact
    talks: tuple[TalkRow, ...]


def _asking(about: About, error: EarshotError | None) -> Asking:
    people = tuple((each.id, each.display_name) for each in identity.list_users(work()) if each.active)
    errors = error.fields if isinstance(error, InvalidInputError) else {}
    return Asking(
        two_way.candidates_of(work(), about), KINDS, people, actor().user_id, may(actor(), Permission.WORK), errors,
        dict(request.form) if error else {},
    )  # fmt: skip


@blueprint.get("/talks")
@needs(Permission.INSIGHTS)
def all_talks() -> str:
    page = AllTalksPage(two_way.direct_contact(work()), two_way.talks_of(work()))
    return render("improvements/all_talks.html", page)


@blueprint.get("/<int:improvement_id>/talks")
@needs(Permission.SEE_FEEDBACK)
def talks(improvement_id: int) -> str:
    return _talks(improvement_id)


def _talks(improvement_id: int, error: EarshotError | None = None) -> str:
    about = About(improvement_id=improvement_id)
    it = improvements.get_improvement(work(), improvement_id)
    page = TalksPage(it, _asking(about, error), two_way.talks_of(work(), about))
    return render("improvements/talks.html", page)


@blueprint.post("/<int:improvement_id>/talks")
@needs(Permission.WORK)
def ask_talk(improvement_id: int) -> Response | tuple[str, int]:
    try:
        two_way.ask_talk(work(), About(improvement_id=improvement_id), _draft())
    except InvalidInputError as error:
        return _talks(improvement_id, error), 400
    say(_("It stands among the tasks of whoever talks to them."))
    return go("improvements.talks", improvement_id=improvement_id)


def _draft() -> TalkDraft:
    sent = request.form
    return TalkDraft(
        key_of(sent.get("customer", "")) or 0, sent.get("kind", ""), sent.get("why", ""), key_of(sent.get("who", ""))
    )


@blueprint.get("/themes/<int:theme_id>")
@needs(Permission.SEE_FEEDBACK)
def of_theme(theme_id: int) -> str:
    return _theme(theme_id)


def _theme(theme_id: int, error: EarshotError | None = None, *, problem: str = "") -> str:
    row = themes.get_theme(work(), theme_id)
    about = About(theme_id=row.id)
    page = ThemePage(
        row,
        two_way.told_of(work(), row.id),
        {str(kind): _(words) for kind, words in TOLD_BY.items()},
        improvements.opened_from(work(), Origin.THEME, str(row.id)),
        _asking(about, error),
        two_way.talks_of(work(), about),
        may(actor(), Permission.ANSWER),
        problem,
    )
    return render("improvements/theme.html", page)


@blueprint.post("/themes/<int:theme_id>/talks")
@needs(Permission.WORK)
def ask_talk_of_theme(theme_id: int) -> Response | tuple[str, int]:
    try:
        two_way.ask_talk(work(), About(theme_id=themes.get_theme(work(), theme_id).id), _draft())
    except InvalidInputError as error:
        return _theme(theme_id, error), 400
    say(_("It stands among the tasks of whoever talks to them."))
    return go("improvements.of_theme", theme_id=theme_id)


@blueprint.post("/themes/<int:theme_id>/told")
@needs(Permission.ANSWER)
def add_told(theme_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        two_way.add_told(work(), theme_id, sent.get("by", ""), sent.get("ref", ""))
    except InvalidInputError as error:
        return _theme(theme_id, problem=f"{error.message} {error.remedy}"), 400
    say(_("Kept."))
    return go("improvements.of_theme", theme_id=theme_id)


@blueprint.post("/themes/<int:theme_id>/told/<int:told_id>/removal")
@needs(Permission.ANSWER)
def drop_told(theme_id: int, told_id: int) -> Response:
    two_way.drop_told(work(), theme_id, told_id)
    say(_("Taken out."))
    return go("improvements.of_theme", theme_id=theme_id)
