"""The items behind figures of the measures pages, and lists that must be emptied."""

from dataclasses import dataclass

from flask import request, url_for

from bpm.engine import queries as engine_queries
from bpm.feedback.queries import ItemRow
from bpm.feedback.status import Voice
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import queries
from bpm.processes.attribution import LIVED
from bpm.processes.escapes import list_escapes
from bpm.processes.queries import (
    BLACK_HOLE_AFTER,
    HeardItem,
)
from bpm.processes.status import LinkKind
from web.core.paging import SIZE, after
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.insights.between import between_page
from web.insights.blueprint import blueprint
from web.measures.link_kinds import WORDS, asked_kinds
from web.measures.periods import asked_period
from web.measures.voices import VOICE_WORDS, asked_voice


@dataclass(frozen=True)
class RowsPage:
    """The items behind a figure, or a list that must be emptied."""

    title: str
    explains: str
    rows: tuple[HeardItem, ...]
    empty: str
    back_url: str
    back_label: str
    after: int | None = None
    total: int | None = None
    cut: bool = False
    """Whether there are more than are shown."""


ROWS = 200
UNDATED = _(
    "Nobody knows when these were said. They came in during the period, stand in no figure over time, and keep their "
    "place in lists by when they came in."
)


@blueprint.get("/processes/<key>/items")
@needs(Permission.INSIGHTS)
def rows(key: str) -> str:
    period, element = asked_period(work().now()), request.args.get("element")
    version_id = request.args.get("version_id", type=int)
    version = next((v for v in engine_queries.list_versions(work(), key) if v.id == version_id), None)
    if version is None:
        raise NotFoundError(_("The process “%(key)s” has no such version.") % {"key": key})
    undated, kind, voice = "undated" in request.args, request.args.get("kind", ""), asked_voice()
    kinds = (*LIVED, LinkKind.OPENED_BY, LinkKind.SAID_BEFORE) if undated else asked_kinds(kind)
    found = queries.items_at(
        work(), key, version.id, since=period.since, until=period.until, element=element, undated=undated,
        kinds=kinds, voice=voice, limit=ROWS + 1,
    )  # fmt: skip
    where = f" at “{_element_name(version.id, element)}”" if element else ""
    where += f": {WORDS[kinds[0]]}" if kind else ""
    where += f", {VOICE_WORDS[Voice(voice)]}" if voice else ""
    return render(
        "insights/rows.html",
        RowsPage(
            title=f"What customers said{where}",
            explains=UNDATED if undated else f"{key}, version {version.number}, {period.label}, newest first.",
            rows=tuple(found[:ROWS]),
            empty="No item is linked here in this period.",
            back_url=url_for(
                "insights.process", key=key, version=version.number, days=period.days, voice=voice or None
            ),
            back_label="Measures",
            cut=len(found) > ROWS,
        ),
    )


@blueprint.get("/processes/<key>/escapes")
@needs(Permission.INSIGHTS)
def escapes(key: str) -> str:
    period, element = asked_period(work().now()), request.args.get("element")
    version_id = request.args.get("version_id", type=int)
    version = next((v for v in engine_queries.list_versions(work(), key) if v.id == version_id), None)
    if version is None:
        raise NotFoundError(_("The process “%(key)s” has no such version.") % {"key": key})
    found = list_escapes(
        work(), version.id, since=period.since, until=period.until, element=element, limit=ROWS + 1
    )  # fmt: skip
    names = {"where": _element_name(version.id, element) if element else "", "key": key, "number": version.number}
    title = _("Escapes while “%(where)s” was waited for") if element else _("Escapes")
    said = _("Said in public by customers whose case waited in %(key)s, version %(number)s, then; the newest first.")
    return render(
        "insights/rows.html",
        RowsPage(
            title=title % names,
            explains=said % names,
            rows=tuple(found[:ROWS]),
            empty=_("Nobody had to speak up in public in this period."),
            back_url=url_for("insights.process", key=key, version=version.number, days=period.days),
            back_label=_("Measures"),
            cut=len(found) > ROWS,
        ),
    )


def _element_name(version_id: int, element: str) -> str:
    elements = engine_queries.get_version(work(), version_id).elements
    return next((e["name"] or e["id"] for e in elements if e["id"] == element), element)


@blueprint.get("/undated")
@needs(Permission.INSIGHTS)
def undated() -> str:
    period = asked_period(work().now())
    found = queries.list_undated(work(), since=period.since, until=period.until, limit=ROWS + 1)
    return render(
        "insights/rows.html",
        RowsPage(
            title=_("Date unknown"),
            explains=UNDATED,
            rows=tuple(found[:ROWS]),
            empty=_("Of everything that came in it is known when it was said."),
            back_url=url_for("insights.overview", days=period.days),
            back_label=_("Insights"),
            total=queries.count_undated(work(), since=period.since, until=period.until),
            cut=len(found) > ROWS,
        ),
    )


@blueprint.get("/black-holes")
@needs(Permission.INSIGHTS)
def black_holes() -> str:
    found = queries.list_black_holes(work(), after=after(), limit=SIZE)
    return render(
        "insights/rows.html",
        RowsPage(
            title="Black holes",
            explains=f"No owner, no decision and no answer {BLACK_HOLE_AFTER.days} days after it was said; the longest "
            "forgotten first. Open one and engage, distribute or decide with a reason: then it leaves this list.",
            rows=tuple(map(_heard, found.rows)),
            empty="Nothing was forgotten.",
            back_url=url_for("insights.overview"),
            back_label="Insights",
            after=found.after,
            total=queries.count_black_holes(work()),
        ),
    )


def _heard(row: ItemRow) -> HeardItem:
    return HeardItem(
        item_id=row.id,
        channel=row.channel,
        text=row.text[:200],
        said_at=row.said_at,
        kind=row.primary or "",
        sentiment=row.sentiment,
        urgency=row.urgency or 0,
        abstained=row.abstained,
    )


@blueprint.get("/between")
@needs(Permission.INSIGHTS)
def between() -> str:
    return between_page()
