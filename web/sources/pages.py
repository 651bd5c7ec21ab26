"""Sources in the browser: what is connected and how it does, set up and tried by whoever may import."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm.feedback import connectors, queries
from bpm.feedback.connectors import KINDS, Ability, Kind, Trial, get_kind
from bpm.feedback.queries import ChannelScore, ConnectorRow, SourceCoverage, UnwatchedPlace
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.mail import public_link
from web.core import idempotency
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.sources.forms import fields_of_kind
from web.ui.fields import Field

blueprint = Blueprint("sources", __name__, url_prefix="/inbox/sources")

STATES: Mapping[str, tuple[str, str]] = {
    "working": (_("works"), "good"),
    "waiting": (_("not asked yet"), "plain"),
    "failing": (_("fails"), "bad"),
    "paused": (_("paused"), "warn"),
}
"""State -> its words and the tone of its badge."""


ABILITIES: Mapping[Ability, str] = {
    Ability.INGEST: _("brings items"),
    Ability.THREAD: _("knows what answers what"),
    Ability.IDENTITY: _("tells people apart"),
    Ability.REPLY: _("answers there"),
    Ability.DELIVERY: _("hears what became of it"),
}
"""What a source can do, in the order of the scorecard."""


@dataclass(frozen=True)
class SourcesPage:
    """What sources/list.html shows."""

    rows: tuple[ConnectorRow, ...]
    coverage: Mapping[str, SourceCoverage]
    kinds: tuple[Kind, ...]
    scores: tuple[ChannelScore, ...]
    abilities: Mapping[Ability, str]
    unwatched: tuple[UnwatchedPlace, ...]
    states: Mapping[str, tuple[str, str]]
    intervals: Mapping[str, str]


@dataclass(frozen=True)
class SourcePage:
    """What sources/edit.html shows."""

    kind: Kind
    row: ConnectorRow | None
    url: str
    own: tuple[Field, ...]
    general: tuple[Field, ...]
    trial: Trial | None = None
    error: str = ""
    hook: str = ""
    """The address that the other system calls, where it can."""


@blueprint.app_template_filter("in_words")
def in_words(abilities: Iterable[Ability], words: Mapping[Ability, str]) -> str:
    """Abilities as a person reads them, in the order of the scorecard."""
    told = set(abilities)
    return ", ".join(each for ability, each in words.items() if ability in told)


@blueprint.get("")
@needs(Permission.IMPORT)
def sources() -> str:
    covered = {each.source: each for each in queries.list_source_coverage(work())}
    rows = tuple(queries.list_connectors(work()))
    kinds = tuple(KINDS.values())
    scores, places = tuple(queries.list_channel_scores(work())), tuple(queries.list_unwatched_places(work()))
    intervals = dict(connectors.INTERVALS)
    return render("sources/list.html", SourcesPage(rows, covered, kinds, scores, ABILITIES, places, STATES, intervals))


def fingerprint(unit: Work) -> str:
    """Changes when a source was asked, or stands otherwise than before."""
    rows = queries.list_connectors(unit)
    return f"{[(row.id, row.state, row.failures, row.next_at, row.last_polled_at) for row in rows]}"


@blueprint.get("/new/<kind>")
@needs(Permission.IMPORT)
def new(kind: str) -> str:
    return render("sources/edit.html", _page(get_kind(kind), None, {}))


@blueprint.get("/<int:source_id>")
@needs(Permission.IMPORT)
def edit(source_id: int) -> str:
    row = queries.find_connector(work(), source_id)
    kept = connectors.kept_secrets(work(), source_id)
    return render("sources/edit.html", _page(row.kind, row, row.values, kept=kept))


@blueprint.post("/new/<kind>")
@needs(Permission.IMPORT, unit="own")
def make(kind: str) -> Response | str | tuple[str, int]:
    return _take(get_kind(kind), None)


@blueprint.post("/<int:source_id>")
@needs(Permission.IMPORT, unit="own")
def change(source_id: int) -> Response | str | tuple[str, int]:
    with product().unit_of_work.reading(actor()) as reading:
        row = queries.find_connector(reading, source_id)
    return _take(row.kind, row)


def _take(kind: Kind, row: ConnectorRow | None) -> Response | str | tuple[str, int]:
    """Try it (keeps nothing) or keep it, by the button that was pressed; no transaction is open while it is asked."""
    given = {name: value for name, value in request.form.items() if name not in {"csrf_token", "command_key", "do"}}
    row_id = row.id if row else None
    with product().unit_of_work.reading(actor()) as reading:
        kept = connectors.kept_secrets(reading, row_id) if row_id is not None else frozenset()
    try:
        if request.form.get("do") == "try":
            trial = connectors.try_connector(product().unit_of_work, kind.name, given, connector_id=row_id)
            return _show(_page(kind, row, given, kept=kept, trial=trial))
        return _keep(kind, row_id, given)
    except InvalidInputError as error:
        return _show(_page(kind, row, given, kept=kept, error=error)), 400


def _keep(kind: Kind, row_id: int | None, given: Mapping[str, str]) -> Response:
    with product().unit_of_work(actor()) as writing:
        if row_id is None:
            connectors.make_connector(writing, kind.name, given)
        else:
            connectors.change_connector(writing, row_id, given)
        answer = go("sources.sources")
        idempotency.remember(writing, answer)
    say(_("Saved. It is asked in a moment.") if row_id is None else _("Saved."))
    return answer


def _show(page: SourcePage) -> str:
    with product().unit_of_work.reading(actor()):
        return render("sources/edit.html", page)


def _page(
    kind: Kind,
    row: ConnectorRow | None,
    values: Mapping[str, str],
    *,
    kept: frozenset[str] = frozenset(),
    trial: Trial | None = None,
    error: InvalidInputError | None = None,
) -> SourcePage:
    own, general = fields_of_kind(kind, values, kept=kept, errors=error.fields if error else {})
    url = url_for("sources.change", source_id=row.id) if row else url_for("sources.make", kind=kind.name)
    hook = public_link(product().settings, url_for("api.call", source_id=row.id)) if row and kind.proof else ""
    return SourcePage(kind, row, url, own, general, trial, str(error) if error else "", hook)


@blueprint.post("/<int:source_id>/now")
@needs(Permission.IMPORT)
def poll_now(source_id: int) -> Response:
    connectors.poll_now(work(), source_id)
    say(_("It is asked in a moment."))
    return go("sources.sources")


@blueprint.post("/<int:source_id>/pause")
@needs(Permission.IMPORT)
def pause(source_id: int) -> Response:
    connectors.pause_connector(work(), source_id)
    say(_("Paused."), undo=url_for("sources.resume", source_id=source_id))
    return go("sources.sources")


@blueprint.post("/<int:source_id>/resume")
@needs(Permission.IMPORT)
def resume(source_id: int) -> Response:
    connectors.resume_connector(work(), source_id)
    say(_("It is asked again; what came meanwhile is fetched."))
    return go("sources.sources")


@blueprint.post("/<int:source_id>/anew")
@needs(Permission.IMPORT)
def anew(source_id: int) -> Response:
    connectors.begin_anew(work(), source_id)
    say(_("It is read from the beginning; what is known is not taken twice."))
    return go("sources.sources")


@blueprint.post("/<int:source_id>/remove")
@needs(Permission.IMPORT)
def remove(source_id: int) -> Response:
    connectors.remove_connector(work(), source_id)
    say(_("Taken away. What it brought stays."))
    return go("sources.sources")
