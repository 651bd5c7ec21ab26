"""The space between: its share, trend and themes, and what people make of a theme: links, a trigger, a process."""

import time
from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes import queries, suggestions
from bpm.processes.bundles import base_of
from bpm.processes.measures.space_between import ThemeBetween, themes_between
from bpm.processes.queries import HeardItem, PeriodShare, SpaceBetween
from web.core import idempotency
from web.core.numbers import key_of
from web.core.rendering import Choice, go, go_back, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.insights.charts import ShareChart, share_chart
from web.insights.links import Places, places_of_live_versions
from web.measures.periods import Period, asked_period, choices

blueprint = Blueprint("space_between", __name__, url_prefix="/insights/between")

WEEKS, ROWS = 8, 200


@dataclass(frozen=True)
class BetweenPage:
    """What insights/between.html shows."""

    period: Period
    periods: tuple[Choice, ...]
    between: SpaceBetween
    kinds: tuple[tuple[str, int], ...]
    """(kind, or "unsure" or "unread"; count) of what is in it, most frequent first."""
    weeks: tuple[PeriodShare, ...]
    chart: ShareChart
    themes: tuple[ThemeBetween, ...]
    places: tuple[Places, ...]
    processes: tuple[tuple[str, str], ...]
    """(key, name) of what has a live version."""
    rows: tuple[HeardItem, ...]
    cut: bool


def between_page() -> str:
    """The page; its address belongs to the other pages of insights."""
    period = asked_period(work().now())
    found = queries.list_between(work(), since=period.since, until=period.until, limit=ROWS + 1)
    weeks = tuple(queries.space_between_by_week(work(), weeks=WEEKS))
    live = [row for row in engine_queries.list_definitions(work()) if row.live_version_id is not None]
    return render(
        "insights/between.html",
        BetweenPage(
            period=period,
            periods=choices(period),
            between=queries.space_between(work(), since=period.since, until=period.until),
            kinds=queries.kinds_between(work(), since=period.since, until=period.until),
            weeks=weeks,
            chart=share_chart(weeks),
            themes=tuple(themes_between(work(), since=period.since, until=period.until)),
            places=tuple(places_of_live_versions(work())),
            processes=tuple((row.key, row.name) for row in live),
            rows=tuple(found[:ROWS]),
            cut=len(found) > ROWS,
        ),
    )


@blueprint.post("/themes/<int:theme_id>/links")
@needs(Permission.SEE_FEEDBACK)
def link(theme_id: int) -> Response:
    period = asked_period(work().now())
    version, _mark, element = request.form.get("place", "").partition(":")
    version_id = key_of(version)
    if version_id is None or not element:
        raise InvalidInputError(_("No place was chosen."), remedy=_("Choose the activity that the theme is about."))
    number = suggestions.link_theme(
        work(), theme_id, version_id=version_id, element=element, since=period.since, until=period.until
    )
    say(_("%(number)s linked by hand. They count from now on.") % {"number": number})
    return go_back("insights.between")


@blueprint.post("/themes/<int:theme_id>/trigger")
@needs(Permission.TRIGGERS)
def trigger(theme_id: int) -> Response:
    period, key = asked_period(work().now()), request.form.get("key", "")
    made = suggestions.trigger_of_theme(work(), theme_id, key, since=period.since, until=period.until)
    say(_("A trigger was drafted. It is off: look at it, try it, then switch it on."))
    return go("triggers.edit", key=key, trigger_id=made)


@blueprint.post("/themes/<int:theme_id>/process")
@needs(Permission.DEPLOY, unit="own")
def process(theme_id: int) -> Response:
    """A first model with the theme's name, checked and kept as an upload to go on from."""
    began = time.perf_counter()
    with product().unit_of_work.reading(actor()) as unit:
        file = suggestions.model_of_theme(unit, theme_id)
    came = engine.read_bundle([file], whole=False)
    base = base_of(product().unit_of_work, came, key="")
    bundle = engine.carry_over(base.bundle, came)
    examined, drawing = engine.examine(bundle), engine.drawing_of(bundle.source)
    seconds = time.perf_counter() - began
    with product().unit_of_work(actor()) as unit:
        row = engine.keep_upload(unit, came, examined, key=base.key, drawing=drawing, seconds=seconds)
        answer = go("designer.review", upload_id=row.id)
        idempotency.remember(unit, answer)
    return answer
