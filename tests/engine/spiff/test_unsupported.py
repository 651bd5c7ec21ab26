"""What is not executed is refused by name: each construct with its element and a remedy."""

import pytest
from lxml import etree

from bpm.engine.spiff import unsupported
from tests.engine.spiff.bench import flow, model

ROOTS = '<signal id="S" name="s"/><message id="M" name="m"/><error id="E" errorCode="e"/>'
TASK = '<startEvent id="s"/><task id="A"/>' + flow("s", "A")
RECEIVERS_PER_TRANSACTION = (
    "<multiInstanceLoopCharacteristics{}><loopCardinality>3</loopCardinality>{}</multiInstanceLoopCharacteristics>"
)
CASES = {
    "not-executed-adHocSubProcess": ('<adHocSubProcess id="bad"/>', "bad"),
    "complex-gateway-without-condition": ('<complexGateway id="bad"/>' + flow("s", "bad") + flow("A", "bad"), "bad"),
    "catch-timer-repeats": (
        (
            '<intermediateCatchEvent id="bad"><timerEventDefinition><timeCycle>R3/PT1M</timeCycle>'
            "</timerEventDefinition></intermediateCatchEvent>"
        ),
        "bad",
    ),
    "token-quantity": ('<task id="bad" startQuantity="-1"/>', "bad"),
    "not-executed-multi-instance-behavior": (
        '<task id="bad">' + RECEIVERS_PER_TRANSACTION.format(' behavior="One"', "") + "</task>",
        "bad",
    ),
    "multi-instance-without-number": ('<task id="bad"><multiInstanceLoopCharacteristics/></task>', "bad"),
    "not-executed-instantiate": (
        '<receiveTask id="bad" instantiate="true" messageRef="M"/>' + flow("A", "bad"),
        "bad",
    ),
    "not-executed-parallel-event-gateway": ('<eventBasedGateway id="bad" eventGatewayType="Parallel"/>', "bad"),
    "event-gateway-target": ('<eventBasedGateway id="bad"/>' + flow("bad", "A"), "bad"),
    "boundary-without-event": ('<boundaryEvent id="bad" attachedToRef="A"/>', "bad"),
    "not-executed-error-intermediateThrowEvent": (
        '<intermediateThrowEvent id="bad"><errorEventDefinition errorRef="E"/></intermediateThrowEvent>',
        "bad",
    ),
    "not-executed-conditional-startEvent": (
        '<startEvent id="bad"><conditionalEventDefinition/></startEvent>',
        "bad",
    ),
    "start-event-in-subprocess": (
        '<subProcess id="P"><startEvent id="bad"><messageEventDefinition messageRef="M"/></startEvent></subProcess>',
        "bad",
    ),
    "event-subprocess-without-event": (
        '<subProcess id="P" triggeredByEvent="true"><startEvent id="bad"/></subProcess>',
        "bad",
    ),
    "event-subprocess-in-flow": (
        '<subProcess id="bad" triggeredByEvent="true"><startEvent id="x"><messageEventDefinition messageRef="M"/>'
        "</startEvent></subProcess>" + flow("A", "bad"),
        "bad",
    ),
    "event-subprocess-starts": ('<subProcess id="bad" triggeredByEvent="true"/>', "bad"),
    "compensation-of-the-process": (
        (
            '<subProcess id="P" triggeredByEvent="true"><startEvent id="bad"><compensateEventDefinition/></startEvent>'
            "</subProcess>"
        ),
        "bad",
    ),
    "compensation-without-handler": (
        '<boundaryEvent id="bad" attachedToRef="A"><compensateEventDefinition/></boundaryEvent>',
        "bad",
    ),
    "cancel-outside-transaction": ('<endEvent id="bad"><cancelEventDefinition/></endEvent>', "bad"),
    "cancel-without-boundary": (
        '<transaction id="T"><startEvent id="t"/><endEvent id="bad"><cancelEventDefinition/></endEvent></transaction>',
        "bad",
    ),
    "link-without-target": (
        '<intermediateThrowEvent id="bad"><linkEventDefinition name="L"/></intermediateThrowEvent>',
        "bad",
    ),
    "not-executed-parallel-multiple-start": (
        (
            '<startEvent id="bad" parallelMultiple="true"><signalEventDefinition signalRef="S"/>'
            '<messageEventDefinition messageRef="M"/></startEvent>'
        ),
        "bad",
    ),
}


