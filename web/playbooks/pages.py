"""The list of playbooks, and one with its situation, steps, versions, figures of use and the uses behind them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from flask import request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import KINDS, playbooks, queries
from bpm.feedback.playbooks import MOST_STEPS, TONES, PlaybookRow, UseRow, VersionFigures
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.playbooks.blueprint import blueprint
from web.ui.fields import Field

USUALLY_GOOD_FOR = timedelta(days=180)


@dataclass(frozen=True)
class PlaybookLine:
    """One of the list; `problem` says why it is not offered."""

    row: PlaybookRow
    problem: str
    situation: str


@dataclass(frozen=True)
class PlaybooksPage:
    """What playbooks/list.html shows."""

    rows: tuple[PlaybookLine, ...]
    may_change: bool


@dataclass(frozen=True)
class PlaybookPage:
    """What playbooks/playbook.html shows."""

    line: PlaybookLine | None
    url: str
    fields: tuple[Field, ...]
    versions: tuple[VersionFigures, ...]
    uses: tuple[UseRow, ...]
    version: int | None
    """Whose uses are listed; None: of all."""
    may_change: bool
    error: str = ""


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def listing() -> str:
    rows = tuple(_line(row, work().now().date()) for row in playbooks.list_playbooks(work()))
    return render("playbooks/list.html", PlaybooksPage(rows, may(actor(), Permission.ANSWER)))


@blueprint.get("/new")
@needs(Permission.ANSWER)
def new() -> str:
    day = (work().now() + USUALLY_GOOD_FOR).date().isoformat()
    return render("playbooks/playbook.html", _page(work(), None, {"review_by": day, "owner": str(actor().user_id)}))


@blueprint.get("/<int:playbook_id>")
@needs(Permission.SEE_FEEDBACK)
def playbook(playbook_id: int) -> str:
    row = playbooks.get_playbook(work(), playbook_id)
    return render("playbooks/playbook.html", _page(work(), row, _values(row)))


@blueprint.post("")
@needs(Permission.ANSWER)
def make() -> Response | tuple[str, int]:
    try:
        playbook_id = playbooks.save_playbook(work(), request.form)
    except InvalidInputError as error:
        return render("playbooks/playbook.html", _page(work(), None, request.form, error)), 400
    say(_("Kept: it is offered beside what it fits."))
    return go("playbooks.playbook", playbook_id=playbook_id)


@blueprint.post("/<int:playbook_id>")
@needs(Permission.ANSWER)
def change(playbook_id: int) -> Response | tuple[str, int]:
    row = playbooks.get_playbook(work(), playbook_id)
    try:
        playbooks.save_playbook(work(), request.form, playbook_id=playbook_id)
    except InvalidInputError as error:
        return render("playbooks/playbook.html", _page(work(), row, request.form, error)), 400
    say(_("Kept. What is under way goes on by the steps that it began with."))
    return go("playbooks.playbook", playbook_id=playbook_id)


@blueprint.post("/<int:playbook_id>/end")
@needs(Permission.ANSWER)
def retire(playbook_id: int) -> Response:
    playbooks.retire_playbook(work(), playbook_id)
    say(_("It is offered no more; its uses stay."))
    return go("playbooks.listing")


def _line(row: PlaybookRow, today: date) -> PlaybookLine:
    parts = [each.replace("_", " ") for each in (row.topic, row.kind, row.tone) if each]
    return PlaybookLine(row, row.problem(today), " · ".join(parts) or _("whatever it is about"))


def _values(row: PlaybookRow) -> Mapping[str, str]:
    return {
        "name": row.name, "topic": row.topic, "kind": row.kind, "tone": row.tone, "steps": "\n".join(row.steps),
        "review_by": row.review_by.isoformat(), "owner": str(row.owner_id),
    }  # fmt: skip


def _page(
    unit: Work, row: PlaybookRow | None, values: Mapping[str, str], error: InvalidInputError | None = None
) -> PlaybookPage:
    errors = error.fields if error else {}
    people = [(str(each.id), each.display_name) for each in identity.list_users(unit) if each.active]
    topics = sorted({topic for topic, _number in queries.topics_in_use(unit, 50)} | ({row.topic} if row else set()))
    fields = [
        Field("name", _("Name"), "text", required=True),
        Field("topic", _("When it is about"), "select", _("Holds for its parts, too."),
              options=[(each, each) for each in topics if each]),
        Field("kind", _("and is a"), "select", options=[(each, each.replace("_", " ")) for each in KINDS]),
        Field("tone", _("and sounds"), "select", options=[(each, each) for each in TONES]),
        Field("steps", _("Steps"), "area", _("One a line, at most %(most)s.") % {"most": MOST_STEPS},
              required=True, rows=8),
        Field("owner", _("Owner"), "select", _("Looks at it again."), required=True, options=people),
        Field("review_by", _("Offered until"), "date", required=True),
    ]  # fmt: skip
    if row is not None:
        why = _("Asked for where the steps change: they become the next version.")
        fields.append(Field("reason", _("Why is it changed?"), "text", why))
    number = key_of(request.args.get("version", ""))
    return PlaybookPage(
        line=_line(row, unit.now().date()) if row else None,
        url=url_for("playbooks.change", playbook_id=row.id) if row else url_for("playbooks.make"),
        fields=tuple(each.with_value(values.get(each.name, ""), error=errors.get(each.name, "")) for each in fields),
        versions=playbooks.figures_of(unit, row.id) if row else (),
        uses=playbooks.uses_of(unit, row.id, version=number) if row else (),
        version=number,
        may_change=may(actor(), Permission.ANSWER),
        error=str(error.message) if error else "",
    )
