"""The shipped processes: each folder of process_models/ is checked, tested, deployed and put live with its triggers."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import select

from bpm.engine import api as engine
from bpm.engine.findings import Finding
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.foundation.unit_of_work import UnitOfWork
from bpm.foundation.work import Work
from bpm.processes.models import Trigger
from bpm.processes.status import TriggerAction, WhileRunning
from bpm.processes.triggers.conditions import conditions_of
from bpm.processes.triggers.item_fields import USUAL
from bpm.processes.triggers.triggers import TriggerDraft, save_trigger, switch_on

CONSOLE = "console"


@dataclass(frozen=True)
class ProcessFolder:
    """What a folder holds: `<key>.bpmn`, and where wanted `*.dmn`, `forms/*.json`, `tests.json`, `triggers.json`."""

    key: str
    file_name: str
    source: bytes
    forms: dict[str, Any]
    tests: list[dict[str, Any]]
    triggers: list[dict[str, Any]]
    decisions: Mapping[str, bytes] = field(default_factory=dict)
    """{file name: content} of the folder's DMN files."""


@dataclass(frozen=True)
class Deployed:
    """What came of one folder; `triggers` were made by this run (those already there stay as people left them)."""

    key: str
    version_id: int
    number: int
    findings: tuple[Finding, ...]
    tests: tuple[Any, ...]
    triggers: int


def read_folder(folder: Path) -> ProcessFolder:
    """The files of one process; InvalidInputError names a file that is missing or no JSON."""
    model = folder / f"{folder.name}.bpmn"
    if not model.is_file():
        raise InvalidInputError("The process has no model.", place=str(model), remedy=f"Name it {model.name}.")
    forms = {path.stem: _object(_read_json(path), path) for path in sorted(folder.glob("forms/*.json"))}
    cases, triggers = (_objects(folder / name) for name in ("tests.json", "triggers.json"))
    return ProcessFolder(
        key=folder.name,
        file_name=model.name,
        source=model.read_bytes(),
        forms=forms,
        tests=cases,
        triggers=triggers,
        decisions={path.name: path.read_bytes() for path in sorted(folder.glob("*.dmn"))},
    )


def _objects(path: Path) -> list[Any]:
    """The objects that a file lists, or lists as its `cases`; none when there is no such file."""
    read = _read_json(path) if path.exists() else []
    listed = read.get("cases") if isinstance(read, dict) else read
    if not isinstance(listed, list):
        raise InvalidInputError("This lists nothing.", place=str(path), remedy="Write a list of objects.")
    return [_object(each, path) for each in listed]


def _object(value: Any, path: Path) -> Any:
    if not isinstance(value, dict):
        raise InvalidInputError("This is no JSON object where one is needed.", place=str(path), remedy="Mend the file.")
    return value


def _read_json(path: Path) -> Any:
    try:
        return orjson.loads(path.read_bytes())
    except ValueError as error:
        raise InvalidInputError(f"This is no JSON: {error}.", place=str(path), remedy="Mend the file.") from error


def deploy_folder(unit_of_work: UnitOfWork, folder: Path) -> Deployed:
    """Check and test outside any transaction; then in one: deploy, sign as at the console, go live, set up triggers.

    The same folder deployed again is the same version. RefusedError carries the findings or names the red tests.
    """
    read = read_folder(folder)
    prepared = engine.check(read.source, read.file_name, decisions=read.decisions, forms=read.forms)
    if not prepared.deployable:
        raise RefusedError("The model must be mended first.", findings=prepared.findings, place=read.file_name)
    results = tuple(engine.run_tests(prepared, read.tests))
    drawing = engine.drawing_of(read.source)
    with unit_of_work() as work:
        version = engine.deploy(
            work,
            prepared,
            key=read.key,
            note="Shipped with the product.",
            forms=read.forms,
            tests=read.tests,
            test_results=results,
            drawing=drawing,
        )
        # What people put live since, or retired, is theirs: an older folder does not overrule it.
        if version.status == VersionStatus.DRAFT:
            for department in work.settings.sign_offs:
                engine.sign(work, version.id, department, method=CONSOLE)
            engine.go_live(work, version.id)
        made = _ensure_triggers(work, read)
        return Deployed(read.key, version.id, version.number, prepared.findings, results, triggers=made)


def deploy_all(unit_of_work: UnitOfWork, folder: Path) -> list[Deployed]:
    """Every process under `folder`, by name; the first that is refused stops the rest."""
    models = sorted(path for path in folder.iterdir() if (path / f"{path.name}.bpmn").is_file())
    return [deploy_folder(unit_of_work, path) for path in models]


def _ensure_triggers(work: Work, folder: ProcessFolder) -> int:
    """Make the triggers of the folder that are not there by name; what people changed or switched off stays so."""
    known = set(work.session.scalars(select(Trigger.name).where(Trigger.definition_key == folder.key)))
    made = 0
    for values in folder.triggers:
        draft = draft_of(folder.key, values)
        if draft.name in known:
            continue
        trigger = save_trigger(work, draft)
        if values.get("active", False):
            switch_on(work, trigger.id)
        made += 1
    return made


def draft_of(key: str, values: dict[str, Any]) -> TriggerDraft:
    """One entry of a triggers.json as a draft."""
    return TriggerDraft(
        definition_key=key,
        name=str(values.get("name") or f"{key} from feedback"),
        action=str(values.get("action", TriggerAction.START)),
        message=str(values.get("message", "")),
        key_field=str(values.get("key_field", "")),
        while_running=str(values.get("while_running", WhileRunning.JOIN)),
        conditions=conditions_of(values.get("conditions") or {}),
        fields=dict(values.get("fields") or USUAL),
    )
