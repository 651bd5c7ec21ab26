"""What is thrown and who catches it, and what is worked out at run time: names, codes told to variables, ends."""

from bpm.engine.spiff.step import JobError
from tests.engine.spiff.bench import Bench, flow, model

ROOTS = (
    '<message id="M" name="hello ${x}" e:nameExpression="&quot;hello &quot; + str(x)"/>'
    '<signal id="S" name="all ${x}" e:nameExpression="&quot;all &quot; + str(x)"/>'
    '<error id="E" name="any"/><escalation id="X" escalationCode="slow"/>'
)


def test_the_name_of_a_message_is_worked_out_when_it_is_waited_for_and_when_it_is_thrown() -> None:
    body = (
        '<startEvent id="s"/><intermediateThrowEvent id="t"><messageEventDefinition messageRef="M"/>'
        '</intermediateThrowEvent><receiveTask id="r" messageRef="M"/>' + flow("s", "t") + flow("t", "r")
    )
    bench = Bench(model(body, roots=ROOTS), {"x": 7})
    assert [(thrown.kind, thrown.event) for thrown in bench.step.thrown] == [("message", "hello 7")]
    assert [row.event for row in bench.step.subscriptions] == ["hello 7"]


def test_a_signal_of_a_computed_name_is_caught_inside_by_that_name() -> None:
    body = (
        '<startEvent id="s"/><parallelGateway id="f"/><intermediateCatchEvent id="c"><signalEventDefinition '
        'signalRef="S"/></intermediateCatchEvent><userTask id="A"/><intermediateThrowEvent id="t">'
        '<signalEventDefinition signalRef="S"/></intermediateThrowEvent>'
        + flow("s", "f") + flow("f", "c") + flow("f", "A") + flow("A", "t")
    )  # fmt: skip
    bench = Bench(model(body, roots=ROOTS), {"x": 1})
    bench.complete("A")
    assert bench.completed["c"] == 1


def test_a_computed_name_without_a_value_fails_where_it_is_waited_for() -> None:
    roots = '<message id="M" name="${x}" e:nameExpression="x"/>'
    bench = Bench(
        model('<startEvent id="s"/><receiveTask id="r" messageRef="M"/>' + flow("s", "r"), roots=roots), {"x": ""}
    )
    assert [(failure.element, failure.cause) for failure in bench.step.failures] == [("r", "expression")]


def job(catcher: str) -> bytes:
    return model(
        f'<startEvent id="s"/><serviceTask id="J"/><boundaryEvent id="b" attachedToRef="J">{catcher}</boundaryEvent>'
        '<userTask id="after"/>' + flow("s", "J") + flow("b", "after"),
        roots=ROOTS,
    )


def test_the_code_and_message_of_an_error_are_told_to_the_variables_that_the_model_names() -> None:
    catcher = '<errorEventDefinition e:errorCodeVariable="code" e:errorMessageVariable="why"/>'
    bench = Bench(job(catcher))
    step = bench.do(JobError(bench.uid(bench.jobs, "J"), "E7", "no stock"))
    assert (step.variables["code"], step.variables["why"]) == ("E7", "no stock")


def test_an_error_without_a_code_at_its_catcher_takes_any() -> None:
    bench = Bench(job('<errorEventDefinition errorRef="E"/>'))
    bench.do(JobError(bench.uid(bench.jobs, "J"), "E7"))
    assert list(bench.open.values()) == ["after"]


def test_the_code_of_an_escalation_is_told_to_the_variable_that_the_model_names() -> None:
    catcher = '<escalationEventDefinition escalationRef="X" e:escalationCodeVariable="code"/>'
    bench = Bench(job(catcher))
    step = bench.do(JobError(bench.uid(bench.jobs, "J"), "slow", escalation=True))
    assert step.variables["code"] == "slow"


def test_an_end_that_terminates_all_ends_the_instance_from_inside_a_subprocess() -> None:
    body = (
        '<startEvent id="s"/><parallelGateway id="f"/><userTask id="B"/><subProcess id="P"><startEvent id="p"/>'
        '<userTask id="A"/><endEvent id="x"><terminateEventDefinition e:terminateAll="true"/></endEvent>'
        + flow("p", "A") + flow("A", "x") + "</subProcess>" + flow("s", "f") + flow("f", "B") + flow("f", "P")
    )  # fmt: skip
    bench = Bench(model(body))
    step = bench.complete("A")
    assert (step.status, bench.open, bench.completed["x"]) == ("completed", {}, 1)


def test_the_name_of_a_work_item_has_the_values_of_its_variables_where_there_are_any() -> None:
    body = '<startEvent id="s"/><userTask id="U" name="Check ${x}" e:nameExpression="&quot;Check &quot; + str(x)"/>'
    with_value = Bench(model(body + flow("s", "U")), {"x": 7})
    without = Bench(model(body + flow("s", "U")))
    names = [bench.step.work_items[0].name for bench in (with_value, without)]
    assert names == ["Check 7", "Check ${x}"]
