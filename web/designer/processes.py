"""The processes, and one process with its tabs: model, tests, forms, decisions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from flask import current_app, request, url_for
from markupsafe import Markup
from sqlalchemy import func, select

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.engine.queries import DefinitionRow, UnfinishedUpload, VersionDetail, VersionRow
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import SERVICE_TASKS
from bpm.processes.ownership import gaps_of
from web.core.rendering import Choice, render
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.difference_view import DifferenceView, view_of, with_difference
from web.designer.replay.summary import ReplaySummary, replay_of
from web.designer.review import FindingGroup, group_findings, pins
from web.designer.signing.drafts import WaitingDraft, waiting_drafts
from web.designer.signing.view import SigningView, signing_of
from web.measures.standing import StandingNow, standing_now
from web.ui.diagrams import Diagram, notes_of
from web.ui.fields import Field, fields_of

TABS = (
    ("Model", "designer.process", Permission.SEE_PROCESSES),
    ("Tests", "designer.tests", Permission.SEE_PROCESSES),
    ("Triggers", "triggers.of_process", Permission.SEE_PROCESSES),
    ("Forms", "designer.forms", Permission.SEE_PROCESSES),
    ("Decisions", "designer.decisions", Permission.SEE_PROCESSES),
    ("Cases", "cases.of_process", Permission.SEE_PROCESSES),
    ("Measures", "insights.process", Permission.INSIGHTS),
    ("Rollout", "rollouts.process", Permission.INSIGHTS),
    (_("Owned together"), "ownership.of_process", Permission.SEE_PROCESSES),
)
"""Label, endpoint (shown once it exists), permission."""
NOW = (VersionStatus.LIVE, VersionStatus.TRIAL)
"""What new cases run."""


@dataclass(frozen=True)
class ProcessRow:
    definition: DefinitionRow
    failures: int


@dataclass(frozen=True)
class ProcessesPage:
    rows: tuple[ProcessRow, ...]
    drafts: tuple[WaitingDraft, ...]
    uploads: tuple[UnfinishedUpload, ...]
    """Of those who may deploy."""
    kept_days: int


@dataclass(frozen=True)
class Beside:
    """Another process of the same file."""

    key: str
    name: str


@dataclass(frozen=True)
class Head:
    """What every tab of a process shows on top."""

    key: str
    name: str
    live_number: int | None
    version: VersionRow | None
    tabs: tuple[Choice, ...]
    can_start: bool
    file_key: str
    """Key under which its versions are deployed: another one where it stands in another process's file."""
    beside: tuple[Beside, ...]


@dataclass(frozen=True)
class ModelPage:
    head: Head
    version: VersionDetail
    versions: tuple[VersionRow, ...]
    diagram: Diagram
    element: Mapping[str, Any] | None
    described: engine.Described | None
    """The chosen element in words: its type, timer, topic, people, form."""
    standing: StandingNow
    element_form: Sequence[Field]
    element_measures: Markup
    elements: tuple[Mapping[str, Any], ...]
    """Of the process alone, where its file has others."""
    signing: SigningView
    groups: tuple[FindingGroup, ...]
    older: int
    """Running instances of other versions than the live one."""
    view: DifferenceView | None
    """What differs from the live version, of a draft alone: those who sign read it."""
    impact: engine.Impact | None
    """What going live would mean for who runs the live version, of a draft alone."""
    replay: ReplaySummary | None


@dataclass(frozen=True)
class TestsPage:
    head: Head
    results: tuple[Mapping[str, Any], ...]
    cases: Mapping[str, Mapping[str, Any]]


@dataclass(frozen=True)
class Form:
    key: str
    title: str
    fields: Sequence[Field]


@dataclass(frozen=True)
class FormsPage:
    head: Head
    forms: tuple[Form, ...]


@blueprint.get("")
@needs(Permission.SEE_PROCESSES)
def processes() -> str:
    failures: dict[str, int] = {}
    for group in queries.list_failure_groups(work()):
        failures[group.key] = failures.get(group.key, 0) + group.count
    rows = tuple(ProcessRow(each, failures.get(each.key, 0)) for each in queries.list_processes(work()))
    uploads = tuple(queries.list_unfinished_uploads(work())) if may(actor(), Permission.DEPLOY) else ()
    page = ProcessesPage(rows, tuple(waiting_drafts(work())), uploads, engine.KEPT_DAYS)
    return render("designer/processes.html", page)


