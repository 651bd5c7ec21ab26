"""What was not sent is carried over; a part goes only where somebody names it, and what no longer fits is told."""

from typing import Any

import pytest

from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import difference
from bpm.engine.definitions.prepare import prepare
from bpm.engine.definitions.received import (
    Part,
    Received,
    carry_over,
    check_references,
    missing_from,
    parts_named,
    read_bundle,
)
from bpm.foundation.errors import InvalidInputError
from tests.engine.models import ONE_TASK
from tests.engine.received.files import CASE, FORM, TABLE, written

OTHER = {"type": "object", "properties": {"reason": {"type": "string"}}}
LIVE = Bundle(
    "one.bpmn",
    ONE_TASK,
    forms={"Read": FORM, "Old": FORM},
    decisions={"rules.dmn": TABLE},
    tests=(CASE, {**CASE, "id": "ends"}),
    triggers=({"name": "Complaints"},),
)
CHANGED = ONE_TASK.replace(b'name="Read', b'name="Read well')


def sent(**parts: Any) -> Received:
    return Received(file_name="one.bpmn", source=CHANGED, **parts)


def test_a_model_alone_keeps_everything_else() -> None:
    bundle = carry_over(LIVE, sent())
    assert bundle == Bundle("one.bpmn", CHANGED, LIVE.forms, LIVE.decisions, LIVE.tests, LIVE.triggers)


def test_three_versions_after_one_another_lose_nothing_that_nobody_removed() -> None:
    first = carry_over(None, read_bundle([("one.bpmn", ONE_TASK), ("Read.json", written(FORM))]))
    second = carry_over(first, read_bundle([("tests.json", written([CASE])), ("rules.dmn", TABLE)]))
    third = carry_over(second, read_bundle([("one.bpmn", CHANGED)]))
    fourth = carry_over(third, read_bundle([("Read.json", written(OTHER))]), [Part("decision", "rules.dmn")])
    assert (third.source, dict(third.forms), third.tests) == (CHANGED, {"Read": FORM}, (CASE,))
    assert dict(third.decisions) == {"rules.dmn": TABLE}
    assert (fourth.source, dict(fourth.forms), dict(fourth.decisions)) == (CHANGED, {"Read": OTHER}, {})


def test_a_case_that_came_takes_the_place_of_its_namesake_and_the_others_stay() -> None:
    shorter = {**CASE, "steps": [{"do": "start"}]}
    bundle = carry_over(LIVE, sent(tests=(shorter, {**CASE, "id": "new"})))
    assert [case["id"] for case in bundle.tests] == ["reads it", "ends", "new"]
    assert bundle.tests[0] == shorter


def test_what_did_not_come_is_known_and_can_be_named_for_removal() -> None:
    missing = missing_from(sent(forms={"Read": FORM}, whole=True), LIVE)
    assert list(map(str, missing)) == [
        "form:Old",
        "tests:reads it",
        "tests:ends",
        "decision:rules.dmn",
        "trigger:Complaints",
    ]
    gone = parts_named(["Old", "tests:ends"], missing)
    bundle = carry_over(LIVE, sent(forms={"Read": FORM}), gone)
    assert (set(bundle.forms), [case["id"] for case in bundle.tests]) == ({"Read"}, ["reads it"])
    with pytest.raises(InvalidInputError, match="form:Old"):
        parts_named(["Odl"], missing)


def test_without_a_live_version_a_model_has_to_come() -> None:
    with pytest.raises(InvalidInputError, match="no BPMN file"):
        carry_over(None, Received(forms={"Read": FORM}))


def test_each_part_is_kept_changed_added_or_removed() -> None:
    came = sent(forms={"Read": OTHER, "New": FORM})
    found = difference(LIVE, carry_over(LIVE, came, [Part("form", "Old")]))
    named = {
        kind: {(each.kind, each.name) for each in getattr(found, kind) if each.kind in ("form", "tests", "decision")}
        for kind in ("kept", "changed", "added", "removed")
    }
    assert named == {
        "kept": {("tests", "reads it"), ("tests", "ends")},
        "changed": {("form", "Read")},
        "added": {("form", "New")},
        "removed": {("form", "Old")},
    }


ASKS = ONE_TASK.replace(b'<userTask id="Read"', b'<userTask camunda:formKey="answer" id="Read"')


def references(source: bytes, **parts: Any) -> dict[str, str]:
    bundle = Bundle("one.bpmn", source, **{"forms": {}, "decisions": {}, "tests": (), **parts})
    prepared = prepare(source, "one.bpmn", decisions=bundle.decisions)
    assert prepared.deployable, prepared.findings
    found = check_references(prepared, bundle)
    assert all(each.remedy and each.severity == "warning" for each in found)
    return {each.code: each.message for each in found}


def test_parts_that_fit_each_other_are_not_talked_about() -> None:
    assert references(ONE_TASK, forms={"Read": FORM}, tests=(CASE,)) == {}
    assert references(ASKS, forms={"answer": FORM}) == {}


def test_a_form_that_is_asked_for_and_not_there_is_told() -> None:
    found = references(ASKS, forms={"other": FORM})
    assert set(found) == {"form-missing", "form-unused"}
    assert "'answer'" in found["form-missing"]
    assert "'other'" in found["form-unused"]


def test_a_test_that_names_what_is_no_longer_drawn_is_told() -> None:
    gone = {
        "id": "old",
        "files": ["as_it_was_called_then.bpmn"],
        "steps": [{"do": "start"}, {"expect": {"open": ["Check"]}}],
    }
    found = references(ONE_TASK, tests=(CASE, gone))
    assert set(found) == {"test-element-missing"}
    assert "'old' names 'Check'" in found["test-element-missing"]


def test_a_decision_that_no_task_calls_any_more_is_told() -> None:
    table = (
        b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" name="r" namespace="x">'
        b'<decision id="limit" name="Limit"><literalExpression><text>5</text></literalExpression></decision>'
        b"</definitions>"
    )
    assert set(references(ONE_TASK, decisions={"rules.dmn": table})) == {"decision-unused"}
