"""Code of other engines in a model is done by a worker, waits in sight until then, and is never skipped or guessed."""

from datetime import timedelta

import pytest

from bpm.engine.definitions.prepare import prepare
from bpm.engine.definitions.process_tests import run_cases
from tests.engine.bpmn.drawing import check, codes, flows, line, model, node, only, own, tag
from tests.engine.spiff.bench import Bench

SCRIPT = "<script>list.each { it.compute() }</script>"
ASKED = (
    '<startEvent id="s"/><exclusiveGateway id="g" default="no"/><userTask id="a"/><userTask id="b"/>'
    '<sequenceFlow id="yes" sourceRef="g" targetRef="a"><conditionExpression>${bean.fine(order)}'
    '</conditionExpression></sequenceFlow><sequenceFlow id="no" sourceRef="g" targetRef="b"/>' + flows("s>g")
)


@pytest.mark.parametrize(
    ("language", "topic"),
    [
        ("groovy", "script:groovy"),
        ("JavaScript", "script:javascript"),
        ("http://www.java.com/java", "script:java"),
        ("http://www.mvel.org/2.0", "script:mvel"),
        ("application/ecmascript", "script:javascript"),
        ("My Own!", "script:my-own-"),
    ],
)
def test_a_script_of_another_language_is_a_job_for_whoever_can_run_it(language: str, topic: str) -> None:
    prepared = check(line(f'<scriptTask id="a" scriptFormat="{language}">{SCRIPT}</scriptTask>'))
    assert prepared.deployable
    finding = only(prepared, "script-needs-worker")
    assert (finding.severity, finding.element, finding.line, finding.after) == ("warning", "a", 2, topic)
    assert language in finding.message
    assert prepared.topics == (topic,)


def test_the_worker_sees_the_script_and_the_instance_waits_for_it() -> None:
    prepared = check(line(f'<scriptTask id="a" scriptFormat="groovy">{SCRIPT}</scriptTask>'))
    bench = Bench(prepared.executable, {"list": [1]})
    assert list(bench.jobs.values()) == ["a"]
    assert bench.step.jobs[0].payload["script"] == "list.each { it.compute() }"
    assert bench.job_done("a", total=3).status == "completed"


def test_broken_python_and_a_script_without_a_language_are_refused() -> None:
    broken = line('<scriptTask id="a" scriptFormat="python"><script>x = = 1</script></scriptTask>')
    assert only(check(broken), "script-not-understood").severity == "error"
    silent = model(broken.replace(' scriptFormat="python"', "")).replace(b"http://www.jboss.org/drools", b"urn:other")
    assert only(prepare(silent, "m.bpmn"), "script-not-understood").severity == "error"


def test_a_script_of_jbpm_is_java_where_it_does_not_say_its_language() -> None:
    java = check(line('<scriptTask id="a"><script>List l = new List();</script></scriptTask>'))
    assert java.topics == ("script:java",)
    assert check(line('<scriptTask id="a"><script>x = 1</script></scriptTask>')).topics == ()


@pytest.mark.parametrize(("answer", "element"), [(True, "a"), (False, "b")])
def test_a_condition_that_calls_a_bean_is_answered_by_a_worker_before_the_gateway(answer: bool, element: str) -> None:
    prepared = check(ASKED)
    assert prepared.deployable, codes(prepared.findings, "error")
    finding = only(prepared, "condition-needs-worker")
    assert (finding.element, finding.before, finding.line) == ("yes", "${bean.fine(order)}", 2)
    assert prepared.topics == ("condition:bean.fine",)
    bench = Bench(prepared.executable, {"order": {"total": 5}})
    (job,) = bench.step.jobs
    assert (job.topic, job.payload["expression"]) == ("condition:bean.fine", "${bean.fine(order)}")
    bench.job_done("yes_asked", result=answer)
    assert list(bench.open.values()) == [element]


def test_a_worker_without_an_answer_is_a_failure_and_no_guess() -> None:
    bench = Bench(check(ASKED).executable)
    bench.job_done("yes_asked")
    assert not bench.open
    assert "answer_yes" in bench.step.failures[0].message


def test_several_such_conditions_are_asked_in_the_order_of_the_drawing() -> None:
    more = ASKED.replace('default="no"', "").replace(
        '<sequenceFlow id="no" sourceRef="g" targetRef="b"/>',
        '<sequenceFlow id="no" sourceRef="g" targetRef="b"><conditionExpression>${bean.bad(order)}'
        "</conditionExpression></sequenceFlow>",
    )
    bench = Bench(check(more).executable)
    bench.job_done("yes_asked", result=False)
    bench.job_done("no_asked", result=True)
    assert list(bench.open.values()) == ["b"]


def test_the_added_job_is_not_listed_among_the_drawn_elements() -> None:
    assert "yes_asked" not in [element.id for element in check(ASKED).elements]


def test_an_inclusive_gateway_that_joins_cannot_ask_and_is_refused() -> None:
    inside = (
        '<startEvent id="s"/><parallelGateway id="f"/><task id="x"/><task id="y"/><inclusiveGateway id="g"/>'
        '<task id="a"/><task id="b"/>'
        + flows("s>f", "f>x", "f>y", "x>g", "y>g", "g>b")
        + '<sequenceFlow id="q" sourceRef="g" targetRef="a"><conditionExpression>${bean.fine()}'
        "</conditionExpression></sequenceFlow>"
    )
    assert only(check(inside), "condition-not-understood").element == "q"


