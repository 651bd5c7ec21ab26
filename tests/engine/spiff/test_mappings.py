"""Mappings: entries of objects, one after the other, and what leaves an element as its vendor means it."""

import pytest

from bpm.engine.definitions.prepare import prepare
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import JobError
from tests.engine.spiff.bench import NOON, Bench
from tests.engine.spiff.playing import chain, complete, drawn, expect, io, message, play, start, user

CATCH = '<messageEventDefinition messageRef="m"/>'


def test_an_entry_of_an_object_is_written_and_the_others_stay() -> None:
    task = user("a", io(("output", "=rate", "claim.check.rate")))
    play(
        drawn(chain(task, user("b"))),
        start(claim={"id": 3, "check": {"by": "ada"}}),
        complete("a", rate=7, note="n"),
        expect("rate", "note", claim={"id": 3, "check": {"by": "ada", "rate": 7}}, open=["b"]),
    )


@pytest.mark.parametrize("before", [{}, {"claim": None}, {"claim": {"check": None}}])
def test_objects_on_the_way_to_an_entry_are_made(before: dict[str, object]) -> None:
    task = user("a", io(("output", "=1", "claim.check.rate")))
    play(drawn(chain(task)), start(**before), complete("a"), expect(claim={"check": {"rate": 1}}, ended=True))


@pytest.mark.parametrize("before", [5, "text", [1], True])
def test_a_value_without_entries_in_the_way_fails_and_is_not_lost(before: object) -> None:
    task = user("a", io(("output", "=1", "claim.rate")))
    play(drawn(chain(task)), start(claim=before), complete("a"), expect(failed=True, claim=before))


def test_two_entries_of_one_object_both_arrive_and_a_later_mapping_reads_them() -> None:
    task = user("a", io(("output", "=x", "o.p"), ("output", "=o.p + 1", "o.q"), ("output", "=o.q * 2", "r")))
    play(drawn(chain(task)), start(o={"z": 0}), complete("a", x=1), expect("x", o={"z": 0, "p": 1, "q": 2}, r=4))


def test_an_input_mapping_to_an_entry_leaves_the_object_around_as_it_is() -> None:
    task = user("a", io(("input", "=1", "o.p"), ("input", "=o.p + 1", "o.q"), ("output", "=o.q", "seen")))
    play(drawn(chain(task)), start(o={"z": 0}), complete("a"), expect(o={"z": 0}, seen=2))


@pytest.mark.parametrize("kind", ["userTask", "serviceTask", "sendTask", "task", "businessRuleTask", "scriptTask"])
def test_a_later_mapping_sees_the_earlier_ones_at_every_task(kind: str) -> None:
    inside = io(("input", "=n", "x"), ("input", "=x + 1", "y"), ("output", "=y", "z"), ("output", "=z + 1", "w"))
    script = "<script>q = 0</script>" if kind == "scriptTask" else ""
    task = f"<{kind} id='a' scriptFormat='python'>{inside}{script}</{kind}>"
    steps = [start(n=1), *([complete("a")] if kind == "userTask" else [])]
    play(drawn(chain(("a", task))), *steps, expect("x", "y", "q", z=2, w=3, ended=True))


def test_a_subprocess_maps_in_and_out_and_keeps_its_own() -> None:
    inner = (
        '<startEvent id="s2"/><userTask id="t"/><endEvent id="e2"/>'
        '<sequenceFlow id="f1" sourceRef="s2" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e2"/>'
    )
    mappings = io(("input", "=n", "x"), ("output", "=x + 1", "out"))
    sub = f'<subProcess id="a">{mappings}{inner}</subProcess>'
    play(drawn(chain(("a", sub))), start(n=1), complete("t", x=5), expect("x", n=1, out=6, ended=True))


OTHER = '<process id="q" isExecutable="true">' + chain(user("t")).replace('"e"', '"qe"').replace('"s"', '"qs"')


