"""Scripts before and after a task run in the worker, on both databases, under the visit of their task."""

import pytest

from bpm.app import App
from tests.engine import acting
from tests.engine.jobs.test_jobs import sweep
from tests.engine.models import begin, go_live

SCRIPTED = (
    b'<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test"'
    b' xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core"><process id="scripted" isExecutable="true">'
    b'<startEvent id="s"/><userTask id="a" name="Ask"><extensionElements>'
    b"<spiffworkflow:preScript>pre = n + 1</spiffworkflow:preScript>"
    b"<spiffworkflow:postScript>post = pre + x</spiffworkflow:postScript></extensionElements></userTask>"
    b'<endEvent id="e"/><sequenceFlow id="f" sourceRef="s" targetRef="a"/>'
    b'<sequenceFlow id="g" sourceRef="a" targetRef="e"/></process></definitions>'
)


@pytest.mark.both_databases
def test_a_task_opens_after_its_first_script_and_ends_after_its_second(app: App) -> None:
    go_live(app, SCRIPTED)
    instance_id = begin(app, "scripted", {"n": 1})
    assert acting.open_elements(app) == []
    assert sweep(app) == 1
    assert acting.instance(app, instance_id).variables == {"n": 1, "pre": 2}
    acting.complete(app, "a", {"x": 5})
    assert "post" not in acting.instance(app, instance_id).variables
    assert sweep(app) == 1
    assert acting.instance(app, instance_id).variables == {"n": 1, "pre": 2, "x": 5, "post": 7}
    assert acting.open_elements(app) == []
    assert acting.broken(app) == []
