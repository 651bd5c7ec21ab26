"""No schema of a form reaches out, and none can make anybody wait: neither at the upload nor when work is completed."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from sqlalchemy import update

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.definitions import check
from bpm.engine.definitions.form_checks import check_forms
from bpm.engine.models import ProcessVersion
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.foundation.work import Actor
from tests.engine import acting
from tests.engine.models import ONE_TASK, begin, go_live
from tests.engine.refund_forms import FOR_SERVICE

OUTSIDE = "http://127.0.0.1:{port}/secret"


@pytest.fixture
def outside() -> Iterator[tuple[str, list[str]]]:
    """(address of a server that nobody may ask, what it was asked)."""
    asked: list[str] = []

    class Told(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"{}")

        def log_message(self, *_: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Told)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield OUTSIDE.format(port=server.server_port), asked
    server.shutdown()
    server.server_close()


def _reaching(ref: str) -> dict[str, dict[str, Any]]:
    """Forms whose `$ref` stands where a careless look does not go."""
    leads = {"$ref": ref}
    names = ("default", "const", "enum", "examples", "title", "$defs")
    return {
        **{f"field called {name}": {"properties": {name: leads}} for name in names},
        **{
            f"$ref into {name}": {
                "properties": {"a": {name: [leads], "$ref": f"#/properties/a/{name}/0"}},
            }
            for name in ("default", "enum", "examples")
        },
        "$ref into const": {"properties": {"a": {"const": leads}, "b": {"$ref": "#/properties/a/const"}}},
        "$ref into a note": {"properties": {"a": {"x-note": leads}, "b": {"$ref": "#/properties/a/x-note"}}},
        "in a list's items": {"properties": {"a": {"type": "array", "items": leads}}},
        "in a choice": {"properties": {"a": {"oneOf": [{"not": {"anyOf": [leads]}}]}}},
        "in a branch": {"if": {"properties": {"a": leads}}, "then": {}, "properties": {"a": {}}},
        "by a pattern": {"patternProperties": {"^a$": leads}, "properties": {"a": {}}},
        "by another base": {"$id": ref, "properties": {"a": {"$ref": "other"}}},
        "by an inner base": {"properties": {"a": {"$id": ref, "allOf": [{"$ref": "other"}]}}},
        "by an inner dialect": {
            "properties": {"a": {"$schema": "http://json-schema.org/draft-07/schema#", "allOf": [leads]}}
        },
        "as a dynamic reference": {"properties": {"a": {"$dynamicRef": ref}}},
    }


@pytest.mark.parametrize("name", list(_reaching("")))
def test_a_reference_to_the_outside_is_refused_wherever_it_hides(name: str) -> None:
    for ref in ("http://169.254.169.254/latest", "file:///etc/passwd", "//host/x", "other.json#/a", "urn:x"):
        findings = check_forms({"f": _reaching(ref)[name]})
        assert any(finding.severity == "error" for finding in findings), ref
        assert all(finding.remedy and "f at #/" in finding.message for finding in findings)


@pytest.mark.parametrize("name", list(_reaching("")))
def test_a_form_deployed_before_its_bounds_fetches_nothing_when_work_is_completed(
    app: App, anna: Actor, name: str, outside: tuple[str, list[str]]
) -> None:
    address, asked = outside
    _with_form(app, _reaching(address)[name])
    with pytest.raises(InvalidInputError):
        acting.complete(app, "Answer", {"a": 1, "default": 1, "const": 1, "enum": 1, "examples": 1}, actor=anna)
    assert asked == []


def _doubling(keyword: str, levels: int) -> dict[str, Any]:
    deeper = {f"d{n}": {keyword: [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(levels)}
    return {"$defs": {**deeper, f"d{levels}": {"type": "string"}}, "properties": {"a": {"$ref": "#/$defs/d0"}}}


SLOW = {
    "doubling by allOf": _doubling("allOf", 15),
    "doubling by anyOf": _doubling("anyOf", 18),
    "doubling by oneOf, deep": _doubling("oneOf", 60),
    "containing itself": {"properties": {"a": {"$ref": "#"}}},
    "going in a circle": {
        "$defs": {"x": {"$ref": "#/$defs/y"}, "y": {"allOf": [{"$ref": "#/$defs/x"}]}},
        "properties": {"a": {"$ref": "#/$defs/x"}},
    },
    "a pattern of signs": {"properties": {"a": {"pattern": "+" * 80_000}}},
    "a long pattern": {"properties": {"a": {"pattern": "(a" * 30_000}}},
    "a pattern that repeats large repetitions": {"properties": {"a": {"pattern": "((a{100}){100}){100}"}}},
    "patterns that are large together": {
        "properties": {f"a{n}": {"pattern": f"^.{{0,{999 - n}}}$"} for n in range(90)}
    },
    "too many parts": {"properties": {f"a{n}": {} for n in range(5_000)}},
    "too large": {"properties": {"a": {"enum": ["x" * 1_000] * 400}}},
}


@pytest.mark.parametrize("name", list(SLOW))
def test_what_would_take_too_long_is_refused_at_the_upload(name: str) -> None:
    findings = [each for each in check.check_forms({"f": SLOW[name]}) if each.severity == "error"]
    codes = {finding.code for finding in findings}
    assert codes & {"form-too-large", "form-recursive", "form-pattern", "form-not-schema"}
    assert not codes & {"check-too-slow", "check-failed"}


@pytest.mark.parametrize("name", list(SLOW))
def test_the_same_deployed_before_is_refused_when_work_is_completed(app: App, anna: Actor, name: str) -> None:
    _with_form(app, SLOW[name])
    with pytest.raises(RefusedError, match=r"Deploy the mended form"):
        acting.complete(app, "Answer", {"a": "x" * 100}, actor=anna)
    assert len(acting.items(app, anna)) == 1


@pytest.mark.parametrize(
    "pattern", ["^((a+))+$", "^(a|a)*$", "^a*a*a*a*b$", "^(a|aa)+$", "(x+x+)+y", "^(?:.*a){12}$", "^([a-z]+)*[0-9]$"]
)
def test_patterns_that_would_run_for_ever_elsewhere_end_here(app: App, anna: Actor, pattern: str) -> None:
    by_name = {"patternProperties": {pattern: {"type": "string"}}, "additionalProperties": True}
    for schema in ({"properties": {"a": {"type": "string", "pattern": pattern}}}, by_name):
        assert check_forms({"f": schema}) == ()
    go_live(app, FOR_SERVICE, forms={"Answer": {"properties": {"a": {"pattern": pattern}}}})
    begin(app, "served")
    with pytest.raises(InvalidInputError) as said:
        acting.complete(app, "Answer", {"a": "a" * 5_000 + "!"}, actor=anna)
    assert said.value.fields == {"a": "This does not have the form that is asked for."}


def test_values_that_would_take_too_long_to_judge_are_refused(app: App, anna: Actor) -> None:
    many = {"anyOf": [{"type": "array", "items": {"const": n}} for n in range(300)]}
    go_live(app, FOR_SERVICE, forms={"Answer": {"properties": {"a": many, "b": {"uniqueItems": True}}}})
    begin(app, "served")
    with pytest.raises(InvalidInputError, match="too much for this form"):
        acting.complete(app, "Answer", {"a": [[n] for n in range(50_000)]}, actor=anna)
    acting.complete(app, "Answer", {"b": [{"n": n} for n in range(20_000)]}, actor=anna)


def test_a_form_is_looked_at_in_the_child_and_its_end_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(check._child, "ask", lambda _request, *, seconds: "timeout")
    (finding,) = check.check_forms({"f": {"properties": {"a": {}}}})
    assert (finding.code, finding.severity) == ("check-too-slow", "error")


def test_forms_that_the_model_itself_declares_are_bounded_too() -> None:
    fields = "".join(f'<camunda:formField id="f{n}" type="string"/>' for n in range(3_000))
    declared = f"<extensionElements><camunda:formData>{fields}</camunda:formData></extensionElements></userTask>"
    source = ONE_TASK.replace(b'name="Read it"/>', b'name="Read it">' + declared.encode())
    findings = engine.check(source, "one.bpmn").findings
    assert "form-too-large" in {finding.code for finding in findings}


def test_a_keyword_that_is_not_executed_is_named_with_what_to_write_instead() -> None:
    findings = check_forms({"f": {"properties": {"a": {"unevaluatedProperties": False, "widget": "stars"}}}})
    assert [(each.code, each.severity) for each in findings] == [
        ("form-keyword", "error"),
        ("form-keyword-unknown", "warning"),
    ]
    assert "additionalProperties" in findings[0].remedy


def _with_form(app: App, schema: dict[str, Any]) -> None:
    """A version that was deployed when its form was not looked at so closely."""
    go_live(app, FOR_SERVICE, forms={"Answer": {"properties": {"a": {}}}})
    with app.unit_of_work() as work:
        # Another hash, too: what is kept in process by the old one is not asked.
        work.session.execute(update(ProcessVersion).values(forms={"Answer": schema}, content_hash=str(id(schema))))
    begin(app, "served")
