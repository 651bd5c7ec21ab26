"""What SpiffWorkflow 3.2 does wrong with events and data, measured on it as it is, and what we do instead."""

import time

import pytest
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.exceptions import WorkflowTaskException
from SpiffWorkflow.bpmn.parser.ValidationException import ValidationException
from SpiffWorkflow.bpmn.specs.event_definitions.message import MessageEventDefinition
from SpiffWorkflow.bpmn.util import BpmnEvent
from SpiffWorkflow.task import Task
from SpiffWorkflow.util.task import TaskState

from bpm.engine.definitions.prepare import prepare
from bpm.engine.spiff.step import SetVariables
from tests.engine.spiff.bench import Bench, flow, model
from tests.engine.spiff.test_contract import START, open_in, raw


def go_on(workflow: BpmnWorkflow) -> BpmnWorkflow:
    for _ in range(2):
        workflow.refresh_timers()
        workflow.do_engine_steps()
    return workflow


def people(workflow: BpmnWorkflow) -> dict[str, Task]:
    return {task.task_spec.name: task for task in workflow.get_tasks(state=TaskState.READY, manual=True)}


def timer(which: str, text: str) -> str:
    return f"<timerEventDefinition><time{which}>{text}</time{which}></timerEventDefinition>"


def catch(name: str, definition: str) -> str:
    return f'<intermediateCatchEvent id="{name}">{definition}</intermediateCatchEvent>'


def test_a_link_ends_its_instance_before_the_task_behind_it_was_there() -> None:
    link = '<linkEventDefinition name="L"/>'
    body = START + f'<intermediateThrowEvent id="t">{link}</intermediateThrowEvent>' + catch("c", link)
    executable = model(body + '<userTask id="A"/>' + flow("s", "t") + flow("c", "A"))
    workflow = raw(executable)
    assert (open_in(workflow), workflow.is_completed()) == ([], True)
    assert Bench(executable).tasks == ["A"]


def test_compensation_is_refused_without_a_line() -> None:
    body = START + '<task id="A"/><boundaryEvent id="b" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>'
    body += '<userTask id="U" isForCompensation="true"/><association id="x" sourceRef="b" targetRef="U"/>'
    body += '<intermediateThrowEvent id="t"><compensateEventDefinition/></intermediateThrowEvent>'
    executable = model(body + flow("s", "A") + flow("A", "t"))
    with pytest.raises(ValidationException, match="NotImplementedError"):
        raw(executable)
    assert Bench(executable).tasks == ["U"]


def test_an_event_subprocess_with_a_timer_keeps_its_instance_from_ever_ending() -> None:
    def body(lasts: str) -> bytes:
        inner = f'<startEvent id="x">{timer("Duration", lasts)}</startEvent><endEvent id="y"/>' + flow("x", "y")
        outer = START + '<userTask id="A"/><endEvent id="e"/>' + flow("s", "A") + flow("A", "e")
        return model(f'{outer}<subProcess id="X" triggeredByEvent="true">{inner}</subProcess>')

    workflow = raw(body("&quot;PT1H&quot;"))
    people(workflow)["A"].run()
    assert not go_on(workflow).is_completed()
    assert Bench(body("PT1H")).complete("A").status == "completed"


def test_a_condition_is_not_looked_at_again_when_its_variable_changes() -> None:
    condition = "<conditionalEventDefinition><condition>x == 1</condition></conditionalEventDefinition>"
    body = START + '<parallelGateway id="f"/>' + catch("c", condition) + '<userTask id="A"/><userTask id="B"/>'
    executable = model(body + flow("s", "f") + flow("f", "c") + flow("f", "A") + flow("c", "B"))
    workflow = raw(executable, x=0)
    task = people(workflow)["A"]
    task.data["x"] = 1
    task.run()
    with pytest.warns(DeprecationWarning, match="refresh_timers"):  # what takes its place looks at timers only
        workflow.refresh_waiting_tasks()
    assert open_in(go_on(workflow)) == []
    bench = Bench(executable, {"x": 0})
    bench.do(SetVariables({"x": 1}))
    assert sorted(bench.tasks) == ["A", "B"]


def test_two_timers_behind_one_gateway_share_one_due_instant() -> None:
    def body(first: str, second: str) -> bytes:
        events = catch("a", timer("Duration", first)) + catch("b", timer("Duration", second))
        flows = flow("s", "g") + flow("g", "a") + flow("g", "b") + flow("a", "A") + flow("b", "B")
        return model(START + f'<eventBasedGateway id="g"/>{events}<userTask id="A"/><userTask id="B"/>{flows}')

    waiting = raw(body("&quot;PT1H&quot;", "&quot;PT2H&quot;")).get_tasks(state=TaskState.WAITING)
    assert [sorted(task.internal_data) for task in waiting] == [["event_value", "seen_events"]]
    assert len(set(Bench(body("PT1H", "PT2H")).timers.values())) == 2


