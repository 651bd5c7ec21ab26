"""The contract with SpiffWorkflow 3.2: what we rely on, and what we work round. A change in either must be noticed."""

import io
import logging

import pytest
import SpiffWorkflow
from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.bpmn_process_spec import BpmnProcessSpec
from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import execution, library
from bpm.engine.spiff.runtime.token_state import Token
from bpm.engine.spiff.runtime.workflow import EarshotWorkflow
from bpm.engine.spiff.specs.process import ProcessSpec
from tests.engine.spiff.bench import NOON, flow, model
from tests.engine.spiff.probe import Probe, probe_at_work

START = '<startEvent id="s"/>'


def raw(executable: bytes, **data: object) -> BpmnWorkflow:
    """The model in the library as it is, run until only people's tasks are left."""
    parser = BpmnParser()
    parser.add_bpmn_xml(etree.parse(io.BytesIO(executable)))
    workflow = BpmnWorkflow(parser.get_spec("p"), parser.get_subprocess_specs("p"))
    workflow.task_tree.data.update(data)
    workflow.do_engine_steps()
    return workflow


def open_in(workflow: BpmnWorkflow) -> list[str]:
    ready = workflow.get_tasks(state=TaskState.READY)
    return sorted(task.task_spec.name for task in ready if task.task_spec.manual)


@pytest.fixture
def probe() -> tuple[EarshotWorkflow, Probe, Token]:
    return probe_at_work()


def test_it_is_the_version_the_facts_were_measured_on() -> None:
    assert SpiffWorkflow.version.__version__.startswith("3.2")


# What we rely on


def test_an_update_makes_a_task_ready_when_its_hook_says_so(probe: tuple[EarshotWorkflow, Probe, Token]) -> None:
    run, _element, task = probe
    library.arrive(task)
    assert task.state == TaskState.READY
    assert run.next_task() is task


def test_a_run_that_returns_true_completes_the_task_and_tells_its_spec(
    probe: tuple[EarshotWorkflow, Probe, Token],
) -> None:
    run, _element, task = probe
    library.arrive(task)
    task.run()
    assert task.state == TaskState.COMPLETED
    assert task.id not in run.tasks  # our completion takes it out of the tree


def test_a_run_that_returns_none_leaves_the_task_started(probe: tuple[EarshotWorkflow, Probe, Token]) -> None:
    _run, element, task = probe
    element.answer = None
    library.arrive(task)
    task.run()
    assert task.state == TaskState.STARTED


def test_a_run_that_raises_leaves_the_task_in_error_and_raises_on(probe: tuple[EarshotWorkflow, Probe, Token]) -> None:
    _run, element, task = probe
    element.answer = ZeroDivisionError("x")
    library.arrive(task)
    with pytest.raises(ZeroDivisionError):
        task.run()
    assert task.state == TaskState.ERROR


def test_a_workflow_that_is_being_restored_has_no_task_of_its_own(probe: tuple[EarshotWorkflow, Probe, Token]) -> None:
    assert EarshotWorkflow(probe[0].specs, "p", now=NOON).tasks == {}


def test_the_process_spec_of_the_library_comes_with_names_that_real_ids_collide_with() -> None:
    assert set(BpmnProcessSpec("p").task_specs) == {"Start", "p.EndJoin", "End"}
    assert set(ProcessSpec("p").task_specs) == set()


def test_the_loggers_of_the_library_are_quiet() -> None:
    assert logging.getLogger("spiff.task").level == logging.WARNING
    assert logging.getLogger("spiff.workflow").level == logging.WARNING


def test_nothing_is_ever_predicted() -> None:
    compiled = execution.compile_model(
        model(START + '<exclusiveGateway id="g"/><userTask id="U"/><task id="T"/>'
              + flow("s", "U") + flow("U", "g") + flow("g", "T", "x") + flow("g", "U", "y")), "p"
    )  # fmt: skip
    step = execution.start(compiled, {}, now=NOON)
    assert [row["element"] for row in execution.describe(step.state, compiled)] == ["p", "U"]


# What we work round


def test_its_search_for_tasks_ends_at_a_depth_of_1000() -> None:
    loop = model(
        START + '<userTask id="U"/><exclusiveGateway id="g" default="g_e"/><endEvent id="e"/>'
        + flow("s", "U") + flow("U", "g") + flow("g", "U", "i &lt; 600") + flow("g", "e")
    )  # fmt: skip
    workflow = raw(loop)
    rounds = 0
    while open_in(workflow):
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        rounds += 1
        task.data["i"] = rounds
        task.run()
        workflow.do_engine_steps()
    assert rounds < 600  # and yet nothing is left that it would find