def test_a_mapping_by_script_at_a_job_is_left_to_its_worker() -> None:
    def task(kind: str, way: str, text: str) -> str:
        script = f'<camunda:script scriptFormat="groovy">{text}</camunda:script>'
        parameter = f'<camunda:{way}Parameter name="x">{script}</camunda:{way}Parameter>'
        inside = f"<extensionElements><camunda:inputOutput>{parameter}</camunda:inputOutput></extensionElements>"
        return line(f'<{kind} id="a">{inside}</{kind}>')

    code = "x = list.collect { it }; x"
    left = check(task("serviceTask", "output", code))
    assert only(left, "mapping-left-to-worker").severity == "warning"
    assert [part.get("expression") for part in node(left, "a").iter(own("output"))] == ["x"]
    assert only(check(task("serviceTask", "input", code)), "mapping-left-to-worker").element == "a"
    assert only(check(task("userTask", "input", code)), "mapping-not-understood").severity == "error"
    simple = check(task("userTask", "input", "amount + 1"))
    assert [part.get("expression") for part in node(simple, "a").iter(own("input"))] == ["groovy:amount + 1"]


def test_a_case_that_needs_such_a_worker_is_refused_and_not_played_without_effect() -> None:
    source = model(line(f'<scriptTask id="a" scriptFormat="groovy">{SCRIPT}</scriptTask>'))
    case = {"id": "c", "files": ["m.bpmn"], "process": "p", "steps": [{"do": "start"}, {"expect": {"ended": True}}]}
    (result,) = run_cases([case], lambda _name: source)
    assert (result.outcome, "script:groovy" in result.detail) == ("refused", True)


def test_the_drawn_task_is_what_the_job_stands_on() -> None:
    prepared = check(line(f'<scriptTask id="a" name="Sum" scriptFormat="groovy">{SCRIPT}</scriptTask>'))
    assert node(prepared, "a").tag == tag("serviceTask")
    assert [element.name for element in prepared.elements if element.id == "a"] == ["Sum"]


def test_a_timer_and_a_called_process_may_be_asked_for_before_they_are_reached() -> None:
    timer = "<timerEventDefinition><timeDuration>${timers.next(order)}</timeDuration></timerEventDefinition>"
    bench = Bench(check(line(f'<intermediateCatchEvent id="a">{timer}</intermediateCatchEvent>')).executable)
    assert bench.step.jobs[0].topic == "call:timers.next"
    bench.job_done("a_asked", result="PT5M")
    assert list(bench.timers.values()) == [bench.now + timedelta(minutes=5)]
    call = check(line('<callActivity id="a" calledElement="${chooser.pick()}"/>'))
    assert only(call, "call-needs-worker").element == "a"
    assert node(call, "a").get(own("calledElementExpression")) == "answer_a"


def test_the_timer_at_an_activity_is_asked_for_before_the_activity() -> None:
    timer = "<timerEventDefinition><timeDuration>${timers.next(order)}</timeDuration></timerEventDefinition>"
    boundary = f'<boundaryEvent id="b" attachedToRef="a">{timer}</boundaryEvent><endEvent id="f"/>'
    bench = Bench(check(line('<userTask id="a"/>') + boundary + flows("b>f")).executable)
    assert not bench.open
    bench.job_done("b_asked", result="PT1H")
    assert list(bench.open.values()) == ["a"]
    assert list(bench.timers.values()) == [bench.now + timedelta(hours=1)]


def test_a_timer_behind_an_event_gateway_cannot_be_asked_for() -> None:
    timer = "<timerEventDefinition><timeDuration>${timers.next()}</timeDuration></timerEventDefinition>"
    inside = (
        f'<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="t">{timer}'
        '</intermediateCatchEvent><receiveTask id="r" messageRef="m"/>' + flows("s>g", "g>t", "g>r")
    )
    assert only(check(inside, roots='<message id="m" name="m"/>'), "timer-not-understood").element == "t"


def test_a_mapping_that_calls_a_bean_is_left_to_the_worker_of_a_job() -> None:
    parameter = '<camunda:inputParameter name="x">${tokens.add(request)}</camunda:inputParameter>'
    inside = f"<extensionElements><camunda:inputOutput>{parameter}</camunda:inputOutput></extensionElements>"
    assert only(check(line(f'<serviceTask id="a">{inside}</serviceTask>')), "mapping-left-to-worker").element == "a"
    assert only(check(line(f'<userTask id="a">{inside}</userTask>')), "mapping-not-understood").severity == "error"


def test_a_condition_in_other_code_is_told_by_a_message() -> None:
    condition = "<conditionalEventDefinition><condition>${stock.isLow(item)}</condition></conditionalEventDefinition>"
    prepared = check(line(f'<intermediateCatchEvent id="a" name="Low">{condition}</intermediateCatchEvent>'))
    assert prepared.deployable
    finding = only(prepared, "condition-told-by-message")
    assert (finding.severity, finding.element, finding.after) == ("warning", "a", "Low")
    bench = Bench(prepared.executable)
    assert [(row.kind, row.event) for row in bench.step.subscriptions] == [("message", "Low")]


def test_other_code_in_a_drawing_decides_nothing_and_is_named() -> None:
    drawing = check(ASKED.replace("${bean.fine(order)}", "IsNull(Proc.User)"), executable=' isExecutable="false"')
    assert drawing.deployable
    assert only(drawing, "condition-free-text").before == "IsNull(Proc.User)"