@pytest.mark.parametrize("propagate", ["", 'propagateAllChildVariables="false"'])
def test_a_call_with_output_mappings_hands_only_these_back(propagate: str) -> None:
    called = f'<zeebe:calledElement processId="q" {propagate}/>'
    call = f'<callActivity id="a">{io(("output", "=made + n", "out"), more=called)}</callActivity>'
    source = drawn(chain(("a", call)), roots=OTHER + "</process>")
    play(source, start(n=1), complete("t", made=2, extra=3), expect("made", "extra", out=3, ended=True))


def test_a_call_without_output_mappings_hands_everything_back() -> None:
    called = '<extensionElements><zeebe:calledElement processId="q"/></extensionElements>'
    call = f'<callActivity id="a">{called}</callActivity>'
    source = drawn(chain(("a", call)), roots=OTHER + "</process>")
    play(source, start(n=1), complete("t", made=2), expect(made=2, ended=True))


@pytest.mark.parametrize(
    "node",
    [
        f'<intermediateCatchEvent id="a">{io(("output", "=status", "state"))}{CATCH}</intermediateCatchEvent>',
        f'<receiveTask id="a" messageRef="m">{io(("output", "=status", "state"))}</receiveTask>',
    ],
)
def test_what_a_message_brings_is_mapped_and_nothing_else_comes_in(node: str) -> None:
    play(
        drawn(chain(("a", node), user("b"))),
        start(),
        message("m", status="sent", noise=1),
        expect("status", "noise", state="sent", open=["b"]),
    )


def test_without_mappings_all_that_a_message_brings_comes_in() -> None:
    node = f'<intermediateCatchEvent id="a">{CATCH}</intermediateCatchEvent>'
    play(drawn(chain(("a", node), user("b"))), start(), message("m", status="sent"), expect(status="sent"))


def test_camundas_output_parameter_at_a_catching_event_adds_to_what_comes_in() -> None:
    mapping = '<camunda:outputParameter name="state">${status}</camunda:outputParameter>'
    inside = f"<extensionElements><camunda:inputOutput>{mapping}</camunda:inputOutput></extensionElements>"
    node = f'<intermediateCatchEvent id="a">{inside}{CATCH}</intermediateCatchEvent>'
    play(
        drawn(chain(("a", node), user("b")), dialect="camunda"),
        start(),
        message("m", status="sent"),
        expect(status="sent", state="sent"),
    )


def test_flowables_event_parameters_are_what_comes_in() -> None:
    inside = (
        "<extensionElements><flowable:eventType>paid</flowable:eventType>"
        '<flowable:eventOutParameter source="sum" target="amount"/></extensionElements>'
    )
    play(
        drawn(
            chain(("a", f'<intermediateCatchEvent id="a">{inside}</intermediateCatchEvent>'), user("b")),
            dialect="flowable",
        ),
        start(),
        message("paid", sum=3, noise=1),
        expect("sum", "noise", amount=3, open=["b"]),
    )


def test_a_boundary_event_maps_what_its_message_brings() -> None:
    boundary = (
        f'<boundaryEvent id="b" attachedToRef="a">{io(("output", "=status", "state"))}{CATCH}</boundaryEvent>'
        '<userTask id="after"/><sequenceFlow id="b_after" sourceRef="b" targetRef="after"/>'
    )
    play(
        drawn(chain(user("a")) + boundary),
        start(),
        message("m", status="late", noise=1),
        expect("status", "noise", state="late", open=["after"]),
    )


@pytest.mark.parametrize(("kind", "ref"), [("error", "E"), ("escalation", "C")])
def test_a_boundary_event_of_an_error_or_escalation_maps_what_is_there(kind: str, ref: str) -> None:
    event = f'<{kind}EventDefinition {kind}Ref="{ref}"/>'
    sub = (
        f'<subProcess id="a"><startEvent id="s2"/><userTask id="t"/><endEvent id="e2">{event}</endEvent>'
        '<sequenceFlow id="f1" sourceRef="s2" targetRef="t"/><sequenceFlow id="f2" sourceRef="t" targetRef="e2"/>'
        "</subProcess>"
    )
    boundary = (
        f'<boundaryEvent id="b" attachedToRef="a">{io(("output", "=why", "seen"))}{event}</boundaryEvent>'
        '<userTask id="after"/><sequenceFlow id="b_after" sourceRef="b" targetRef="after"/>'
    )
    play(drawn(chain(("a", sub)) + boundary), start(), complete("t", why="x"), expect(seen="x", open=["after"]))


