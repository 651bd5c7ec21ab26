"""The processes that ship are sound, tested, and have forms that fit."""

import json
import re
from collections import Counter

from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

from bpm.engine.definitions.process_tests import models_from, run_cases, world_of
from bpm.engine.rules.group_keys import group_key
from bpm.processes import SERVICE_TASKS
from bpm.processes.triggers.item_fields import check_fields
from bpm.processes.triggers.of_version import draft_of
from tests.processes.shipped.folders import (
    BPMN,
    GROUPS,
    KEYS,
    cases,
    folder,
    forms,
    model,
    nodes,
    read_beside,
    tables,
)

CHOSEN_BY_PEOPLE = ("goodwill_approval", "handed_over", "talk_to_customer")
"""No lane and no trigger of theirs says who works in it: whoever hands something over does."""


def test_the_nine_processes_ship() -> None:
    assert KEYS == [
        "complaint_to_resolution",
        "goodwill_approval",
        "handed_over",
        "outage",
        "praise_to_people",
        "returns",
        "social_engagement",
        "suggestion_to_improvement",
        "talk_to_customer",
    ]


# Soundness


def test_it_checks_without_a_problem(key: str) -> None:
    prepared = model(key)

    assert prepared.deployable
    found = {(finding.severity, finding.code) for finding in prepared.findings if finding.severity != "info"}
    assert found <= {("warning", "callee-missing")}


def test_its_cases_pass(key: str) -> None:
    results = run_cases(cases(key) + tables(key), read_beside(key))

    assert len(results) >= (4 if key in CHOSEN_BY_PEOPLE else 8)
    assert [(result.id, result.detail) for result in results if result.outcome != "pass"] == []


def test_its_cases_reach_every_element(key: str) -> None:
    """All but what follows an error of a job, which the step language cannot cause, and the called process."""
    reached: Counter[str] = Counter()
    for case in cases(key):
        world = world_of(case, models_from(read_beside(key)))
        for step in case["steps"]:
            world.do(step)
        for instance in world.instances:
            reached.update(instance.elements.values())

    drawn = {str(node.get("id")) for node in nodes(key)}
    after_error = {
        "customer_unknown",
        "identify_customer",
        "author_unknown",
        "tracking_unreadable",
        "check_tracking",
        "writer_may_not_answer",
        "name_advocate",
        "nothing_to_record",
    }
    over_call = {"resolve_complaint"} if key == "social_engagement" else set()
    assert drawn - set(reached) - after_error - over_call == set()


def test_what_its_cases_fill_in_fits_its_forms(key: str) -> None:
    schemas = forms(key)
    for case in cases(key):
        for step in case["steps"]:
            if step.get("do") == "complete":
                schema = schemas[form_of(key, step["task"])]
                problems = list(Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(step["vars"]))
                assert problems == [], (case["id"], step["task"])
                assert set(step["vars"]) <= set(schema["properties"]), (case["id"], step["task"])


def form_of(key: str, task: str) -> str:
    (node,) = [node for node in nodes(key) if node.get("id") == task]
    return str(node.get("{http://camunda.org/schema/1.0/bpmn}formKey"))


def test_an_advocate_can_hand_a_complaint_to_the_called_process_and_gets_its_outcome_back() -> None:
    case = {
        "id": "distribute-to-service",
        "files": ["social_engagement.bpmn", "../complaint_to_resolution/complaint_to_resolution.bpmn"],
        "process": "social_engagement",
        "steps": [
            {"do": "start", "vars": {"item_id": 1, "conversation_id": 5, "customer_name": "Ada", "channel": "social",
                "text": "Where is it?", "topic": "delivery", "kind": "complaint", "urgency": 2, "said_at": ""}},
            {"do": "complete", "task": "choose_engage_or_distribute",
                "vars": {"choice": "distribute", "group_key": "service", "note": "Third week."}},
            {"expect": {"open": ["acknowledge_complaint"]}},
            {"do": "message", "name": "customer_wrote_again", "vars": {}},
            {"do": "complete", "task": "continue_conversation", "vars": {"said": "asks", "answered": "replied"}},
            {"do": "complete_if_open", "task": "answer_again", "vars": {"said": "asks", "answered": "replied"}},
            {"do": "complete", "task": "acknowledge_complaint", "vars": {"departments": ["service"]}},
            {"do": "complete", "task": "resolve_in_service", "vars": {}},
            {"do": "complete", "task": "tell_outcome", "vars": {"decision": "no", "reason": "Out of stock."}},
            {"do": "advance", "by": "P7D"},
            {"expect": {"open": ["bring_answer"], "vars": {"decision": "no", "reason": "Out of stock."}}},
            {"do": "complete", "task": "bring_answer", "vars": {"decision": "no", "reason": "Out of stock."}},
            {"expect": {"open": [], "ended": True}},
        ],
    }  # fmt: skip
    (result,) = run_cases([case], read_beside("social_engagement"))

    assert (result.outcome, result.detail) == ("pass", "")