def test_what_a_cycle_at_the_boundary_began_is_cancelled_when_its_host_completes() -> None:
    def body(cycle: str) -> bytes:
        event = (
            f'<boundaryEvent id="b" attachedToRef="A" cancelActivity="false">{timer("Cycle", cycle)}</boundaryEvent>'
        )
        tasks = '<userTask id="A"/><userTask id="B"/><userTask id="C"/>'
        return model(START + tasks + event + flow("s", "A") + flow("A", "C") + flow("b", "B"))

    workflow = raw(body("&quot;R3/PT0.01S&quot;"))
    for _ in range(200):  # its clock is the wall's
        if "B" in open_in(go_on(workflow)):
            break
        time.sleep(0.01)
    assert "B" in open_in(workflow)
    people(workflow)["A"].run()
    assert open_in(go_on(workflow)) == ["C"]


def test_a_message_of_any_customer_is_taken() -> None:
    body = START + '<receiveTask id="r" messageRef="M"/><userTask id="A"/>' + flow("s", "r") + flow("r", "A")
    roots = '<message id="M" name="m"/>'
    workflow = raw(model(body, roots=roots), customer=1)
    workflow.catch(BpmnEvent(MessageEventDefinition("m"), payload={"customer": 2}))
    assert open_in(go_on(workflow)) == ["A"]
    keyed = body.replace('messageRef="M"', 'messageRef="M" e:correlationKey="customer"')
    assert [row.key for row in Bench(model(keyed, roots=roots), {"customer": 1}).step.subscriptions] == ["1"]


def test_an_error_of_a_script_passes_its_error_boundary_by() -> None:
    body = START + '<scriptTask id="A"><script>1/0</script></scriptTask><userTask id="B"/>' + flow("s", "A")
    body += '<boundaryEvent id="b" attachedToRef="A"><errorEventDefinition/></boundaryEvent>' + flow("b", "B")
    with pytest.raises(WorkflowTaskException, match="ZeroDivisionError"):
        raw(model(body))
    assert list(Bench(model(body)).jobs.values()) == ["A"]


def test_a_join_takes_back_what_the_other_branch_wrote() -> None:
    flows = flow("s", "f") + flow("f", "A") + flow("f", "B") + flow("A", "j") + flow("B", "j") + flow("j", "C")
    tasks = '<userTask id="A"/><userTask id="B"/><userTask id="C"/>'
    executable = model(START + f'<parallelGateway id="f"/><parallelGateway id="j"/>{tasks}{flows}')
    workflow = raw(executable, x=0)
    branches = people(workflow)
    branches["A"].data["x"] = 1
    branches["A"].run()
    assert branches["B"].data["x"] == 0
    branches["B"].run()
    workflow.do_engine_steps()
    assert people(workflow)["C"].data["x"] == 0
    bench = Bench(executable, {"x": 0})
    bench.complete("A", x=1)
    assert bench.complete("B").variables["x"] == 1


def test_the_flows_of_a_gateway_are_taken_by_their_height_in_the_picture() -> None:
    body = START + '<exclusiveGateway id="g"/><userTask id="A"/><userTask id="B"/>' + flow("s", "g")
    text = model(body + flow("g", "A", "True") + flow("g", "B", "True")).decode()
    shapes = "".join(
        f'<i:BPMNShape bpmnElement="{name}"><c:Bounds x="1" y="{y}" width="1" height="1"/></i:BPMNShape>'
        for name, y in (("s", 0), ("g", 0), ("A", 500), ("B", 10))
    )
    spaces = 'xmlns:i="http://www.omg.org/spec/BPMN/20100524/DI" xmlns:c="http://www.omg.org/spec/DD/20100524/DC"'
    drawn = f'<i:BPMNDiagram {spaces}><i:BPMNPlane bpmnElement="p">{shapes}</i:BPMNPlane></i:BPMNDiagram></definitions>'
    picture = text.replace("</definitions>", drawn).encode()
    assert open_in(raw(picture)) == ["B"]
    assert Bench(picture).tasks == ["A"]


def test_an_error_inside_a_subprocess_interrupts_only_after_everything_that_was_ready() -> None:
    error = '<errorEventDefinition errorRef="E"/>'
    scripts = "".join(f'<scriptTask id="{name}"><script>ran = 1</script></scriptTask>' for name in ("L", "L2"))
    inner = f'<startEvent id="ps"/><parallelGateway id="f"/><endEvent id="x">{error}</endEvent>' + scripts
    inner += flow("ps", "f") + flow("f", "x") + flow("f", "L") + flow("L", "L2")
    body = START + f'<subProcess id="P">{inner}</subProcess><userTask id="B"/>' + flow("s", "P") + flow("b", "B")
    body += f'<boundaryEvent id="b" attachedToRef="P">{error}</boundaryEvent>'
    executable = model(body, roots='<error id="E" errorCode="e"/>')
    done = raw(executable).get_tasks(state=TaskState.COMPLETED)
    assert {"L", "L2"} <= {task.task_spec.name for task in done}
    bench = Bench(executable)
    assert (bench.tasks, bench.jobs, bench.completed["L2"]) == (["B"], {}, 0)


def test_its_decision_tables_know_two_hit_policies_only() -> None:
    from SpiffWorkflow.dmn.specs.model import HitPolicy

    assert {policy.name for policy in HitPolicy} == {"UNIQUE", "COLLECT"}


def test_a_data_object_beside_the_flow_does_not_hang_the_upload() -> None:
    inner = '<subProcess id="P"><subProcess id="Q"><task id="T"/><dataObject id="d"/></subProcess></subProcess>'
    assert prepare(model(START + inner + flow("s", "P")), "nested.bpmn").deployable
