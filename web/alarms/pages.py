"""The list of alarms with their budget in words, and each with its chart, causes, owner and state."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, request, url_for
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import queries as engine_queries
from bpm.foundation.db import Page
from bpm.foundation.errors import EarshotError, InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import alarms
from bpm.processes.alarms import AlarmDetail, AlarmRow, AlarmStatus, BaselineRow, Budget, CauseKind, CauseRow, LookRow
from web.core.numbers import key_of
from web.core.paging import SIZE, after
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.measures.series_chart import SeriesChart, series_chart

blueprint = Blueprint("alarms", __name__, url_prefix="/insights/alarms")

TONES = {"raised": "bad", "acknowledged": "warn", "explained": "info", "closed": "plain"}
STATES = {
    "": _("open"),
    "raised": _("raised"),
    "acknowledged": _("acknowledged"),
    "explained": _("explained"),
    "closed": _("closed"),
}
VERBS: Mapping[str, tuple[str, str]] = {
    "acknowledged": (_("Acknowledge"), ""),
    "explained": (_("Explain"), _("What was it?")),
    "closed": (_("Close"), _("Why is it closed?")),
}
"""State -> (the verb that leads to it, what is asked for)."""


@dataclass(frozen=True)
class AlarmsPage:
    """What alarms/list.html shows."""

    found: Page[AlarmRow]
    states: tuple[Choice, ...]
    processes: tuple[Choice, ...]
    whose: tuple[Choice, ...]
    tones: Mapping[str, str]
    budget: Budget
    share: float
    looks: tuple[LookRow, ...]
    baselines: tuple[BaselineRow, ...]


@dataclass(frozen=True)
class AlarmPage:
    """What alarms/alarm.html shows."""

    it: AlarmDetail
    chart: SeriesChart
    chart_url: str
    tone: str
    turns: tuple[tuple[str, str, str], ...]
    people: tuple[tuple[str, str], ...]
    processes: tuple[tuple[str, str], ...]
    problem: str = ""

    def rows(self, day: str) -> str:
        row = self.it.row
        if row.theme_id is not None:
            return url_for("themes.theme", theme_id=row.theme_id)
        return url_for(
            "measured.rows", key=row.definition_key, measure=row.measure, since=day, element=row.element or None
        )


@blueprint.get("")
@needs(Permission.INSIGHTS)
def alarm_list() -> str:
    asked = request.args
    status, process, mine = asked.get("status", ""), asked.get("process", ""), asked.get("owner") == "me"
    known = [("", _("any")), *((each.key, each.name) for each in engine_queries.list_definitions(work()))]
    return render(
        "alarms/list.html",
        AlarmsPage(
            found=alarms.list_alarms(
                work(), status=status, definition_key=process, owner_id=actor().user_id if mine else None,
                after=after(), limit=SIZE,
            ),
            states=tuple(Choice(label, here(status=value or None), status == value) for value, label in STATES.items()),
            processes=tuple(Choice(name, here(process=key or None), process == key) for key, name in known),
            whose=(Choice(_("anybody's"), here(owner=None), not mine), Choice(_("mine"), here(owner="me"), mine)),
            tones=TONES,
            budget=alarms.budget_of(work()),
            share=work().settings.alarm_budget,
            looks=tuple(alarms.list_looks(work())),
            baselines=tuple(alarms.list_baselines(work())),
        ),
    )  # fmt: skip


@blueprint.get("/<int:alarm_id>")
@needs(Permission.INSIGHTS)
def alarm(alarm_id: int) -> str:
    return render("alarms/alarm.html", _page(alarm_id))


def _page(alarm_id: int, error: EarshotError | None = None) -> AlarmPage:
    found = alarms.get_alarm(work(), alarm_id)
    row = found.row
    subject = alarms.subject_of(work(), row.series)
    state = alarms.read_one(work(), subject, until=work().now().date() - timedelta(days=1))
    users = [each for each in identity.list_users(work()) if each.active]
    if row.theme_id is not None:
        link = url_for("themes.theme", theme_id=row.theme_id)
    else:
        link = url_for("measured.chart", key=row.definition_key, measure=row.measure, element=row.element or None)
    return AlarmPage(
        it=found,
        chart=series_chart(state),
        chart_url=link,
        tone=TONES[row.status],
        turns=tuple((str(each), *VERBS[each]) for each in alarms.NEXT[AlarmStatus(row.status)]),
        people=tuple(
            (str(each.id), each.display_name) for each in users if may(identity.actor_of(each), Permission.INSIGHTS)
        ),
        processes=tuple((each.key, each.name) for each in engine_queries.list_definitions(work())),
        problem=f"{error.message} {error.remedy}".strip() if error else "",
    )


@blueprint.post("/<int:alarm_id>/status")
@needs(Permission.INSIGHTS)
def status(alarm_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        alarms.move_alarm(work(), alarm_id, sent.get("status", ""), reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("alarms/alarm.html", _page(alarm_id, error)), 400
    say(_("It is %(status)s now.") % {"status": STATES[sent["status"]]})
    return go("alarms.alarm", alarm_id=alarm_id)


@blueprint.post("/<int:alarm_id>/owner")
@needs(Permission.INSIGHTS)
def owner(alarm_id: int) -> Response | tuple[str, int]:
    try:
        alarms.hand_alarm(work(), alarm_id, key_of(request.form.get("owner", "")))
    except InvalidInputError as error:
        return render("alarms/alarm.html", _page(alarm_id, error)), 400
    say(_("Handed over."))
    return go("alarms.alarm", alarm_id=alarm_id)


@blueprint.post("/<int:alarm_id>/causes")
@needs(Permission.INSIGHTS)
def add_cause(alarm_id: int) -> Response | tuple[str, int]:
    """One of those that were on record at the time, or another one in one's own words."""
    kind, _colon, key = request.form.get("cause", "").partition(":")
    words = request.form.get("words", "").strip()
    proposed = alarms.get_alarm(work(), alarm_id).proposed
    cause = next((each for each in proposed if (each.kind, each.key) == (kind, key)), None)
    try:
        alarms.link_cause(work(), alarm_id, cause or CauseRow(CauseKind.OTHER, words[:200], words, None))
    except InvalidInputError as error:
        return render("alarms/alarm.html", _page(alarm_id, error)), 400
    say(_("Linked."))
    return go("alarms.alarm", alarm_id=alarm_id)


@blueprint.post("/<int:alarm_id>/causes/<int:cause_id>/removal")
@needs(Permission.INSIGHTS)
def drop_cause(alarm_id: int, cause_id: int) -> Response:
    alarms.unlink_cause(work(), alarm_id, cause_id)
    say(_("It is no cause of it now."))
    return go("alarms.alarm", alarm_id=alarm_id)


@blueprint.post("/<int:alarm_id>/improvement")
@needs(Permission.INSIGHTS)
def improve(alarm_id: int) -> Response | tuple[str, int]:
    sent = request.form
    try:
        made = alarms.improve_from(
            work(), alarm_id, title=sent.get("title", ""), definition_key=sent.get("process", "")
        )
    except InvalidInputError as error:
        return render("alarms/alarm.html", _page(alarm_id, error)), 400
    say(_("Proposed."))
    return go("improvements.improvement", improvement_id=made)
