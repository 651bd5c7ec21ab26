"""The details of an element: typed while they are used, stored as the plain values that release 0.1 wrote."""

from typing import Any

import orjson
import pytest

from bpm.engine.spiff import compilation, store
from bpm.engine.spiff.specs.details import Details, Item, Loop, RoundEvent, Setting
from bpm.engine.spiff.specs.event_definitions import EventKind, NamedEvent
from bpm.engine.spiff.specs.process import ProcessSpec
from tests.engine.spiff.bench import flow, model

STORED: dict[str, tuple[str, dict[str, Any]]] = {
    "nothing said": ("task", {}),
    "settings": ("userTask", {"group": "sales", "assigneeExpression": "who", "form": "f", "nameExpression": "n"}),
    "a job": ("serviceTask", {"topic": "t", "retries": "3", "retryIn": "PT5M", "startQuantity": 2}),
    "a call": ("callActivity", {"called": "other", "calledExpression": None, "passAll": False, "returnAll": True}),
    "a call by expression": ("callActivity", {"called": None, "calledExpression": "which"}),
    "a boundary event": ("boundaryEvent", {"attached": "A", "interrupting": True, "handler": None, "keeps": True}),
    "a start": ("startEvent", {"interrupting": False, "initiator": "who"}),
    "a complex gateway": ("complexGateway", {"activation": ""}),
    "mappings": (
        "userTask",
        {
            "inputs": [{"name": "a", "expression": "x", "at": ["b", "c"]}],
            "outputs": [{"name": "y", "came": "z", "whole": True}, {"name": "y", "came": "z"}],
        },
    ),
    "a loop": ("task", {"loop": {"kind": "standard", "maximum": None, "while": "i < 3", "testBefore": True}}),
    "rounds": (
        "task",
        {
            "loop": {
                "kind": "parallel", "cardinality": None, "until": None, "collection": "xs", "elementVariable": "x",
                "outputCollection": None, "outputElement": None, "counters": "zeebe",
                "throws": [{"when": "first", "event": {"kind": "signal", "event": "s"}}],
            }
        },
    ),
    "values to begin with": ("subProcess", {"first": {"n": 1}, "triggered": True, "undoTogether": True}),
}  # fmt: skip


@pytest.mark.parametrize("name", STORED)
def test_what_was_stored_is_stored_again_to_the_letter(name: str) -> None:
    kind, plain = STORED[name]
    again = Details.from_plain(orjson.loads(orjson.dumps(plain))).to_plain(kind)
    assert again == plain


def test_what_a_later_release_says_beside_it_is_not_stumbled_over() -> None:
    assert Details.from_plain({"topic": "t", "somethingNew": 1}) == Details(topic=Setting("topic", "t"))


def test_the_stored_form_is_read_into_types() -> None:
    rounds = Details.from_plain(STORED["rounds"][1]).loop
    assert rounds == Loop(
        "parallel",
        collection="xs",
        element_variable="x",
        counters="zeebe",
        throws=(RoundEvent("first", NamedEvent(EventKind.SIGNAL, "s")),),
    )
    assert Details.from_plain(STORED["mappings"][1]).inputs == (Item("a", "x", at=("b", "c")),)


def test_a_spec_that_is_stored_and_loaded_has_the_details_that_were_compiled() -> None:
    body = (
        '<startEvent id="s"/><userTask id="U" e:group="sales"><e:input name="a" expression="1"/>'
        "<standardLoopCharacteristics/></userTask>"
        '<boundaryEvent id="B" attachedToRef="U" cancelActivity="false"><timerEventDefinition><timeDuration>PT1H'
        "</timeDuration></timerEventDefinition></boundaryEvent>" + flow("s", "U")
    )
    spec = compilation.compile_specs(model(body))["p"]
    spec_hash, blob = store.dump_spec(spec)
    again = store.load_spec(blob)
    assert _details(again) == _details(spec)
    assert store.dump_spec(again)[0] == spec_hash


def _details(spec: ProcessSpec) -> dict[str, Details]:
    return {name: element.model.details for name, element in spec.elements.items()}
