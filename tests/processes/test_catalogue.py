"""A folder becomes a live process with its triggers; a red test or a bad file stops it by name."""

import json
from pathlib import Path

import pytest

from bpm import processes
from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.foundation.errors import RefusedError
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

    with pytest.raises(RefusedError, match=r"triggers\.json: This is no JSON: line 1"):
        catalogue.deploy_folder(app.unit_of_work, folder)


@pytest.mark.parametrize(("name", "content"), [("tests.json", "[5]"), ("tests.json", "5"), ("forms/read.json", "5")])
def test_a_file_of_the_wrong_shape_is_named(app: App, folder: Path, name: str, content: str) -> None:
    (folder / name).write_text(content)
    with pytest.raises(RefusedError, match=name):
        catalogue.deploy_folder(app.unit_of_work, folder)


def test_a_next_version_is_left_to_those_who_sign_unless_a_reason_says_why_not(app: App, folder: Path) -> None:
    catalogue.deploy_all(app.unit_of_work, folder.parent)
    (folder / "care.bpmn").write_bytes(CARE.replace(b"Mend what broke", b"Mend it well"))

    draft = catalogue.deploy_folder(app.unit_of_work, folder)
    live = catalogue.deploy_folder(app.unit_of_work, folder, unsigned="The demo shows it")

    assert draft.version_id == live.version_id
    with app.unit_of_work.reading() as work:
        version = engine_queries.get_version(work, live.version_id)
    assert (version.number, version.status, version.signatures) == (2, "live", ())
    assert version.unsigned_reason == "The demo shows it"


def test_triggers_follow_the_version_unless_people_changed_them(app: App, folder: Path) -> None:
    more = {"name": "Praise", "conditions": {"kinds": ["praise"]}}
    (folder / "triggers.json").write_text(json.dumps([TRIGGER, more]))
    catalogue.deploy_folder(app.unit_of_work, folder)
    with app.unit_of_work() as work:
        row = next(each for each in queries.list_triggers(work) if each.name == "Praise")
        processes.save_trigger(
            work,
            processes.TriggerDraft("care", processes.conditions_of({"kinds": ["question"]}), name="Praise"),
            trigger_id=row.id,
        )
    changed = [{**TRIGGER, "conditions": {"kinds": ["complaint"], "min_urgency": 2}}, {**more, "conditions": {}}]
    (folder / "triggers.json").write_text(json.dumps(changed))

    catalogue.deploy_folder(app.unit_of_work, folder, unsigned="changed")

    with app.unit_of_work.reading() as work:
        found = {row.name: row.conditions for row in queries.list_triggers(work)}
    assert found["Complaints"].min_urgency == 2
    assert found["Praise"].kinds == ("question",)


@pytest.mark.parametrize(
    ("entry", "told"),
    [
        ({"name": "a", "conditons": {}}, "Write conditions if that is meant"),
        ({"name": "a", "conditions": {"kinds": ["rage"]}}, "There is no rage"),
        ({"name": "a", "fields": {"x": "nothing"}}, "There is no field “nothing”"),
        ({"name": "a", "conditions": {"kinds": 5}}, "as objects"),
    ],
)
def test_a_trigger_that_cannot_be_made_is_refused_before_anything_is_deployed(
    app: App, folder: Path, entry: dict[str, object], told: str
) -> None:
    (folder / "triggers.json").write_text(json.dumps([entry]))
    with pytest.raises(RefusedError) as refused:
        catalogue.deploy_folder(app.unit_of_work, folder)
    assert told in " ".join(f"{each.message} {each.remedy}" for each in refused.value.findings)
