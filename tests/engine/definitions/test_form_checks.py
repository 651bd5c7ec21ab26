"""Forms that nobody could fill in, or that would reach out, are refused before anything is deployed."""

from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions.form_checks import check_forms
from bpm.foundation.errors import RefusedError
from tests.engine.models import ONE_TASK

GOOD = {"type": "object", "properties": {"amount": {"type": "number"}}, "required": ["amount"]}


@pytest.mark.parametrize(
    ("schema", "code", "place"),
    [
        ([], "form-not-schema", "Form f:"),
        ({"type": "objekt"}, "form-not-schema", "Form f at #/type:"),
        ({"type": "string"}, "form-not-schema", "Form f at #/type:"),
        ({"properties": {"a": {"minimum": "1"}}}, "form-not-schema", "Form f at #/properties/a/minimum:"),
        ({"properties": []}, "form-not-schema", "Form f at #/properties:"),
        ({"properties": {"class": {}}}, "form-field-name", "Form f at #/properties/class:"),
        ({"properties": {"_secret": {}}}, "form-field-name", "Form f at #/properties/_secret:"),
        ({"properties": {"loopCounter": {}}}, "form-field-name", "Form f at #/properties/loopCounter:"),
        ({"properties": {"": {}}}, "form-field-name", "Form f at #/properties/:"),
        ({"properties": {"a": {}}, "required": ["b"]}, "form-field-missing", "Form f at #/required:"),
        ({"properties": {"a": {"$ref": "http://127.0.0.1/x"}}}, "form-remote", "Form f at #/properties/a/$ref:"),
        ({"properties": {"a": {"pattern": "("}}}, "form-pattern", "Form f at #/properties/a/pattern:"),
        ({"properties": {"a": {"pattern": "(a)\\1"}}}, "form-pattern", "Form f at #/properties/a/pattern:"),
    ],
)
def test_a_problem_names_the_form_and_the_place(schema: Any, code: str, place: str) -> None:
    (finding,) = check_forms({"f": schema})
    assert (finding.code, finding.severity, finding.element) == (code, "error", "f")
    assert finding.message.startswith(place)
    assert finding.remedy


@pytest.mark.parametrize(
    "schema",
    [
        GOOD,
        {},
        {"$schema": "http://json-schema.org/draft-07/schema#", **GOOD},
        {"$defs": {"euro": {"type": "number"}}, "properties": {"a": {"$ref": "#/$defs/euro"}}},
        {"properties": {"zip": {"type": "string", "pattern": "^[0-9]{5}$"}, "größe": {}, "with space": {}}},
        {"properties": {"a": {"const": {"$ref": "http://x"}}}},
        {"required": ["b"], "additionalProperties": True},
    ],
)
def test_a_sound_form_passes(schema: Any) -> None:
    assert check_forms({"f": schema}) == ()


def test_a_deployment_with_such_a_form_is_refused_with_the_finding(app: App) -> None:
    bad = {"Read": {"properties": {"class": {"type": "string"}}}}
    prepared = engine.check(ONE_TASK, "one.bpmn")
    with pytest.raises(RefusedError) as refused, app.unit_of_work() as work:
        engine.deploy(work, prepared, forms=bad)
    assert [finding.code for finding in refused.value.findings if finding.severity == "error"] == ["form-field-name"]
    assert not engine.check(ONE_TASK, "one.bpmn", forms=bad).deployable
    with app.unit_of_work() as work:
        assert engine.deploy(work, prepared, forms={"Read": GOOD}).number == 1


def test_a_deeply_nested_form_is_refused_and_never_an_error_of_ours() -> None:
    schema: dict[str, Any] = {}
    for _ in range(300):
        schema = {"properties": {"a": schema}}
    assert [finding.code for finding in check_forms({"f": schema})] == ["form-not-schema"]