def test_a_fault_that_hits_others_opens_the_outage_process() -> None:
    world = world_of(
        {"files": ["complaint_to_resolution.bpmn", "../outage/outage.bpmn"], "process": "complaint_to_resolution"},
        models_from(read_beside("complaint_to_resolution")),
    )
    world.do({"do": "start", "vars": {"conversation_id": 5, "topic": "payment", "item_id": 17}})
    world.do({"do": "complete", "task": "acknowledge_complaint", "vars": {"departments": ["it"]}})
    world.do({"do": "complete", "task": "fix_fault", "vars": {"it_result": "Payment is down.", "widespread": True}})

    complaint, outage = world.instances
    assert list(complaint.items.values()) == ["tell_outcome"]
    assert list(outage.items.values()) == ["confirm_incident"]
    assert (outage.variables["topic"], outage.variables["latest_item_id"]) == ("payment", 17)


# People and words


def test_its_lanes_name_known_groups_and_every_task_stands_in_one(key: str) -> None:
    (process,) = model(key).processes
    if key in CHOSEN_BY_PEOPLE:
        assert not process.lanes
        return
    assert {group_key(lane) for lane in process.lanes} <= GROUPS
    for element in model(key).elements:
        if element.type == "userTask":
            assert element.lane is not None, element.id
            assert group_key(element.lane) in GROUPS


def test_each_task_is_named_and_numbered_by_nothing_but_its_words(key: str) -> None:
    for node in nodes(key):
        name = node.get("name") or ""
        if etree.QName(node).localname.endswith("Task"):
            assert re.fullmatch(r"[A-Z]\w+( [\w’]+)+", name), (node.get("id"), name)


def test_nothing_in_it_speaks_to_a_customer_by_itself(key: str) -> None:
    """Law 1: no send task, and no topic that is not one of our service tasks, none of which sends."""
    assert [node for node in nodes(key) if etree.QName(node).localname == "sendTask"] == []
    assert set(model(key).topics) <= set(SERVICE_TASKS)


def test_its_readme_names_owner_people_purpose_and_measures(key: str) -> None:
    text = (folder(key) / "README.md").read_text(encoding="utf-8")
    for part in (
        "# ",
        "**Owner:**",
        "**Works in it:**",
        "**Purpose.**",
        "## How it goes",
        "## Started by",
        "## Measures",
    ):
        assert part in text, part


# Forms


def test_its_forms_are_valid_json_schema_with_words_for_people(key: str) -> None:
    for name, schema in forms(key).items():
        Draft202012Validator.check_schema(schema)
        assert schema["type"] == "object", name
        assert schema["title"], name
        assert schema["description"], name
        assert set(schema["required"]) <= set(schema["properties"]), name
        for field, part in schema["properties"].items():
            assert field.isidentifier(), (name, field)
            assert part["title"], (name, field)
            choices = part.get("items", part)
            assert "enum" not in choices, (name, field, "choices carry a label each: oneOf of const and title")
            for option in choices.get("oneOf", ()):
                assert set(option) == {"const", "title"}, (name, field)


def test_each_user_task_and_plain_start_has_its_form_and_no_form_is_left_over(key: str) -> None:
    asked = {form_of(key, str(node.get("id"))) for node in nodes(key) if etree.QName(node).localname == "userTask"}
    plain = {str(n.get("id")) for n in nodes(key) if n.tag == f"{BPMN}startEvent" and is_plain_start(n)}

    assert set(forms(key)) == asked | plain


def is_plain_start(event: etree._Element) -> bool:
    inside_process = event.getparent() is not None and event.getparent().tag == f"{BPMN}process"  # type: ignore[union-attr]  # an event has a parent
    return inside_process and not any(str(part.tag).endswith("EventDefinition") for part in event)


# Triggers


def test_its_triggers_can_be_saved_and_mean_messages_of_the_model(key: str) -> None:
    if key in CHOSEN_BY_PEOPLE:
        assert not (folder(key) / "triggers.json").exists()
        return
    triggers = json.loads((folder(key) / "triggers.json").read_text(encoding="utf-8"))
    assert triggers
    for values in triggers:
        draft = draft_of(key, values)
        check_fields(draft.fields)
        assert draft.name
        if draft.action == "correlate":
            assert draft.message in model(key).messages
    actions = [values["action"] for values in triggers]
    assert actions == sorted(actions), "correlate stands before start: an item must not reach the case it starts"
