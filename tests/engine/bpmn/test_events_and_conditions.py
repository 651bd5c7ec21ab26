"""Events find what they refer to, timers become ISO 8601, and gateways without conditions get a decision."""

import pytest

from bpm.engine.bpmn.normalise.content.timer_texts import literal_time
from bpm.engine.bpmn.normalise.content.timers import FAR_AWAY
from bpm.engine.definitions.prepare import prepare
from tests.engine.bpmn.drawing import check, codes, flows, line, model, node, only, own, tag


def _catch(definition: str) -> str:
    return line(f'<intermediateCatchEvent id="a" name="Wait">{definition}</intermediateCatchEvent>')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT5M", ("timeDuration", "PT5M")),
        (" P1Y2M3DT4H5M6.5S ", ("timeDuration", "P1Y2M3DT4H5M6.5S")),
        ('"P1D"', ("timeDuration", "P1D")),
        ("timedelta(days=2)", ("timeDuration", "P2D")),
        ("timedelta(minutes=30)", ("timeDuration", "PT30M")),
        ("R4/PT10S", ("timeCycle", "R4/PT10S")),
        ("R/2030-01-01T00:00:00Z/P1D", ("timeCycle", "R/2030-01-01T00:00:00Z/P1D")),
        ("0 0/5 * * * ?", ("timeCycle", "cron 0 0/5 * * * ?")),
        ("*/5 * * * *", ("timeCycle", "cron 0 */5 * * * *")),
        ("@daily", ("timeCycle", "cron 0 0 0 * * *")),
        ("0 0 9 ? * 2-6", None),
        ("0 0 0 30 2 ?", None),
        ("500ms", ("timeDuration", "P0DT0H0M0.5S")),
        ("1d 2h", ("timeDuration", "P1DT2H0M0S")),
        ("R3/PT1H/2020-01-01T00:00:00Z", ("timeCycle", "R3/PT1H/2020-01-01T00:00:00Z")),
        ("R3/PT1H/${end}", None),
        ("2s###2s", ("timeCycle", "R/P0DT0H0M2S")),
        ("2017-07-24", ("timeDate", "2017-07-24T00:00:00Z")),
        ("2030-01-01T10:00:00+02:00", ("timeDate", "2030-01-01T08:00:00Z")),
        ("P", None),
        ("tomorrow", None),
    ],
)
def test_a_literal_time_is_understood(text: str, expected: tuple[str, str] | None) -> None:
    literal = literal_time(text)
    assert (literal and (literal.element, literal.text)) == expected


def test_a_timer_in_the_wrong_element_is_put_right() -> None:
    prepared = check(_catch("<timerEventDefinition><timeDate>PT5M</timeDate></timerEventDefinition>"))
    assert prepared.deployable
    assert node(prepared, "a").findtext(f"{tag('timerEventDefinition')}/{tag('timeDuration')}") == "PT5M"


def test_a_computed_timer_is_an_expression() -> None:
    prepared = check(_catch("<timerEventDefinition><timeDuration>${wait}</timeDuration></timerEventDefinition>"))
    timer = node(prepared, "a").find(f"{tag('timerEventDefinition')}/{tag('timeDuration')}")
    assert timer is not None
    assert (timer.get(own("expression")), timer.text) == ("juel:${wait}", None)


def test_a_timer_that_nobody_can_read_is_refused() -> None:
    prepared = check(_catch("<timerEventDefinition><timeCycle>0 0 0 LW * ?</timeCycle></timerEventDefinition>"))
    assert only(prepared, "timer-not-understood").element == "a"


def test_a_timer_without_time_waits_for_a_person() -> None:
    prepared = check(_catch("<timerEventDefinition/>"))
    assert prepared.deployable
    assert only(prepared, "timer-without-time").after == FAR_AWAY


def test_a_timer_start_without_time_is_started_by_hand() -> None:
    inside = '<startEvent id="s"><timerEventDefinition/></startEvent><endEvent id="e"/>' + flows("s>e")
    prepared = check(inside)
    assert prepared.processes[0].plain_start
    assert only(prepared, "timer-without-time").element == "s"


