"""What vendors' markup means is carried over: assignment, forms, topics, mappings, calls, scripts."""

import pytest

from tests.engine.bpmn.drawing import check, codes, line, node, only, own


def _extended(kind: str, extension: str, attributes: str = "") -> str:
    return f'<{kind} id="a" {attributes}><extensionElements>{extension}</extensionElements></{kind}>'


@pytest.mark.parametrize(
    ("task", "expected"),
    [
        ('<userTask id="a" camunda:assignee="ada"/>', {"assignee": "ada"}),
        ('<userTask id="a" camunda:assignee="${boss}"/>', {"assigneeExpression": "juel:${boss}"}),
        ('<userTask id="a" flowable:candidateGroups="service"/>', {"group": "service"}),
        ('<userTask id="a" camunda:candidateGroups="a, b"/>', {"group": "a"}),
        ('<userTask id="a" camunda:dueDate="P2D"/>', {"due": "P2D"}),
        ('<userTask id="a" camunda:dueDate="${now().plus(1)}"/>', {}),
        (_extended("userTask", '<zeebe:assignmentDefinition candidateGroups="ops"/>'), {"group": "ops"}),
        (_extended("userTask", '<zeebe:assignmentDefinition assignee="=boss"/>'), {"assigneeExpression": "feel:=boss"}),
        (
            (
                '<userTask id="a"><potentialOwner><resourceAssignmentExpression><formalExpression>user(ada), group(ops)'
                "</formalExpression></resourceAssignmentExpression></potentialOwner></userTask>"
            ),
            {"assignee": "ada", "group": "ops"},
        ),
        (
            (
                '<userTask id="a"><humanPerformer><resourceAssignmentExpression><formalExpression>ada'
                "</formalExpression></resourceAssignmentExpression></humanPerformer></userTask>"
            ),
            {"assignee": "ada"},
        ),
        (
            (
                '<userTask id="a"><ioSpecification><dataInput id="i" name="GroupId"/></ioSpecification>'
                "<dataInputAssociation><targetRef>i</targetRef><assignment><from>HR</from><to>i</to></assignment>"
                "</dataInputAssociation></userTask>"
            ),
            {"group": "HR"},
        ),
        ('<userTask id="a" camunda:formKey="forms/claim.json"/>', {"form": "claim"}),
        ('<userTask id="a" camunda:formKey="embedded:app:x.html"/>', {}),
        (_extended("userTask", '<zeebe:formDefinition formId="claim"/>'), {"form": "claim"}),
        ('<serviceTask id="a" camunda:type="external" camunda:topic="pay"/>', {"topic": "pay"}),
        ('<serviceTask id="a" camunda:class="org.acme.Pay"/>', {"topic": "org.acme.Pay"}),
        ('<serviceTask id="a" camunda:delegateExpression="${payer}"/>', {"topic": "payer"}),
        ('<serviceTask id="a" flowable:expression="#{bean.pay(x)}"/>', {"topic": "bean.pay"}),
        ('<serviceTask id="a" flowable:type="mail"/>', {"topic": "mail"}),
        ('<serviceTask id="a"/>', {"topic": "a"}),
        (_extended("serviceTask", '<zeebe:taskDefinition type="pay" retries="5"/>'), {"topic": "pay", "retries": "5"}),
        (_extended("serviceTask", '<spiff:serviceTaskOperator id="http/Get"/>'), {"topic": "http/Get"}),
        ('<sendTask id="a" drools:taskName="Email"/>', {"topic": "Email"}),
        (
            '<businessRuleTask id="a" camunda:decisionRef="risk" camunda:resultVariable="r"/>',
            {"topic": "risk", "decision": "risk", "resultVariable": "r"},
        ),
        (
            _extended("businessRuleTask", '<zeebe:calledDecision decisionId="risk"/>'),
            {"decision": "risk", "topic": "risk"},
        ),
        (
            _extended("serviceTask", "<camunda:failedJobRetryTimeCycle>R7/PT1M</camunda:failedJobRetryTimeCycle>"),
            {"retries": "7", "retryIn": "PT1M", "topic": "a"},
        ),
        (
            _extended("serviceTask", "<camunda:failedJobRetryTimeCycle>PT1M, PT1H</camunda:failedJobRetryTimeCycle>"),
            {"retries": "3", "retryIn": "PT1M,PT1H", "topic": "a"},
        ),
    ],
)
def test_a_vendor_attribute_is_carried_over(task: str, expected: dict[str, str]) -> None:
    prepared = check(line(task))
    assert prepared.deployable, prepared.findings
    written = {str(key).removeprefix(own("")): value for key, value in node(prepared, "a").attrib.items()}
    assert {key: value for key, value in written.items() if key not in ("id", "decision_")} == expected


