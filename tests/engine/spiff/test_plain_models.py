"""Every model that plain SpiffWorkflow runs rightly runs here as there; each that is left out has a reason that occurs.

A model that is left out and yet runs alike in both must leave the table, so that the table only says what is so.
"""

import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.exceptions import SpiffWorkflowException

from tests.engine.spiff.plain import BPMN, OURS, DifferenceError, same, walk
from tests.engine.spiff.plain_models import Played, models

MODELS = {model.name: model for model in models()}
LEFT_OUT: dict[str, list[str]] = json.loads(Path(__file__).with_name("left_out.json").read_text())
"""Reason -> names of models."""
REASON_OF = {name: reason for reason, names in LEFT_OUT.items() for name in names}
SIDE_BY_SIDE = ("parallelGateway", "inclusiveGateway", "multiInstanceLoopCharacteristics", "boundaryEvent")
"""With one of these, or with several flows out of one task, branches run side by side and have no order."""
Root = etree._Element


def play(model: Played, executable: bytes, process: str) -> None:
    """Raises DifferenceError, or what the library raises."""
    root = etree.fromstring(executable)
    plain, ours = walk(executable, model.answer(), process=process, data=model.data)
    same(plain, ours, in_order=not has(root, *SIDE_BY_SIDE))


def has(root: Root, *tags: str, **attributes: str) -> bool:
    """Whether the model has an element of one of these kinds, with these attributes."""
    found = root.iter(*(f"{BPMN}{tag}" for tag in tags))
    return any(all(node.get(name) == value for name, value in attributes.items()) for node in found)


def hosts(root: Root) -> set[str | None]:
    """Activities that a boundary event or an error may end."""
    return {node.get("attachedToRef") for node in root.iter(f"{BPMN}boundaryEvent")}


def interrupted_is_completed(root: Root, error: Exception) -> bool:
    if not isinstance(error, DifferenceError) or error.what != "visited":
        return False
    here, there = Counter(error.here), Counter(error.there)
    return not here - there and bool(there - here) and set(there - here) <= hosts(root)


def item_stays(root: Root, error: Exception) -> bool:
    if not isinstance(error, DifferenceError) or error.what != "data":
        return False
    items = {node.get(f"{OURS}elementVariable") for node in root.iter(f"{BPMN}multiInstanceLoopCharacteristics")}
    return {name: value for name, value in error.there.items() if name not in items} == error.here


def has_events(*kinds: str) -> Callable[[Root, Exception], bool]:
    return lambda root, _error: has(root, *(f"{kind}EventDefinition" for kind in kinds))


def raised(*classes: type[Exception]) -> Callable[[Root, Exception], bool]:
    return lambda _root, error: isinstance(error, classes) and not isinstance(error, DifferenceError)


def throws_at_an_end(root: Root, _error: Exception) -> bool:
    return any(node.tag.endswith("EventDefinition") for end in root.iter(f"{BPMN}endEvent") for node in end)


def starts_by_an_event(root: Root, _error: Exception) -> bool:
    return any(node.tag.endswith("EventDefinition") for start in root.iter(f"{BPMN}startEvent") for node in start)


def in_a_loop(root: Root, _error: Exception) -> bool:
    """Whether some gateway can be reached from itself."""
    ways: dict[str | None, list[str | None]] = {}
    for flow in root.iter(f"{BPMN}sequenceFlow"):
        ways.setdefault(flow.get("sourceRef"), []).append(flow.get("targetRef"))
    for join in root.iter(f"{BPMN}parallelGateway", f"{BPMN}inclusiveGateway"):
        seen, todo = set(), list(ways.get(join.get("id"), ()))
        while todo:
            node = todo.pop()
            if node not in seen:
                seen.add(node)
                todo += ways.get(node, ())
        if join.get("id") in seen:
            return True
    return False


def maps(root: Root, error: Exception) -> bool:
    """Whether something is handed into an element or out of it, and the data differ."""
    handed = any(True for _ in root.iter(f"{OURS}input", f"{OURS}output"))
    return handed and isinstance(error, DifferenceError) and error.what == "data"


OCCURS: dict[str, Callable[[Root, Exception], bool]] = {
    "it does not read what vendors hand into an element and out of it": maps,
    "its parser refuses it": raised(ValidationException),
    "it raises out of the workflow what is a Failure of one element here": raised(SpiffWorkflowException, TypeError),
    "it counts an interrupted activity as completed": interrupted_is_completed,
    "it leaves the item of the last round behind in the data": item_stays,
    "its joins take back what another branch wrote": (
        lambda root, error: has(root, "parallelGateway", "inclusiveGateway", "subProcess")
        and isinstance(error, DifferenceError) and error.what == "data"
    ),
    "its event subprocesses start at once, do not interrupt, or never end": (
        lambda root, _error: has(root, "subProcess", triggeredByEvent="true")
    ),
    "its links end the instance": has_events("link"),
    "its loops and rounds begin although their number is below nought": (
        lambda root, error: has(root, "standardLoopCharacteristics", "multiInstanceLoopCharacteristics")
        and isinstance(error, DifferenceError) and error.what == "visited"
        and len(error.there) > len(error.here) and not has(root, "boundaryEvent")
    ),
    "it drops what an end event or a round throws, or goes on after it": (
        lambda root, error: throws_at_an_end(root, error) or has(root, "multiInstanceLoopCharacteristics")
    ),
    "it waits at a start event": starts_by_an_event,
    "it knows no token quantities": lambda root, _error: any(
        node.get("startQuantity") or node.get("completionQuantity") for node in root.iter("*")
    ),
    "it joins wrongly in loops": in_a_loop,
    "its timers are due otherwise": has_events("timer"),
    "who a task is for fails here, and is not read there": (
        lambda root, error: any(
            node.get(f"{OURS}{name}Expression") for node in root.iter("*") for name in ("assignee", "group")
        ) or has(root, "boundaryEvent")
    ),
    "what begins side by side in one scope has no order": (
        lambda _root, error: isinstance(error, DifferenceError) and Counter(error.here) == Counter(error.there)
    ),
}  # fmt: skip


NEVER_ENDS = "it never comes to an end with it"
"""Not run at all: a process that calls itself, a billion rounds."""


def never_ends(model: Played, root: Root) -> bool:
    called = {node.get("calledElement") for node in root.iter(f"{BPMN}callActivity")}
    calls_itself = any(process.get("id") in called for process in root.iter(f"{BPMN}process"))
    many = has(root, "multiInstanceLoopCharacteristics") and max(model.data.values(), default=0) >= 10**9
    return calls_itself or many


@pytest.mark.parametrize("name", [name for name in MODELS if name not in REASON_OF])
def test_a_model_that_the_library_runs_rightly_runs_here_as_there(name: str) -> None:
    executable, process = MODELS[name].executable()
    if executable:
        play(MODELS[name], executable, process)


@pytest.mark.parametrize("name", REASON_OF)
def test_the_reason_of_a_model_that_is_left_out_occurs(name: str) -> None:
    executable, process = MODELS[name].executable()
    if REASON_OF[name] == NEVER_ENDS:
        assert never_ends(MODELS[name], etree.fromstring(executable))
        return
    try:
        play(MODELS[name], executable, process)
    except Exception as error:
        assert OCCURS[REASON_OF[name]](etree.fromstring(executable), error), error  # noqa: PT017
    else:
        pytest.fail("It runs alike in both: take it out of the table.")


def test_the_table_names_models_that_exist_once() -> None:
    assert set(REASON_OF) <= set(MODELS)
    assert sum(len(names) for names in LEFT_OUT.values()) == len(REASON_OF)