@blueprint.get("/<key>")
@needs(Permission.SEE_PROCESSES)
def process(key: str) -> str:
    versions = queries.list_versions(work(), key)
    chosen = choose(versions)
    if chosen is None:
        raise NotFoundError(f"The process {key!r} has no version yet.")
    version = queries.get_version(work(), chosen.id)
    wanted = request.args.get("element", "")
    element = next((each for each in version.elements if each["id"] == wanted), None)
    live = next((each for each in versions if each.status == VersionStatus.LIVE), None)
    view = _against_live(version, live)
    groups = group_findings([*version.findings, *_unmet(version), *gaps_of(work(), version.id)])
    diagram = Diagram(
        source=url_for("designer.drawing", version_id=version.id),
        panel=url_for("designer.process", key=key, version=version.number),
        selected=wanted,
        process=version.primary,
        notes=notes_of(version.drawing_notes),
        pins=pins(groups) if version.status == VersionStatus.DRAFT else (),
    )
    page = ModelPage(
        head=head_of(key, versions),
        version=version,
        versions=tuple(versions),
        diagram=with_difference(diagram, view, url_for("designer.drawing", version_id=live.id))
        if view and live
        else diagram,
        element=element,
        described=engine.describe(version.source, element["id"]) if element else None,
        standing=standing_now(work(), key, version.id, number=version.number),
        element_form=_form_at(version, element) if element else (),
        element_measures=_measures_at(key, version, element) if element else Markup(),
        elements=_of_process(version, key),
        signing=signing_of(version),
        groups=groups,
        older=_count_older(versions),
        view=view,
        impact=_impact(version, live),
        replay=replay_of(version, live),
    )
    return render("designer/process.html", page)


def _against_live(version: VersionDetail, live: VersionRow | None) -> DifferenceView | None:
    if live is None or version.status != VersionStatus.DRAFT:
        return None
    draft = queries.bundle_of(version)
    return view_of(engine.difference(queries.bundle_of(queries.get_version(work(), live.id)), draft), draft)


def _impact(version: VersionDetail, live: VersionRow | None) -> engine.Impact | None:
    if live is None or version.status != VersionStatus.DRAFT:
        return None
    return engine.impact_of(work(), engine.propose_plan(work(), live.id, version.id))


def _unmet(version: VersionDetail) -> list[dict[str, Any]]:
    """People, groups and workers that the version names and that are not here now; a retired one meets nobody."""
    if version.status == VersionStatus.RETIRED:
        return []
    return [each.as_dict() for each in engine.unmet_by_version(work(), version.id, SERVICE_TASKS)]


def _of_process(version: VersionDetail, key: str) -> tuple[Mapping[str, Any], ...]:
    process_id = version.primary if key == version.key else key
    return queries.elements_of(version.elements, version.processes, process_id)


def _count_older(versions: Sequence[VersionRow]) -> int:
    counts = engine.count_running(work(), [each.id for each in versions if each.status not in NOW])
    return sum(counts.values())


def choose(versions: Sequence[VersionRow]) -> VersionRow | None:
    """The version that the address asks for, else the live one, else the newest."""
    number = request.args.get("version", "")
    if number:
        found = next((each for each in versions if str(each.number) == number), None)
        if found is None:
            raise NotFoundError(f"There is no version {number} of this process.")
        return found
    return next((each for each in versions if each.status == VersionStatus.LIVE), versions[0] if versions else None)


def head_of(key: str, versions: Sequence[VersionRow]) -> Head:
    """The head of a process's page; for the tabs of other slices too."""
    definition, version = queries.get_definition(work(), key), choose(versions)
    number = version.number if version and request.args.get("version") else None
    tabs = tuple(
        Choice(label, url_for(endpoint, key=key, version=number), request.endpoint == endpoint)
        for label, endpoint, permission in TABS
        if endpoint in current_app.view_functions and may(actor(), permission)
    )
    can_start = definition.live_version_id is not None and may(actor(), Permission.START)
    beside = tuple(Beside(*each) for each in version.beside) if version else ()
    return Head(key, definition.name, definition.live_number, version, tabs, can_start, definition.file_key, beside)


def _form_at(version: VersionDetail, element: Mapping[str, Any]) -> list[Field]:
    schema = version.forms.get(element["id"])
    return fields_of(schema, {}) if schema else []


def _measures_at(key: str, version: VersionDetail, element: Mapping[str, Any]) -> Markup:
    from web.measures.at_element import at_element

    if not may(actor(), Permission.INSIGHTS):
        return Markup()
    return at_element(work(), key, version_id=version.id, element=element["id"])


@blueprint.get("/<key>/tests")
@needs(Permission.SEE_PROCESSES)
def tests(key: str) -> str:
    versions = queries.list_versions(work(), key)
    chosen = choose(versions)
    version = queries.get_version(work(), chosen.id) if chosen else None
    cases = {str(case.get("id", "?")): case for case in version.tests} if version else {}
    results = version.test_results if version else ()
    return render("designer/tests.html", TestsPage(head_of(key, versions), results, cases))


@blueprint.get("/<key>/forms")
@needs(Permission.SEE_PROCESSES)
def forms(key: str) -> str:
    versions = queries.list_versions(work(), key)
    chosen = choose(versions)
    version = queries.get_version(work(), chosen.id) if chosen else None
    names = {each["id"]: each["name"] for each in version.elements} if version else {}
    found = tuple(
        Form(name, str(schema.get("title") or names.get(name) or name), fields_of(schema, {}, prefix=f"{name}-"))
        for name, schema in (version.forms.items() if version else ())
    )
    return render("designer/forms.html", FormsPage(head_of(key, versions), found))


def fingerprint(unit: Work) -> str:
    """Changes when a version is deployed, signed, put live or retired, and when anything is said of one."""
    newest = select(func.max(ProcessVersion.id), func.max(ProcessVersion.live_at), func.count(ProcessVersion.id))
    retired = select(func.count(ProcessDefinition.live_version_id))
    return f"{unit.session.execute(newest).one()} {unit.session.scalar(retired)}"