def test_a_prefixed_reference_finds_its_message() -> None:
    event = _catch('<messageEventDefinition messageRef="tns:m"/>')
    prepared = check(event, roots='<message id="m" name="Paid"/>')
    assert prepared.messages == ("Paid",)
    assert "message-assumed" not in codes(prepared.findings)


@pytest.mark.parametrize("kind", ["message", "signal"])
def test_a_reference_to_nothing_gets_its_root_element(kind: str) -> None:
    prepared = check(_catch(f'<{kind}EventDefinition {kind}Ref="x:Gone"/>'))
    finding = only(prepared, f"{kind}-assumed")
    assert (finding.element, finding.before, finding.after) == ("a", "x:Gone", "Gone")
    assert prepared.deployable


def test_both_ends_of_a_message_flow_mean_one_message() -> None:
    throw = '<intermediateThrowEvent id="a"><messageEventDefinition/></intermediateThrowEvent>'
    catch = '<intermediateCatchEvent id="b"><messageEventDefinition/></intermediateCatchEvent>'
    inside = f'<startEvent id="s"/>{throw}{catch}<endEvent id="e"/>{flows("s>a", "a>b", "b>e")}'
    flow = '<collaboration id="c"><messageFlow id="m" name="Order" sourceRef="a" targetRef="b"/></collaboration>'
    assert check(inside, roots=flow).messages == ("Order",)


def test_a_message_without_correlation_takes_any_customer_and_says_so() -> None:
    prepared = check(_catch('<messageEventDefinition messageRef="m"/>'), roots='<message id="m" name="Paid"/>')
    assert only(prepared, "correlation-any").element == "a"
    definition = node(prepared, "a").find(tag("messageEventDefinition"))
    assert definition is not None
    assert definition.get(own("anyCustomer")) == "true"


def test_a_zeebe_subscription_is_the_correlation_key() -> None:
    subscription = '<extensionElements><zeebe:subscription correlationKey="=order.id"/></extensionElements>'
    roots = f'<message id="m" name="Paid">{subscription}</message>'
    prepared = check(_catch('<messageEventDefinition messageRef="m"/>'), roots=roots)
    definition = node(prepared, "a").find(tag("messageEventDefinition"))
    assert definition is not None
    assert (definition.get(own("correlationKey")), definition.get(own("anyCustomer"))) == ("feel:=order.id", None)


def test_a_registry_event_is_a_message_event() -> None:
    extension = (
        "<extensionElements><flowable:eventType>paid</flowable:eventType>"
        '<flowable:eventCorrelationParameter name="id" value="${order}"/></extensionElements>'
    )
    prepared = check(_catch(extension))
    assert prepared.messages == ("paid",)
    definition = node(prepared, "a").find(tag("messageEventDefinition"))
    assert definition is not None
    assert definition.get(own("correlationKey")) == "juel:id=${order}"


def test_starts_are_known_by_kind_and_name() -> None:
    inside = (
        '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent>'
        '<startEvent id="t"><timerEventDefinition><timeCycle>R/P1D</timeCycle></timerEventDefinition></startEvent>'
        f'<endEvent id="e"/>{flows("s>e", "t>e")}'
    )
    process = check(inside, roots='<message id="m" name="Paid"/>').processes[0]
    assert [(start.element, start.kind, start.event) for start in process.starts] == [
        ("s", "message", "Paid"),
        ("t", "timer", "R/P1D"),
    ]
    assert not process.plain_start


@pytest.mark.parametrize(
    ("loop", "expected"),
    [
        (
            '<multiInstanceLoopCharacteristics camunda:collection="people" camunda:elementVariable="one"/>',
            ("python:people", "one"),
        ),
        ('<multiInstanceLoopCharacteristics flowable:collection="${order.people}"/>', ("juel:${order.people}", None)),
        (
            (
                "<multiInstanceLoopCharacteristics><extensionElements><zeebe:loopCharacteristics"
                ' inputCollection="=people" inputElement="one"/></extensionElements></multiInstanceLoopCharacteristics>'
            ),
            ("feel:=people", "one"),
        ),
        (
            (
                "<multiInstanceLoopCharacteristics><loopDataInputRef>people</loopDataInputRef>"
                '<inputDataItem id="one"/></multiInstanceLoopCharacteristics>'
            ),
            ("python:people", "one"),
        ),
    ],
)
def test_a_collection_is_found_in_any_dialect(loop: str, expected: tuple[str, str | None]) -> None:
    prepared = check(line(f'<userTask id="a">{loop}</userTask>'))
    assert prepared.deployable, prepared.findings
    found = node(prepared, "a").find(tag("multiInstanceLoopCharacteristics"))
    assert found is not None
    assert (found.get(own("collection")), found.get(own("elementVariable"))) == expected


