"""One incident: the clock, what to do next, what was said to whom, who is linked, workarounds, timeline, grade."""

from dataclasses import dataclass, field

from flask import url_for

from bpm.engine import queries as engine_queries
from bpm.feedback import incidents
from bpm.feedback.incidents import RUBRIC, Draft, Grade, HitItem, IncidentDetail, Side
from bpm.feedback.status import IncidentStatus, UpdateKind
from bpm.identity import Permission, may
from bpm.processes.lessons import Lesson, find_lesson
from web.core.paging import SIZE, after
from web.core.rendering import render
from web.core.request_context import actor, work
from web.core.security import needs
from web.incidents.blueprint import blueprint
from web.incidents.words import FOUND, SEVERITIES, STATES, UPDATES
from web.ui.formats import reader_zone
from web.ui.task_dates import local_input


@dataclass(frozen=True)
class IncidentPage:
    """What incidents/incident.html shows; `form` names the form that did not fit, `written` what was in it."""

    detail: IncidentDetail
    draft: Draft
    next_at: str
    speak_url: str
    items: tuple[HitItem, ...]
    after: int | None
    grade: Grade
    rubric: tuple[Side, ...]
    lesson: Lesson | None
    processes: tuple[tuple[str, str], ...]
    may_act: bool
    states: dict[str, tuple[str, str]] = field(default_factory=lambda: STATES)
    severities: dict[int, str] = field(default_factory=lambda: SEVERITIES)
    kinds: dict[str, str] = field(default_factory=lambda: UPDATES)
    found: dict[str, tuple[str, str]] = field(default_factory=lambda: FOUND)
    form: str = ""
    problem: str = ""
    errors: dict[str, str] = field(default_factory=dict)
    written: dict[str, str] = field(default_factory=dict)

    @property
    def words(self) -> str:
        """What stands in the field for the next word: as written, else the draft."""
        return self.written.get("text", self.draft.text) if self.form == "speak" else self.draft.text


@blueprint.get("/<int:incident_id>")
@needs(Permission.SEE_FEEDBACK)
def incident(incident_id: int) -> str:
    return render("incidents/incident.html", page_of(incident_id))


def page_of(
    incident_id: int,
    *,
    form: str = "",
    problem: str = "",
    errors: dict[str, str] | None = None,
    written: dict[str, str] | None = None,
) -> IncidentPage:
    """The whole page, with a form brought back that did not fit."""
    detail = incidents.get_detail(work(), incident_id)
    row = detail.row
    zone = str(reader_zone())
    draft = incidents.draft_words(
        row.title, IncidentStatus(row.status), began_at=row.began_at, now=work().now(), zone=zone
    )
    found = incidents.list_hit_items(work(), incident_id, after=after(), limit=SIZE)
    acknowledging = draft.kind is UpdateKind.ACKNOWLEDGEMENT
    speak = "incidents.acknowledge" if acknowledging else "incidents.send_update"
    lesson = find_lesson(work(), incident_id)
    return IncidentPage(
        detail=detail,
        draft=draft,
        next_at=(written or {}).get("next_at", "") if form == "speak" else local_input(draft.next_at),
        speak_url=url_for(speak, incident_id=incident_id),
        items=found.rows,
        after=found.after,
        grade=incidents.get_grade(work(), detail),
        rubric=RUBRIC,
        lesson=lesson,
        processes=_processes() if detail.is_over and lesson is None else (),
        may_act=may(actor(), Permission.ANSWER),
        form=form,
        problem=problem,
        errors=errors or {},
        written=written or {},
    )


def _processes() -> tuple[tuple[str, str], ...]:
    """(key, name), the shipped process of outages first."""
    found = sorted(
        ((each.key, each.name) for each in engine_queries.list_processes(work()) if not each.file_of),
        key=lambda pair: (pair[0] != "outage", pair[1].casefold()),
    )
    return tuple(found)