@pytest.mark.parametrize("code", CASES)
def test_the_construct_is_refused_with_its_element_and_a_remedy(code: str) -> None:
    body, element = CASES[code]
    found = unsupported.refusals(etree.fromstring(model(TASK + body, roots=ROOTS)))
    assert [(f.code, f.element, f.severity) for f in found] == [(code, element, "error")]
    assert found[0].remedy
    assert found[0].line == 1


@pytest.mark.parametrize("name", ["alert-${region}", "#{name}", "=name"])
def test_a_message_name_that_is_an_expression_is_refused(name: str) -> None:
    (finding,) = unsupported.refusals(etree.fromstring(model(TASK, roots=f'<message id="M" name="{name}"/>')))
    assert (finding.code, finding.element) == ("not-executed-computed-name", "M")


def test_not_waiting_for_compensation_is_a_warning() -> None:
    body = '<endEvent id="c"><compensateEventDefinition waitForCompletion="false"/></endEvent>'
    (finding,) = unsupported.refusals(etree.fromstring(model(TASK + body)))
    assert (finding.code, finding.severity) == ("compensation-waits", "warning")


def test_a_renamed_element_is_named_as_drawn() -> None:
    (finding,) = unsupported.refusals(etree.fromstring(model(TASK + '<adHocSubProcess id="n1" e:id="Start"/>')))
    assert finding.element == "Start"


def test_a_model_of_supported_constructs_has_no_refusal() -> None:
    assert unsupported.refusals(etree.fromstring(model(TASK))) == []


def test_an_event_of_each_round_must_not_cancel_the_other_rounds() -> None:
    loop = RECEIVERS_PER_TRANSACTION.format(' behavior="None" noneBehaviorEventRef="D"', "")
    boundary = '<boundaryEvent id="b" attachedToRef="bad"><signalEventDefinition signalRef="S"/></boundaryEvent>'
    roots = ROOTS + '<signalEventDefinition id="D" signalRef="S"/>'
    body = TASK + f'<task id="bad">{loop}</task>{boundary}'
    found = unsupported.refusals(etree.fromstring(model(body, roots=roots)))
    assert [(f.code, f.element) for f in found] == [("not-executed-multi-instance-behavior", "bad")]
    harmless = body.replace('attachedToRef="bad"', 'attachedToRef="bad" cancelActivity="false"')
    assert unsupported.refusals(etree.fromstring(model(harmless, roots=roots))) == []


def test_only_messages_and_signals_start_an_instance_through_an_event_gateway() -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    body = (
        f'<eventBasedGateway id="g" instantiate="true"/><intermediateCatchEvent id="t">{timer}</intermediateCatchEvent>'
        + flow("g", "t")
    )
    found = unsupported.refusals(etree.fromstring(model(body, roots=ROOTS)))
    assert [(f.code, f.element) for f in found] == [("not-executed-instantiate", "g")]


def test_a_quantity_of_none_is_refused_only_where_quantities_are_meant() -> None:
    zero = '<task id="a" startQuantity="0"/>'
    alone = unsupported.refusals(etree.fromstring(model(TASK + zero)))
    beside = unsupported.refusals(etree.fromstring(model(TASK + zero + '<task id="b" completionQuantity="2"/>')))
    assert [(f.code, f.severity) for f in alone + beside] == [
        ("token-quantity", "warning"),
        ("token-quantity", "error"),
    ]