def test_cardinality_and_completion_condition_keep_their_language() -> None:
    loop = (
        "<multiInstanceLoopCharacteristics><loopCardinality>${5-2}</loopCardinality><completionCondition>"
        "${nrOfCompletedInstances/nrOfInstances &gt;= 0.5}</completionCondition></multiInstanceLoopCharacteristics>"
    )
    prepared = check(line(f'<userTask id="a">{loop}</userTask>'))
    found = node(prepared, "a").find(tag("multiInstanceLoopCharacteristics"))
    assert found is not None
    assert found.findtext(tag("loopCardinality")) == "juel:${5-2}"
    assert found.findtext(tag("completionCondition")) == "juel:${nrOfCompletedInstances/nrOfInstances >= 0.5}"


@pytest.mark.parametrize("marker", ["multiInstanceLoopCharacteristics", "standardLoopCharacteristics"])
def test_a_bare_loop_marker_runs_once_and_says_so(marker: str) -> None:
    prepared = check(line(f'<userTask id="a"><{marker}/></userTask>'))
    assert prepared.deployable
    assert only(prepared, "loop-marker-dropped").element == "a"


def _gateway(first: str = "", second: str = "", *, before: str = "userTask", attributes: str = "") -> str:
    """start s, task t, exclusive gateway g, flows yes and no to b and c."""
    return (
        f'<startEvent id="s"/><{before} id="t" name="Look"/><exclusiveGateway id="g" name="Fine?" {attributes}/>'
        '<userTask id="b" name="Pay"/><userTask id="c" name="Refuse"/>'
        f'{flows("s>t", "t>g")}<sequenceFlow id="yes" name="Yes" sourceRef="g" targetRef="b">{first}</sequenceFlow>'
        f'<sequenceFlow id="no" name="No" sourceRef="g" targetRef="c">{second}</sequenceFlow>'
    )


def _condition(text: str, attributes: str = "") -> str:
    return f"<conditionExpression {attributes}><![CDATA[{text}]]></conditionExpression>"


def test_conditions_keep_their_language_and_are_shown_as_they_were_written() -> None:
    prepared = check(_gateway(_condition("${amount > 5 && !late}"), _condition("=amount = 5")))
    assert prepared.deployable
    shown = {element.id: element.expressions for element in prepared.elements}
    assert shown["yes"] == (("condition", "${amount > 5 && !late}", "${amount > 5 && !late}"),)
    assert node(prepared, "no").findtext(tag("conditionExpression")) == "feel:=amount = 5"


def test_a_condition_in_code_is_refused_with_element_and_line() -> None:
    prepared = check(_gateway("\n" + _condition("${bean is fine}"), _condition("${x}")))
    finding = only(prepared, "condition-not-understood")
    assert (finding.severity, finding.element, finding.line) == ("error", "yes", 2)
    assert finding.before == "${bean is fine}"


def test_the_user_task_before_a_gateway_asks_for_the_decision() -> None:
    prepared = check(_gateway())
    assert prepared.deployable
    assert only(prepared, "decision-asked").element == "g"
    question = prepared.extra["forms"]["t"]["properties"]["decision_g"]
    assert question == {"type": "string", "title": "Fine?", "enum": ["Yes", "No"]}
    assert node(prepared, "yes").findtext(tag("conditionExpression")) == "decision_g == 'Yes'"
    assert node(prepared, "t").get(own("form")) == "t"


def test_prose_conditions_are_named_and_asked_for() -> None:
    inside = _gateway(_condition("amount > 100 EUR"), _condition("otherwise"))
    prepared = check(inside, executable=' isExecutable="false"')
    assert codes(prepared.findings).count("condition-free-text") == 2
    assert "decision-asked" in codes(prepared.findings)