def test_a_message_start_event_maps_what_its_message_brings() -> None:
    inside = chain(user("a")).replace(
        '<startEvent id="s"/>', f'<startEvent id="s">{io(("output", "=who.id", "customer"))}{CATCH}</startEvent>'
    )
    play(drawn(inside), {"do": "start_by_message", "name": "m", "vars": {"who": {"id": 5}, "noise": 1}},
         expect("who", "noise", customer=5, open=["a"]))  # fmt: skip


def test_the_start_event_of_an_event_subprocess_maps_what_its_message_brings() -> None:
    handler = (
        f'<subProcess id="h" triggeredByEvent="true"><startEvent id="hs">{io(("output", "=status", "state"))}{CATCH}'
        '</startEvent><userTask id="ht"/><endEvent id="he"/><sequenceFlow id="h1" sourceRef="hs" targetRef="ht"/>'
        '<sequenceFlow id="h2" sourceRef="ht" targetRef="he"/></subProcess>'
    )
    play(
        drawn(chain(user("a")) + handler),
        start(),
        message("m", status="stop", noise=1),
        expect("status", "noise", state="stop", open=["ht"]),
    )


@pytest.mark.parametrize("kind", ["intermediateThrowEvent", "startEvent", "endEvent"])
def test_an_event_without_a_trigger_sets_variables_by_its_mappings(kind: str) -> None:
    mapped = io(("output", "=n + 1", "m1"), ("output", "=m1 + 1", "m2"))
    if kind == "intermediateThrowEvent":
        inside = chain(("a", f'<{kind} id="a">{mapped}</{kind}>'))
    else:
        name = kind[0]
        inside = chain(("a", '<task id="a"/>')).replace(
            f'<{kind} id="{name}"/>', f'<{kind} id="{name}">{mapped}</{kind}>'
        )
    play(drawn(inside), start(n=1), expect(m1=2, m2=3, ended=True))


def test_a_mapping_that_fails_at_a_catching_event_does_not_lose_the_message() -> None:
    node = f'<intermediateCatchEvent id="a">{io(("output", "=status", "order.state"))}{CATCH}</intermediateCatchEvent>'
    play(
        drawn(chain(("a", node), user("b"))),
        start(order=1),
        message("m", status="sent"),
        expect(failed=True, order=1),
    )


def test_camundas_own_variables_come_before_what_it_has_handed_out() -> None:
    parameters = (
        '<camunda:inputParameter name="x">${1}</camunda:inputParameter>'
        '<camunda:outputParameter name="x">${x + 1}</camunda:outputParameter>'
        '<camunda:outputParameter name="y">${x + 10}</camunda:outputParameter>'
    )
    task = user("a", f"<extensionElements><camunda:inputOutput>{parameters}</camunda:inputOutput></extensionElements>")
    play(drawn(chain(task), dialect="camunda"), start(), complete("a"), expect(x=2, y=11, ended=True))


def test_camundas_results_leave_the_task_beside_its_output_parameters() -> None:
    parameter = '<camunda:outputParameter name="y">${x + 1}</camunda:outputParameter>'
    task = user("a", f"<extensionElements><camunda:inputOutput>{parameter}</camunda:inputOutput></extensionElements>")
    play(drawn(chain(task), dialect="camunda"), start(), complete("a", x=1), expect(x=1, y=2, ended=True))


def test_an_answer_that_a_gateway_asks_for_leaves_a_task_that_keeps_its_results() -> None:
    inside = (
        '<startEvent id="s"/><userTask id="a" name="Look">' + io(("output", "=x", "y")) + "</userTask>"
        '<exclusiveGateway id="g"/><userTask id="b"/><userTask id="c"/><endEvent id="e"/>'
        '<sequenceFlow id="f0" sourceRef="s" targetRef="a"/><sequenceFlow id="f1" sourceRef="a" targetRef="g"/>'
        '<sequenceFlow id="f2" name="yes" sourceRef="g" targetRef="b"/>'
        '<sequenceFlow id="f3" name="no" sourceRef="g" targetRef="c"/>'
        '<sequenceFlow id="f4" sourceRef="b" targetRef="e"/><sequenceFlow id="f5" sourceRef="c" targetRef="e"/>'
    )
    play(drawn(inside), start(), complete("a", x=1, decision_g="no"), expect("x", y=1, open=["c"]))