def test_a_java_class_becomes_a_job_and_says_so() -> None:
    finding = only(check(line('<serviceTask id="a" camunda:class="org.acme.Pay"/>')), "job-topic")
    assert (finding.severity, finding.after) == ("info", "org.acme.Pay")


def test_the_operation_of_an_interface_is_a_topic() -> None:
    roots = '<interface id="i" name="Bank"><operation id="o" name="pay"/></interface>'
    prepared = check(line('<serviceTask id="a" operationRef="tns:o"/>'), roots=roots)
    assert prepared.topics == ("pay",)


def _mappings(task: str) -> list[tuple[str, str | None, str | None]]:
    prepared = check(line(task))
    assert prepared.deployable, prepared.findings
    parts = (part for part in node(prepared, "a") if str(part.tag).startswith(own("")))
    return [(str(part.tag).removeprefix(own("")), part.get("name"), part.get("expression")) for part in parts]


def test_camunda_mappings_are_translated() -> None:
    inside = (
        '<camunda:inputOutput><camunda:inputParameter name="to">Dear ${name}</camunda:inputParameter>'
        '<camunda:inputParameter name="all"><camunda:list><camunda:value>1</camunda:value><camunda:value>${x}'
        "</camunda:value></camunda:list></camunda:inputParameter>"
        '<camunda:inputParameter name="map"><camunda:map><camunda:entry key="k">${x}</camunda:entry></camunda:map>'
        '</camunda:inputParameter><camunda:outputParameter name="r">${answer}</camunda:outputParameter>'
        "</camunda:inputOutput>"
    )
    assert _mappings(_extended("serviceTask", inside)) == [
        ("input", "to", "juel:Dear ${name}"),
        ("input", "all", 'list:["\'1\'", "juel:${x}"]'),
        ("input", "map", 'map:{"k": "juel:${x}"}'),
        ("output", "r", "juel:${answer}"),
    ]


def test_zeebe_mappings_are_translated() -> None:
    inside = (
        '<zeebe:ioMapping><zeebe:input source="=a + 1" target="b"/>'
        '<zeebe:input source="https://example.com" target="url"/></zeebe:ioMapping>'
    )
    assert _mappings(_extended("serviceTask", inside)) == [
        ("input", "b", "feel:=a + 1"),
        ("input", "url", "'https://example.com'"),
    ]


def test_a_call_maps_only_what_camunda_says() -> None:
    inside = '<camunda:in source="a" target="b"/><camunda:out sourceExpression="${c + 1}" target="d"/>'
    task = _extended("callActivity", inside, 'calledElement="p"')
    assert _mappings(task) == [
        ("input", "b", "juel:${execution.getVariable('a')}"),
        ("output", "d", "juel:${c + 1}"),
    ]
    call = node(check(line(task)), "a")
    assert (call.get(own("passAll")), call.get(own("returnAll"))) == ("false", "false")


def test_a_call_passes_everything_when_it_says_so() -> None:
    task = _extended("callActivity", '<camunda:in variables="all"/>', 'calledElement="p"')
    call = node(check(line(task)), "a")
    assert (call.get(own("passAll")), call.get(own("returnAll"))) == ("true", "false")