def test_its_timers_want_python_text_and_not_iso_text() -> None:
    timer = "<timerEventDefinition><timeDuration>PT5M</timeDuration></timerEventDefinition>"
    with pytest.raises(WorkflowTaskException):
        raw(model(START + f'<intermediateCatchEvent id="c">{timer}</intermediateCatchEvent>' + flow("s", "c")))


def test_it_drops_the_signal_of_an_end_event() -> None:
    workflow = raw(
        model(
            START + '<endEvent id="e"><signalEventDefinition signalRef="S"/></endEvent>' + flow("s", "e"),
            roots='<signal id="S" name="s"/>',
        )
    )
    assert workflow.get_events() == []


def test_its_interrupting_event_subprocess_does_not_interrupt() -> None:
    from SpiffWorkflow.bpmn.specs.event_definitions.item_aware_event import SignalEventDefinition
    from SpiffWorkflow.bpmn.util import BpmnEvent

    body = (
        START + '<userTask id="A"/><endEvent id="e"/>' + flow("s", "A") + flow("A", "e")
        + '<subProcess id="X" triggeredByEvent="true"><startEvent id="x"><signalEventDefinition signalRef="S"/>'
        + '</startEvent><userTask id="B"/><endEvent id="y"/>' + flow("x", "B") + flow("B", "y") + "</subProcess>"
    )  # fmt: skip
    workflow = raw(model(body, roots='<signal id="S" name="s"/>'))
    workflow.catch(BpmnEvent(SignalEventDefinition("s")))
    workflow.do_engine_steps()
    assert "A" in open_in(workflow)


def test_it_starts_an_error_event_subprocess_at_once() -> None:
    body = (
        START + '<userTask id="A"/><endEvent id="e"/>' + flow("s", "A") + flow("A", "e")
        + '<subProcess id="X" triggeredByEvent="true"><startEvent id="x"><errorEventDefinition errorRef="E"/>'
        + '</startEvent><userTask id="B"/><endEvent id="y"/>' + flow("x", "B") + flow("B", "y") + "</subProcess>"
    )  # fmt: skip
    assert "X" in [t.task_spec.name for t in raw(model(body, roots='<error id="E" errorCode="e"/>')).get_tasks()]


def test_its_parser_follows_flows_recursively() -> None:
    chain = '<startEvent id="t0"/>' + "".join(f'<task id="t{i}"/>' for i in range(1, 700))
    chain += "".join(flow(f"t{i}", f"t{i + 1}") for i in range(699))
    with pytest.raises((ValidationException, RecursionError)):
        raw(model(chain))


def test_its_prediction_doubles_at_every_unsynchronised_split() -> None:
    def tasks(levels: int) -> int:
        body, before = START, "s"
        for n in range(levels):
            body += f'<parallelGateway id="f{n}"/><task id="a{n}"/><task id="b{n}"/><task id="m{n}"/>'
            body += flow(before, f"f{n}") + flow(f"f{n}", f"a{n}") + flow(f"f{n}", f"b{n}")
            body += flow(f"a{n}", f"m{n}") + flow(f"b{n}", f"m{n}")
            before = f"m{n}"
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(model(body + '<endEvent id="e"/>' + flow(before, "e")))))
        return len(BpmnWorkflow(parser.get_spec("p")).tasks)

    assert tasks(8) > 1.9 * tasks(7)


def test_it_ignores_conditions_and_refuses_several_flows_out_of_a_task() -> None:
    body = START + '<task id="A"/><task id="B"/><task id="C"/>' + flow("s", "A") + flow("A", "B") + flow("A", "C")
    with pytest.raises(ValidationException):
        raw(model(body))


def test_it_evaluates_conditions_with_pythons_own_eval() -> None:
    body = (
        START + '<exclusiveGateway id="g" default="g_B"/><userTask id="A"/><userTask id="B"/>' + flow("s", "g")
        + flow("g", "A", "().__class__.__name__ == 'tuple'") + flow("g", "B")
    )  # fmt: skip
    assert open_in(raw(model(body))) == ["A"]
    step = execution.start(execution.compile_model(model(body), "p"), {}, now=NOON)
    assert [failure.cause for failure in step.failures] == ["expression"]
