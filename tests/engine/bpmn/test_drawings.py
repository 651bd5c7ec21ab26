"""What drawings show and no instance can do is left out by name; a model that is meant to run is refused for it."""

import pytest

from bpm.engine.bpmn.document import parent_of
from bpm.engine.bpmn.model import Prepared
from bpm.engine.findings import Finding
from tests.engine.bpmn.drawing import check, codes, flows, line, node, only, tag

DRAWN = ' isExecutable="false"'
TASK = '<userTask id="a"/>'


def _both(inside: str, code: str, refused: str) -> tuple[Prepared, Finding]:
    """The drawing, deployable and with one warning; and the finding that refuses the same model when meant to run."""
    drawing = check(inside, executable=DRAWN)
    assert drawing.deployable, codes(drawing.findings, "error")
    assert only(drawing, code).severity == "warning"
    meant = check(inside)
    assert not meant.deployable
    return drawing, next(f for f in meant.findings if f.code == refused and f.severity == "error")


@pytest.mark.parametrize(
    ("inside", "code", "refused", "element"),
    [
        (f'{line(TASK)}<sequenceFlow id="f" sourceRef="a" targetRef="gone"/>', "dangling-flow", "dangling-flow", "f"),
        (
            line('<subProcess id="a"><userTask id="in"/></subProcess>')
            + '<sequenceFlow id="f" sourceRef="in" targetRef="e"/>',
            "flow-crosses-border",
            "flow-crosses-border",
            "f",
        ),
        (
            line(TASK)
            + '<boundaryEvent id="b" attachedToRef="a"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
            + "</timerEventDefinition></boundaryEvent>"
            + flows("s>b"),
            "flow-into-boundary-event",
            "flow-into-boundary-event",
            "s_b",
        ),
        (
            line(TASK) + '<boundaryEvent id="b" attachedToRef="x"><errorEventDefinition/></boundaryEvent>',
            "boundary-host-missing",
            "boundary-host-missing",
            "b",
        ),
        (
            line('<subProcess id="a"><startEvent id="i"><messageEventDefinition/></startEvent></subProcess>'),
            "trigger-left-out",
            "start-event-in-subprocess",
            "i",
        ),
        (
            line('<intermediateCatchEvent id="a"><cancelEventDefinition/></intermediateCatchEvent>'),
            "trigger-left-out",
            "not-executed-cancel-intermediateCatchEvent",
            "a",
        ),
        (
            line('<intermediateThrowEvent id="a"><linkEventDefinition name="far"/></intermediateThrowEvent>'),
            "trigger-left-out",
            "link-without-target",
            "a",
        ),
        (
            line(
                '<intermediateCatchEvent id="a"><eventDefinitionRef>gone</eventDefinitionRef></intermediateCatchEvent>'
            ),
            "event-definition-missing",
            "event-definition-missing",
            "a",
        ),
    ],
)
def test_a_drawing_is_run_without_its_impossible_part(inside: str, code: str, refused: str, element: str) -> None:
    drawing, refusal = _both(inside, code, refused)
    assert only(drawing, code).element == refusal.element == element
    assert only(drawing, code).line == refusal.line == 2
    assert refusal.remedy


def test_a_multiple_event_keeps_the_triggers_that_it_can_have() -> None:
    triggers = "<signalEventDefinition/><cancelEventDefinition/><terminateEventDefinition/>"
    drawing = check(line(f'<intermediateCatchEvent id="a">{triggers}</intermediateCatchEvent>'), executable=DRAWN)
    assert drawing.deployable
    assert codes(drawing.findings).count("trigger-left-out") == 2
    assert [child.tag for child in node(drawing, "a") if "Definition" in str(child.tag)] == [
        tag("signalEventDefinition")
    ]


def test_a_boundary_event_drawn_beside_its_activitys_scope_is_put_into_it() -> None:
    inside = (
        '<subProcess id="sub"><userTask id="in"/></subProcess>'
        '<boundaryEvent id="b" attachedToRef="in"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
        "</timerEventDefinition></boundaryEvent>"
    )
    prepared = check(line(inside, "sub"))
    assert prepared.deployable, codes(prepared.findings, "error")
    assert parent_of(node(prepared, "b")).get("id") == "sub"


def test_an_association_drawn_elsewhere_still_leads_to_the_compensation() -> None:
    undone = (
        '<subProcess id="a"><serviceTask id="book"/><serviceTask id="undo" isForCompensation="true"/>'
        '<boundaryEvent id="b" attachedToRef="book"><compensateEventDefinition/></boundaryEvent></subProcess>'
        '<association id="l" sourceRef="b" targetRef="undo"/>'
    )
    assert check(line(undone)).deployable


def test_the_condition_of_a_start_is_watched_by_nobody_and_named() -> None:
    condition = "<conditionalEventDefinition><condition>stock &lt; 3</condition></conditionalEventDefinition>"
    alone = check(f'<startEvent id="s">{condition}</startEvent><endEvent id="e"/>{flows("s>e")}')
    assert alone.deployable
    assert alone.processes[0].plain_start
    assert only(alone, "conditional-start").before == "stock < 3"
    beside = check(
        f'<startEvent id="s" name="Low">{condition}</startEvent><startEvent id="t"/><endEvent id="e"/>'
        + flows("s>e", "t>e")
    )
    assert beside.deployable
    assert [(start.kind, start.event, start.element) for start in beside.processes[0].starts] == [
        ("message", "Low", "s")
    ]


def test_a_mark_to_start_an_instance_is_dropped_where_flows_lead_to_the_task() -> None:
    inside = line('<receiveTask id="a" instantiate="true" messageRef="m"/>')
    drawing = check(inside, roots='<message id="m" name="m"/>', executable=DRAWN)
    assert drawing.deployable
    assert only(drawing, "instantiate-left-out").element == "a"


def test_a_quantity_of_none_counts_as_one() -> None:
    prepared = check(line('<userTask id="a" startQuantity="0"/>'))
    assert prepared.deployable
    assert only(prepared, "token-quantity").severity == "warning"


def test_undoing_by_nobody_is_left_out_and_named_in_every_model() -> None:
    undone = line(TASK) + '<boundaryEvent id="b" attachedToRef="a"><compensateEventDefinition/></boundaryEvent>'
    for executable in (DRAWN, ' isExecutable="true"'):
        prepared = check(undone, executable=executable)
        assert prepared.deployable
        assert only(prepared, "trigger-left-out").element == "b"