def test_without_a_user_task_the_last_flow_is_the_default() -> None:
    prepared = check(_gateway(before="serviceTask"))
    assert prepared.deployable
    assert only(prepared, "gateway-undecided").severity == "warning"
    assert node(prepared, "g").get("default") == "no"


def test_the_only_flow_without_condition_is_the_default() -> None:
    prepared = check(_gateway(_condition("x > 1")))
    assert only(prepared, "default-assumed").after == "no"
    assert node(prepared, "g").get("default") == "no"


def test_flows_of_an_inclusive_gateway_without_condition_are_always_taken() -> None:
    inside = _gateway(_condition("x > 1")).replace("exclusiveGateway", "inclusiveGateway")
    prepared = check(inside)
    assert prepared.deployable
    assert node(prepared, "no").findtext(tag("conditionExpression")) == "True"


def test_a_condition_behind_a_parallel_gateway_has_no_effect_and_is_named() -> None:
    inside = _gateway(_condition("x > 1")).replace("exclusiveGateway", "parallelGateway")
    assert only(check(inside), "condition-ignored").element == "yes"


def test_a_conditional_event_needs_its_condition() -> None:
    assert only(check(_catch("<conditionalEventDefinition/>")), "condition-missing").element == "a"


def test_a_computed_name_is_worked_out_later_and_a_quoted_one_is_literal() -> None:
    event = _catch('<messageEventDefinition messageRef="m"/>')
    computed = check(event, roots='<message id="m" name="paid-${id}"/>')
    assert computed.deployable
    assert node(computed, "m").get(own("nameExpression")) == "juel:paid-${id}"
    assert check(event, roots="<message id='m' name='=\"paid\"'/>").messages == ("paid",)


def test_a_computed_name_that_starts_a_process_or_calls_a_bean_is_refused() -> None:
    start = '<startEvent id="s"><messageEventDefinition messageRef="m"/></startEvent><endEvent id="e"/>' + flows("s>e")
    begun = check(start, roots='<message id="m" name="paid-${id}"/>')
    assert not begun.deployable
    assert "s" in [finding.element for finding in begun.findings if finding.code == "event-name-computed"]
    event = _catch('<messageEventDefinition messageRef="m"/>')
    assert not check(event, roots='<message id="m" name="${names.next()}"/>').deployable


def test_settings_of_events_are_handed_to_the_run_side_in_our_names() -> None:
    inside = (
        '<userTask id="a"/><boundaryEvent id="b" attachedToRef="a"><errorEventDefinition errorRef="x"'
        ' camunda:errorCodeVariable="code" camunda:errorMessageVariable="text"/></boundaryEvent>'
        '<boundaryEvent id="c" attachedToRef="a"><escalationEventDefinition camunda:escalationCodeVariable="level"/>'
        '</boundaryEvent><endEvent id="f"><terminateEventDefinition flowable:terminateAll="true"/></endEvent>'
    )
    roots = '<error id="x" errorCode="x" camunda:errorMessage="lost ${order}"/>'
    prepared = check(line(inside) + flows("b>f"), roots=roots)
    assert prepared.deployable, codes(prepared.findings, "error")
    assert "setting-not-used" not in codes(prepared.findings)
    found = [dict(node(prepared, key)[-1].attrib) for key in ("b", "c", "f")]
    assert found[0][own("errorCodeVariable")] == "code"
    assert found[0][own("errorMessageVariable")] == "text"
    assert found[1][own("escalationCodeVariable")] == "level"
    assert found[2][own("terminateAll")] == "true"
    assert node(prepared, "x").get(own("errorMessage")) == "juel:lost ${order}"


def test_a_file_in_feel_has_its_conditions_read_in_feel() -> None:
    source = model(_gateway(_condition("amount > 5"), _condition("amount <= 5")))
    feel = source.replace(b"<definitions ", b'<definitions expressionLanguage="http://www.omg.org/spec/FEEL/20140401" ')
    assert node(prepare(feel, "a.bpmn"), "yes").findtext(tag("conditionExpression")) == "feel:amount > 5"
    assert node(prepare(source, "a.bpmn"), "yes").findtext(tag("conditionExpression")) == "python:amount > 5"
