"""Whatever a person chooses in a form that was made for them, the process goes on: no Failure at the gateway."""

from datetime import UTC, datetime
from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.forms import Field
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Complete
from bpm.engine.status import InstanceStatus
from tests.engine.bpmn.asking.drawn import asked, checked, model
from tests.thoroughness import examples

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


def answers(field: Field) -> list[Any]:
    """Every option of a field, or a few values of its kind."""
    kinds: dict[str, list[Any]] = {
        "yes-no": [True, False], "number": [-1, 0, 5, 1e6], "integer": [0, 7], "text": ["a", "long text"],
        "date": ["2026-05-01"], "date-time": ["2026-05-01T10:00"], "time": ["10:00:00"], "duration": ["PT1M", "P3D"],
        "lines": [["a"], ["a", "b"]], "many": [[], [option.value for option in field.options]],
    }  # fmt: skip
    if field.kind == "group":
        inner = [[(each.name, value) for value in answers(each)] for each in field.fields]
        return [dict(chosen) for chosen in product(*inner)]
    if field.kind == "list":
        return [[], [{each.name: answers(each)[0] for each in field.fields}]]
    return kinds.get(field.kind) or [option.value for option in field.options]


def complete_with(source: bytes, values: dict[str, Any]) -> Any:
    """The instance after its first task was completed with these values."""
    compiled = checked(source).compiled
    assert compiled is not None
    begun = execution.start(compiled, {}, now=NOW)
    uid = next(item.uid for item in begun.work_items if item.element == "work")
    return execution.advance(compiled, begun.state, Complete(uid, values), now=NOW)


def every_way(source: bytes) -> None:
    fields = [field for field in asked(source).values() if field.name]
    for chosen in product(*([(field.name, value) for value in answers(field)] for field in fields)):
        step = complete_with(source, dict(chosen))
        assert step.status != InstanceStatus.FAILED, chosen
        assert not step.failures, (chosen, step.failures)


LANGUAGES = {
    "juel": lambda name, mark, value: f"${{{name} {mark} {_text(value)}}}",
    "feel": lambda name, mark, value: f"={name} {'=' if mark == '==' else mark} {_text(value, quote=chr(34))}",
    "python": lambda name, mark, value: (
        f"{name} {mark} {_text(value).replace('true', 'True').replace('false', 'False')}"
    ),
}


def _text(value: Any, quote: str = "'") -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return f"{quote}{value}{quote}" if isinstance(value, str) else str(value)


@st.composite
def gateways(draw: st.DrawFn) -> bytes:
    """A task, then a gateway with up to three conditions over one or two variables and a default flow."""
    write = LANGUAGES[draw(st.sampled_from(sorted(LANGUAGES)))]
    kinds = st.sampled_from([[True, False], ["red", "blue", "IT"], [3, 100, 2.5]])
    values = {name: draw(kinds) for name in draw(st.sampled_from([["found"], ["amount", "colour"]]))}
    conditions = {}
    for key in ("a", "b", "c")[: draw(st.integers(1, 3))]:
        name = draw(st.sampled_from(sorted(values)))
        value = draw(st.sampled_from(values[name]))
        is_number = not isinstance(value, bool | str)
        conditions[key] = write(name, draw(st.sampled_from(["==", "!=", *([">", "<="] if is_number else [])])), value)
    flows = [f"g>end_{key}:{key}" for key in conditions]
    nodes = f'work:userTask\n<exclusiveGateway id="g" default="f{len(flows) + 2}"/>'
    return model(nodes, " ".join(["start>work work>g", *flows, "g>end"]), **conditions)


@examples(40)
@given(gateways())
def test_every_option_of_every_suggested_form_goes_through_the_gateway(source: bytes) -> None:
    every_way(source)


@pytest.mark.parametrize(
    "condition",
    ["${found}", "=found", "found", "${order.total > 5 && order.vip}", "=some i in lines satisfies i.price > 5",
     '=due < date("2026-05-01")', "${due < now()}", "=count(names) > 1", "${empty reason || reason == 'late'}",
     '=kind in ("a", "b")', "'x' in tags", '=list contains(tags, "x")', "=spent > budget", "total * 2 > 7"],
)  # fmt: skip
def test_what_is_read_in_other_ways_goes_through_as_well(condition: str) -> None:
    every_way(model('work:userTask\n<exclusiveGateway id="g" default="f3"/>', "start>work work>g g>end_a:c g>end_b",
                    c=condition))  # fmt: skip


def test_exactly_the_offered_values_lead_somewhere_without_a_default() -> None:
    every_way(model('work:userTask\nxg:exclusiveGateway', "start>work work>xg xg>end_a:a xg>end_b:b",
                    a="${result == 'fixed'}", b="${result == 'replaced'}"))  # fmt: skip