def test_a_zeebe_call_names_its_process_in_an_extension() -> None:
    call = node(check(line(_extended("callActivity", '<zeebe:calledElement processId="p"/>'))), "a")
    assert (call.get("calledElement"), call.get(own("passAll"))) == ("p", "true")


def test_a_computed_callee_is_an_expression() -> None:
    call = node(check(line('<callActivity id="a" calledElement="${which}"/>')), "a")
    assert call.get(own("calledElementExpression")) == "juel:${which}"


def test_form_fields_become_a_schema() -> None:
    fields = (
        '<camunda:formData><camunda:formField id="amount" label="Amount" type="long" defaultValue="5">'
        '<camunda:validation><camunda:constraint name="required"/><camunda:constraint name="min" config="1"/>'
        '</camunda:validation></camunda:formField><camunda:formField id="kind" type="enum">'
        '<camunda:value id="a" name="First"/></camunda:formField></camunda:formData>'
    )
    prepared = check(line(_extended("userTask", fields)))
    schema = prepared.extra["forms"]["a"]
    assert schema["required"] == ["amount"]
    assert schema["properties"]["amount"] == {"type": "integer", "title": "Amount", "default": 5, "minimum": 1}
    assert schema["properties"]["kind"]["enum"] == ["a"]
    assert node(prepared, "a").get(own("form")) == "a"


def test_a_listener_is_named_and_not_run() -> None:
    inside = '<camunda:executionListener class="org.acme.Log" event="start"/>'
    assert only(check(line(_extended("userTask", inside))), "listener-not-run").before == "org.acme.Log"


@pytest.mark.parametrize(
    ("attributes", "source", "expected"),
    [
        ("", "x = 1", "x = 1"),
        ('scriptFormat="javascript"', "var x = 1;", "x = 1"),
        ('scriptFormat="groovy"', "x = true", "x = True"),
        ('scriptFormat="javascript"', ";", ""),
    ],
)
def test_a_simple_script_runs(attributes: str, source: str, expected: str) -> None:
    prepared = check(line(f'<scriptTask id="a" {attributes}><script>{source}</script></scriptTask>'))
    assert prepared.deployable
    assert (node(prepared, "a").findtext("{*}script") or "") == expected


def test_a_zeebe_script_is_an_expression_that_no_worker_has_to_run() -> None:
    script = _extended("scriptTask", '<zeebe:script expression="=a + 1" resultVariable="b"/>')
    prepared = check(line(script))
    found = node(prepared, "a")
    assert (found.get(own("valueExpression")), found.get(own("resultVariable"))) == ("feel:=a + 1", "b")
    assert prepared.topics == ()


def test_a_script_task_without_script_does_nothing_and_says_so() -> None:
    prepared = check(line('<scriptTask id="a"/>'))
    assert prepared.deployable
    assert codes(prepared.findings) == ["script-empty"]


def test_settings_without_counterpart_are_named() -> None:
    prepared = check(line('<userTask id="a" camunda:candidateUsers="ada,bob"/>'))
    assert only(prepared, "setting-not-used").before == 'candidateUsers="ada,bob"'


def test_a_connector_is_a_topic() -> None:
    connector = "<camunda:connector><camunda:connectorId>http-connector</camunda:connectorId></camunda:connector>"
    assert check(line(_extended("serviceTask", connector))).topics == ("http-connector",)


def test_a_form_field_that_can_be_no_variable_is_left_out_and_named() -> None:
    fields = "".join(f'<camunda:formField id="{name}" type="string"/>' for name in ("class", "_x", "a b", "good"))
    prepared = check(line(_extended("userTask", f"<camunda:formData>{fields}</camunda:formData>")))
    assert prepared.deployable
    assert list(prepared.extra["forms"]["a"]["properties"]) == ["good"]
    assert [f.before for f in prepared.findings if f.code == "form-field-name"] == ["class", "_x", "a b"]
