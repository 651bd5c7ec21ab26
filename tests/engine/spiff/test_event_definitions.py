"""Event definitions: typed while they are used, stored as the plain values that release 0.1 wrote."""

from typing import Any

import orjson
import pytest

from bpm.engine.expressions.times.schedules import TimerKind
from bpm.engine.spiff import compilation, store
from bpm.engine.spiff.specs import event_definitions
from bpm.engine.spiff.specs.event_definitions import (
    CodedEvent,
    CompensateEvent,
    ConditionalEvent,
    EventDefinition,
    EventKind,
    NamedEvent,
    PlainEvent,
    TerminateEvent,
    TimerEvent,
)
from tests.engine.spiff.bench import flow, model

STORED: list[tuple[dict[str, Any], EventDefinition]] = [
    ({"kind": "message", "event": "paid"}, NamedEvent(EventKind.MESSAGE, "paid")),
    (
        {"kind": "signal", "event": "s", "nameExpression": "n", "inside": True, "key": "k"},
        NamedEvent(EventKind.SIGNAL, "s", "n", inside=True, key="k"),
    ),
    (
        {"kind": "timer", "which": "duration", "text": "PT1H", "expression": None},
        TimerEvent(TimerKind.DURATION, "PT1H"),
    ),
    (
        {"kind": "timer", "which": "cycle", "text": "", "expression": "every", "until": "end"},
        TimerEvent(TimerKind.CYCLE, "", "every", "end"),
    ),
    ({"kind": "error", "code": None}, CodedEvent(EventKind.ERROR)),
    ({"kind": "error", "code": None, "name": ""}, CodedEvent(EventKind.ERROR, name="")),
    (
        {
            "kind": "escalation", "code": "c", "name": "n", "codeExpression": "x", "message": "m",
            "codeVariable": "cv", "messageVariable": "mv",
        },
        CodedEvent(EventKind.ESCALATION, "c", "n", "x", "m", "cv", "mv"),
    ),
    ({"kind": "conditional", "text": "a > 1"}, ConditionalEvent("a > 1")),
    (
        {"kind": "conditional", "text": "a", "watched": ["a", "b"], "changes": []},
        ConditionalEvent("a", ("a", "b"), ()),
    ),
    ({"kind": "conditional", "text": "a", "repeats": True}, ConditionalEvent("a", repeats=True)),
    ({"kind": "compensate", "activity": None}, CompensateEvent()),
    ({"kind": "compensate", "activity": "A"}, CompensateEvent("A")),
    ({"kind": "terminate"}, TerminateEvent()),
    ({"kind": "terminate", "what": "rounds"}, TerminateEvent("rounds")),
    ({"kind": "cancel"}, PlainEvent("cancel")),
    ({"kind": "of some vendor"}, PlainEvent("of some vendor")),
]  # fmt: skip


@pytest.mark.parametrize(("plain", "event"), STORED, ids=lambda each: str(each)[:60])
def test_what_was_stored_is_read_into_types_and_stored_again_to_the_letter(
    plain: dict[str, Any], event: EventDefinition
) -> None:
    assert event_definitions.from_plain(plain) == event
    assert orjson.loads(orjson.dumps(event.to_plain())) == plain
    assert event_definitions.from_plain({**plain, "somethingNew": 1}) == event, "a later release says more"


EVERY_KIND = (
    '<startEvent id="s"><timerEventDefinition><timeCycle e:until="end">R/P1D</timeCycle></timerEventDefinition>'
    '</startEvent><intermediateCatchEvent id="C"><messageEventDefinition messageRef="M" e:correlationKey="key"/>'
    '</intermediateCatchEvent><userTask id="U"/>'
    '<boundaryEvent id="B" attachedToRef="U"><errorEventDefinition errorRef="E" e:errorCodeVariable="code"/>'
    '</boundaryEvent><boundaryEvent id="W" attachedToRef="U"><conditionalEventDefinition e:watched="a, b" '
    'e:watchedChanges="update"><condition>a</condition></conditionalEventDefinition></boundaryEvent>'
    '<endEvent id="T"><terminateEventDefinition e:terminateAll="true"/></endEvent>'
    '<endEvent id="X"><errorEventDefinition errorRef="N"/></endEvent><receiveTask id="R"/>'
    + flow("s", "C")
    + flow("C", "U")
    + flow("U", "R")
    + flow("R", "T")
)
ROOTS = '<message id="M" name="paid" e:nameExpression="n"/><error id="E" errorCode="e1" name="E one"/><error id="N"/>'


def test_every_kind_is_compiled_into_types_and_a_spec_keeps_its_hash_over_store_and_load() -> None:
    spec = compilation.compile_specs(model(EVERY_KIND, roots=ROOTS))["p"]
    assert {name: element.model.events[0] for name, element in spec.elements.items() if element.model.events} == {
        "s": TimerEvent(TimerKind.CYCLE, "R/P1D", until="end"),
        "C": NamedEvent(EventKind.MESSAGE, "paid", "n", key="key"),
        "B": CodedEvent(EventKind.ERROR, "e1", "E one", code_variable="code"),
        "W": ConditionalEvent("a", ("a", "b"), ("update",)),
        "T": TerminateEvent("all"),
        "X": CodedEvent(EventKind.ERROR, "N", ""),
        "R": NamedEvent(EventKind.MESSAGE, "R"),
    }
    spec_hash, blob = store.dump_spec(spec)
    again = store.load_spec(blob)
    assert {name: element.model for name, element in again.elements.items()} == {
        name: element.model for name, element in spec.elements.items()
    }
    assert store.dump_spec(again)[0] == spec_hash
