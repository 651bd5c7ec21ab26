"""A folder becomes a live process with its triggers; a red test or a bad file stops it by name."""

import json
from pathlib import Path

import pytest

from bpm import processes
from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.processes import catalogue, queries
from tests.processes.conftest import GoLive
from tests.processes.models import CARE

GREEN = {
    "id": "happy",
    "steps": [
        {"do": "start", "vars": {}},
        {"expect": {"open": ["read"]}},
        {"do": "complete", "task": "read"},
        {"do": "complete", "task": "mend"},
        {"expect": {"ended": True}},
    ],
}
TRIGGER = {"name": "Complaints", "active": True, "conditions": {"kinds": ["complaint"]}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "models" / "care"
    (path / "forms").mkdir(parents=True)
    (path / "care.bpmn").write_bytes(CARE)
    (path / "forms" / "read.json").write_text(json.dumps({"type": "object", "properties": {}}))
    (path / "tests.json").write_text(json.dumps([GREEN]))
    (path / "triggers.json").write_text(json.dumps([TRIGGER]))
    return path


def test_a_folder_goes_live_tested_signed_and_with_its_trigger_on(app: App, folder: Path) -> None:
    (deployed,) = catalogue.deploy_all(app.unit_of_work, folder.parent)

    with app.unit_of_work.reading() as work:
        version = engine_queries.get_version(work, deployed.version_id)
        (trigger,) = queries.list_triggers(work)
    assert (version.status, version.number, len(version.signatures)) == ("live", 1, 3)
    assert [result["outcome"] for result in version.test_results] == ["pass"]
    assert (trigger.name, trigger.active) == ("Complaints", True)


def test_deploying_twice_changes_nothing_and_leaves_what_people_switched_off(app: App, folder: Path) -> None:
    catalogue.deploy_all(app.unit_of_work, folder.parent)
    with app.unit_of_work() as work:
        processes.switch_off(work, queries.list_triggers(work)[0].id)

    (again,) = catalogue.deploy_all(app.unit_of_work, folder.parent)

    assert (again.number, again.triggers) == (1, 0)
    with app.unit_of_work.reading() as work:
        assert [trigger.active for trigger in queries.list_triggers(work)] == [False]


def test_a_newer_version_put_live_by_people_is_not_overruled(app: App, folder: Path, go_live: GoLive) -> None:
    catalogue.deploy_all(app.unit_of_work, folder.parent)
    newer = go_live(CARE.replace(b"Mend what broke", b"Mend it well"), "care")

    catalogue.deploy_all(app.unit_of_work, folder.parent)

    with app.unit_of_work.reading() as work:
        live = engine_queries.find_live_version(work, "care")
    assert live is not None
    assert live.id == newer


def test_a_red_test_keeps_it_from_going_live(app: App, folder: Path) -> None:
    red = {**GREEN, "steps": [{"do": "start"}, {"expect": {"ended": True}}]}
    (folder / "tests.json").write_text(json.dumps([red]))

    with pytest.raises(RefusedError):
        catalogue.deploy_folder(app.unit_of_work, folder)

    with app.unit_of_work.reading() as work:
        assert engine_queries.list_definitions(work) == []


def test_a_file_that_is_no_json_is_named(app: App, folder: Path) -> None:
    (folder / "triggers.json").write_text("{")

    with pytest.raises(InvalidInputError) as refused:
        catalogue.deploy_folder(app.unit_of_work, folder)

    assert refused.value.place.endswith("triggers.json")


@pytest.mark.parametrize(("name", "content"), [("tests.json", "[5]"), ("tests.json", "5"), ("forms/read.json", "5")])
def test_a_file_of_the_wrong_shape_is_named(folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(InvalidInputError, match=name):
        catalogue.read_folder(folder)
