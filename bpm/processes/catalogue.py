"""The shipped processes: each folder of process_models/ is checked, tested, deployed and put live with its triggers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bpm.engine import api as engine
from bpm.engine.findings import Finding
from bpm.foundation.unit_of_work import UnitOfWork
from bpm.foundation.work import Work
from bpm.processes.bundles import deploy_bundle
from bpm.processes.models import Trigger
from bpm.processes.triggers.of_version import ensure_triggers


@dataclass(frozen=True)
class Deployed:
    """What came of one folder; `triggers` were made by this run (those already there stay as people left them)."""

    key: str
    version_id: int
    number: int
    findings: tuple[Finding, ...]
    tests: tuple[Any, ...]
    triggers: int


def deploy_folder(unit_of_work: UnitOfWork, folder: Path, *, unsigned: str = "") -> Deployed:
    """Deploy one folder under its name, with its triggers; the same folder deployed again is the same version.

    A first version goes live; a next one is left for the departments to sign, unless `unsigned` says why not.
    RefusedError carries the findings or names the red tests.
    """
    came = engine.read_bundle(engine.files_in(folder), whole=True)
    key = folder.resolve().name
    with unit_of_work.reading() as work:
        before = _count_triggers(work, key)
    deployed = deploy_bundle(unit_of_work, came, key=key, note="Shipped with the product.", unsigned=unsigned)
    with unit_of_work() as work:
        ensure_triggers(work, key, came.triggers)
        made = _count_triggers(work, key) - before
    return Deployed(key, deployed.version_id, deployed.number, deployed.findings, deployed.tests, triggers=made)


def deploy_all(unit_of_work: UnitOfWork, folder: Path) -> list[Deployed]:
    """Every process under `folder`, by name; the first that is refused stops the rest."""
    models = sorted(path for path in folder.iterdir() if (path / f"{path.name}.bpmn").is_file())
    return [deploy_folder(unit_of_work, path) for path in models]


def _count_triggers(work: Work, key: str) -> int:
    return work.session.scalar(select(func.count(Trigger.id)).where(Trigger.definition_key == key)) or 0
