"""A number that JSON cannot say never becomes null in silence: it is refused by its place, or it is a Failure."""

from typing import Any

import pytest
from sqlalchemy import update

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import decisions
from bpm.engine.decisions import read_decisions
from bpm.engine.expressions.language import evaluate, parse
from bpm.engine.expressions.scripts import run_script
from bpm.engine.jobs.jobs import Outside
from bpm.engine.models import Job
from bpm.engine.plain_values import problem_of
from bpm.feedback.intake.normalise import _storable
from bpm.foundation.errors import ExpressionError, InvalidInputError
from bpm.foundation.work import Actor
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import ONE_TASK, SERVICE, begin, flow, go_live, model

pytestmark = pytest.mark.both_databases

INFINITE = (
    "number(&quot;1e400&quot;)",
    "number(&quot;-1e999&quot;)",
    "number(&quot;1e308&quot;) * 100",
    "[1, number(&quot;1e308&quot;) * 100]",
    "{a: number(&quot;1e400&quot;)}",
)
ZEEBE = 'xmlns:z="http://camunda.org/schema/zeebe/1.0"'


def _after_a_task(what: str) -> bytes:
    """A task for a person, then an element that comes to a number that nobody can keep."""
    source = model(
        "odd",
        f'<startEvent id="start"/><userTask id="Read"/>{what}<endEvent id="end"/>'
        + flow("start", "Read")
        + flow("Read", "Next")
        + flow("Next", "end"),
    )
    return source.replace(b"<definitions ", f"<definitions {ZEEBE} ".encode())


def _mapping(kind: str, text: str) -> str:
    mapped = f'<z:ioMapping><z:{kind} source="{text}" target="x"/></z:ioMapping>'
    return f'<userTask id="Next"><extensionElements>{mapped}</extensionElements></userTask>'


@pytest.mark.parametrize("number", INFINITE)
def test_work_can_be_completed_though_the_step_after_it_comes_to_no_number(app: App, anna: Actor, number: str) -> None:
    go_live(app, _after_a_task(_mapping("input", f"={number}")))
    instance_id = begin(app, "odd", {"x": 1})
    acting.complete(app, "Read", {}, actor=anna)
    (failure,) = acting.failures(app, instance_id=instance_id)
    assert failure.element == "Next"
    assert acting.instance(app, instance_id).variables == {"x": 1}


def test_a_literal_beyond_every_number_is_an_error_of_the_upload_or_a_failure() -> None:
    for text in ("1e400", "x + 1e999", "-1e400 < y"):
        with pytest.raises(ExpressionError, match="finite"):
            parse(text)


@pytest.mark.parametrize(
    "text",
    ["1e308 * 10", "float('inf')", "float('nan')", "json('1e400')", "json('[{\"a\": NaN}]')", "x * x", "-(x * x)"],
)
def test_an_expression_comes_to_a_finite_number_or_says_so(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"finite|cannot be used"):
        evaluate(parse(text), {"x": 1e200})


def test_values_that_came_infinite_are_not_handed_on() -> None:
    for value in (float("inf"), [float("nan")], {"a": [{"b": float("-inf")}]}):
        with pytest.raises(ExpressionError, match="finite"):
            evaluate(parse("x"), {"x": value})


@pytest.mark.parametrize("value", ["float('inf')", "[1, {'a': float('nan')}]", "1e400", "1e308 * 10"])
def test_a_script_that_comes_to_no_number_says_which_variable(value: str) -> None:
    with pytest.raises(ExpressionError, match=r"total.*(NaN|Infinity)"):
        run_script(f"total = {value}", {})


def test_a_service_task_that_finds_no_number_is_a_failure_with_the_place(app: App) -> None:
    go_live(app, SERVICE)
    instance_id = begin(app, "service")
    with app.unit_of_work() as work:
        work.session.execute(update(Job).values(retries=1))
    engine.sweep_jobs(app.unit_of_work, {"ask": Outside(lambda _call: {"order": {"sums": [1, float("nan")]}})})
    (failure,) = acting.failures(app, instance_id=instance_id)
    assert "NaN at order.sums[1]" in failure.message


@pytest.mark.parametrize("value", [float("inf"), [float("nan")], {"a": {"b": -float("inf")}}, "a\x00b"])
def test_what_comes_from_outside_is_refused_by_its_place(app: App, anna: Actor, value: Any) -> None:
    go_live(app, ONE_TASK)
    with pytest.raises(InvalidInputError, match=r"NaN|Infinity|NUL"):
        begin(app, "one", {"x": value})
    instance_id = begin(app, "one", {"x": 0})
    with pytest.raises(InvalidInputError, match=r"NaN|Infinity|NUL"):
        acting.complete(app, "Read", {"x": value}, actor=anna)
    assert acting.instance(app, instance_id).variables == {"x": 0}
    assert acting.failures(app, instance_id=instance_id) == []


def test_a_decision_that_adds_up_to_no_number_says_so() -> None:
    table = """<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
    <decision id="sum" name="Sum"><decisionTable hitPolicy="COLLECT" aggregation="SUM">
    <output id="o" name="o" typeRef="number"/>
    <rule id="r1"><outputEntry id="e1"><text>x</text></outputEntry></rule>
    <rule id="r2"><outputEntry id="e2"><text>x</text></outputEntry></rule>
    </decisionTable></decision></definitions>"""
    read = read_decisions(table.encode(), "sum.dmn")
    with pytest.raises(ExpressionError, match=r"Sum.*too large"):
        decisions.decide(read.decisions, "sum", {"x": 1.5e308}, now=MONDAY)


def test_a_text_is_kept_though_it_looks_like_a_nul_character() -> None:
    assert problem_of({"a": "\\u0000"}) == ""
    assert "NUL" in problem_of({"a": "\\\x00"})


def test_a_raw_record_keeps_the_name_of_what_is_no_number() -> None:
    assert _storable({"likes": float("nan"), "list": [float("inf")]}) == {"likes": "nan", "list": ["inf"]}