@pytest.mark.parametrize("target", ["", "a..b", "a b", "1a", ".a", "a."])
def test_a_target_that_is_no_name_is_refused_at_its_element(target: str) -> None:

    prepared = prepare(drawn(chain(user("a", io(("output", "=1", target))))), "m.bpmn")
    (finding,) = [finding for finding in prepared.findings if finding.severity == "error"]
    assert (finding.code, finding.element) == ("mapping-not-understood", "a")


def test_the_boundary_event_of_a_job_maps_what_its_error_brings() -> None:

    boundary = (
        f'<boundaryEvent id="b" attachedToRef="a">{io(("output", "=why.code", "seen"))}<errorEventDefinition'
        ' errorRef="E"/></boundaryEvent><userTask id="after"/><sequenceFlow id="f" sourceRef="b" targetRef="after"/>'
    )
    compiled = prepare(drawn(chain(("a", '<serviceTask id="a"/>')) + boundary), "m.bpmn").compiled
    assert compiled is not None
    begun = execution.start(compiled, {}, now=NOON)
    error = JobError(begun.jobs[0].uid, "E", "no", variables={"why": {"code": 5}})
    step = execution.advance(compiled, begun.state, error, now=NOON)
    assert ([item.element for item in step.work_items], step.variables) == (["after"], {"seen": 5})


@pytest.mark.parametrize(
    ("carried", "seen"),
    [
        ('<camunda:in source="a" target="x"/><camunda:in sourceExpression="${a + 1}" target="y"/>', {"x": 1, "y": 2}),
        ('<camunda:in variables="all"/>', {"a": 1}),
        ("", {}),
    ],
)
def test_a_signal_carries_what_its_sender_says(carried: str, seen: dict[str, int]) -> None:
    told = f"<extensionElements>{carried}</extensionElements>"
    thrown = f'<intermediateThrowEvent id="a"><signalEventDefinition signalRef="g">{told}</signalEventDefinition>'
    other = (
        '<signal id="g" name="g"/><process id="q" isExecutable="true"><startEvent id="qs"><signalEventDefinition'
        ' signalRef="g"/></startEvent><userTask id="t"/><sequenceFlow id="q1" sourceRef="qs" targetRef="t"/></process>'
    )
    source = drawn(chain(("a", f"{thrown}</intermediateThrowEvent>"), user("b")), dialect="camunda", roots=other)
    prepared = prepare(source, "m.bpmn")
    assert prepared.compiled is not None
    (thrown_out,) = execution.start(prepared.compiled, {"a": 1}, now=NOON).thrown
    assert thrown_out.payload == seen


def test_flowables_local_result_stays_in_the_subprocess_around_it() -> None:
    job = '<serviceTask id="j" flowable:type="mail" flowable:resultVariableName="r" {}/>'
    inner = (
        '<startEvent id="s2"/>{}<userTask id="t"/><endEvent id="e2"/>'
        '<sequenceFlow id="f1" sourceRef="s2" targetRef="j"/><sequenceFlow id="f2" sourceRef="j" targetRef="t"/>'
        '<sequenceFlow id="f3" sourceRef="t" targetRef="e2"/>'
    )
    for local, seen in (('flowable:useLocalScopeForResultVariable="true"', {}), ("", {"r": 5})):
        sub = ("a", f'<subProcess id="a">{inner.format(job.format(local))}</subProcess>')
        bench = Bench(prepare(drawn(chain(sub), dialect="flowable"), "m.bpmn").executable)
        step = bench.job_done("j", result=5)
        assert (step.variables, step.work_items[0].variables["r"]) == (seen, 5)
