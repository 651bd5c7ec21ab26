"""What a Step says: visits, jobs, subscriptions, failures and variables, as the store relies on them."""

from datetime import timedelta

import pytest

from bpm.engine.spiff.step import Cancel, Complete, FireTimers, JobError, Retry, SetVariables
from bpm.foundation.errors import ConflictError, InvalidInputError
from tests.engine.spiff.bench import NOON, Bench, flow, model

ERROR_ROOT = '<error id="E" errorCode="bad"/><escalation id="X" escalationCode="slow"/>'


def job(body: str = "", attributes: str = "") -> bytes:
    return model(
        f'<startEvent id="s"/><serviceTask id="J" name="Look up" {attributes}>{body}</serviceTask>'
        '<boundaryEvent id="b" attachedToRef="J"><errorEventDefinition errorRef="E"/></boundaryEvent>'
        '<boundaryEvent id="x" attachedToRef="J" cancelActivity="false"><escalationEventDefinition escalationRef="X"/>'
        '</boundaryEvent><userTask id="after"/><userTask id="bad"/><userTask id="slow"/>'
        + flow("s", "J") + flow("J", "after") + flow("b", "bad") + flow("x", "slow"),
        roots=ERROR_ROOT,
    )  # fmt: skip


def test_a_visit_is_opened_before_it_is_closed_and_names_where_it_stands() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><subProcess id="S"><startEvent id="s2"/><userTask id="U" name="Ask"/>'
            + flow("s2", "U") + '</subProcess>' + flow("s", "S")
        )
    )  # fmt: skip
    by_element = {visit.element: visit for visit in bench.step.opened}
    assert [visit.element for visit in bench.step.opened] == ["s", "S", "s2", "U"]
    assert by_element["U"].parent == by_element["S"].uid
    assert by_element["S"].parent is None
    assert (by_element["U"].name, by_element["U"].type, by_element["U"].process) == ("Ask", "userTask", "p")


def test_the_visits_in_a_called_process_name_it_and_stand_in_the_call() -> None:
    bench = Bench(
        model('<startEvent id="s"/><callActivity id="C" calledElement="q"/>' + flow("s", "C")).replace(
            b"</definitions>",
            b'<process id="q"><startEvent id="s"/><userTask id="T"/>'
            + flow("s", "T").encode()
            + b"</process></definitions>",
        )
    )
    call = next(visit for visit in bench.step.opened if visit.element == "C")
    inner = next(visit for visit in bench.step.opened if visit.element == "T")
    assert (inner.process, inner.parent) == ("q", call.uid)


def test_renamed_elements_are_reported_as_drawn_and_synthetic_ones_not_at_all() -> None:
    bench = Bench(
        model('<startEvent id="_e_1" e:synthetic="true"/><userTask id="n1" e:id="End"/>' + flow("_e_1", "n1"))
    )
    assert [visit.element for visit in bench.step.opened] == ["End"]
    assert bench.tasks == ["End"]


def test_a_job_carries_topic_retries_and_what_its_inputs_say() -> None:
    bench = Bench(
        job('<e:input name="who" expression="customer.upper()"/>', 'e:topic="crm.find" e:retries="5"'),
        {"customer": "anna"},
    )
    (made,) = bench.step.jobs
    assert (made.kind, made.topic, made.retries, made.name) == ("service", "crm.find", 5, "Look up")
    assert made.payload["who"] == "ANNA"


def test_inputs_stay_inside_the_activity_and_outputs_come_out() -> None:
    bench = Bench(
        job('<e:input name="n" expression="2"/><e:output name="twice" expression="n * answer"/>'), {"customer": "anna"}
    )
    bench.job_done("J", answer=21)
    assert bench.step.variables == {"customer": "anna", "answer": 21, "twice": 42}


def test_a_result_variable_takes_the_whole_result() -> None:
    bench = Bench(job(attributes='e:resultVariable="found"'))
    bench.job_done("J", id=7, name="Anna")
    assert bench.step.variables == {"found": {"id": 7, "name": "Anna"}}


def test_an_error_of_a_job_takes_the_boundary_event_with_its_message() -> None:
    bench = Bench(job())
    bench.do(JobError(bench.uid(bench.jobs, "J"), "bad", "no such customer"))
    assert bench.tasks == ["bad"]
    assert bench.step.variables == {"errorCode": "bad", "errorMessage": "no such customer"}


def test_an_error_that_nothing_catches_fails_the_job_and_can_be_retried() -> None:
    bench = Bench(job())
    bench.do(JobError(bench.uid(bench.jobs, "J"), "other"))
    (failure,) = bench.step.failures
    assert (failure.cause, failure.element, bench.step.status) == ("uncaught_error", "J", "failed")
    bench.do(Retry(failure.uid))
    assert [made.uid for made in bench.step.jobs] == [failure.uid]
    bench.job_done("J")
    assert bench.tasks == ["after"]


def test_an_escalation_of_a_job_that_does_not_interrupt_ends_the_job_too() -> None:
    bench = Bench(job())
    bench.do(JobError(bench.uid(bench.jobs, "J"), "slow", escalation=True))
    assert bench.tasks == ["after", "slow"]


def test_a_failed_output_mapping_keeps_the_work_and_is_retried_after_a_correction() -> None:
    bench = Bench(job('<e:output name="y" expression="answer / divisor"/>'), {"divisor": 0})
    bench.job_done("J", answer=8)
    (failure,) = bench.step.failures
    assert failure.cause == "expression"
    bench.do(SetVariables({"divisor": 2}))
    bench.do(Retry(failure.uid))
    assert bench.step.variables["y"] == 4
    assert bench.tasks == ["after"]


def test_a_gateway_without_a_way_out_goes_on_after_the_variable_was_corrected() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="A"/><userTask id="B"/>'
            + flow("s", "g") + flow("g", "A", "x == 1") + flow("g", "B", "x == 2")
        ),
        {"x": 3},
    )  # fmt: skip
    (failure,) = bench.step.failures
    assert (failure.cause, failure.element) == ("no_flow", "g")
    bench.do(SetVariables({"x": 2}))
    bench.do(Retry(failure.uid))
    assert bench.tasks == ["B"]
    assert bench.step.status == "active"


def test_one_branch_fails_and_the_other_goes_on() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><parallelGateway id="f"/><userTask id="A"/><exclusiveGateway id="g"/><task id="T"/>'
            '<endEvent id="e"/>'
            + flow("s", "f") + flow("f", "g") + flow("f", "A") + flow("g", "T", "nothing") + flow("g", "s", "no")
            + flow("A", "e")
        )
    )  # fmt: skip
    assert bench.step.status == "active"
    bench.complete("A")
    assert (bench.completed["A"], bench.step.status) == (1, "failed")


def test_branches_see_each_others_writes_at_once_and_the_join_loses_none() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><parallelGateway id="f"/><userTask id="A"/><userTask id="B"/><parallelGateway id="j"/>'
            '<userTask id="C"/>'
            + flow("s", "f") + flow("f", "A") + flow("f", "B") + flow("A", "j") + flow("B", "j") + flow("j", "C")
        ),
        {"n": 0},
    )  # fmt: skip
    bench.complete("A", n=1, a=1)
    assert bench.step.variables == {"n": 1, "a": 1}
    bench.complete("B", b=1)
    assert bench.step.work_items[0].variables == {"n": 1, "a": 1, "b": 1}


def test_rounds_gather_their_output_in_the_order_of_the_collection() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="U"><multiInstanceLoopCharacteristics e:collection="people" '
            'e:elementVariable="person" e:outputCollection="said" e:outputElement="person + &quot; ok&quot;"/>'
            '</userTask><userTask id="after"/>' + flow("s", "U") + flow("U", "after")
        ),
        {"people": ["anna", "ben", "cleo"]},
    )
    assert [item.variables["person"] for item in bench.step.work_items] == ["anna", "ben", "cleo"]
    for uid in reversed(list(bench.open)):
        bench.do(Complete(uid))
    assert bench.step.variables["said"] == ["anna ok", "ben ok", "cleo ok"]
    assert "person" not in bench.step.variables
    assert "nrOfInstances" not in bench.step.variables


def test_a_subscription_has_the_value_of_its_correlation_key() -> None:
    def catch(key: str) -> bytes:
        return model(
            '<startEvent id="s"/><intermediateCatchEvent id="c">'
            f'<messageEventDefinition messageRef="M" e:correlationKey="{key}"/></intermediateCatchEvent>'
            + flow("s", "c"),
            roots='<message id="M" name="paid"/>',
        )

    bench = Bench(catch("order.id"), {"order": {"id": 17}})
    (row,) = bench.step.subscriptions
    assert (row.kind, row.event, row.key, row.element) == ("message", "paid", "17", "c")
    assert Bench(catch("order.id"), {}).step.failures[0].cause == "expression"
    assert "no value" in Bench(catch("missing"), {"missing": None}).step.failures[0].message


def test_a_message_is_thrown_outward_with_key_and_mapped_payload_only() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><intermediateThrowEvent id="t"><e:input name="sum" expression="a + b"/>'
            '<messageEventDefinition messageRef="M" e:correlationKey="a"/></intermediateThrowEvent>' + flow("s", "t"),
            roots='<message id="M" name="paid"/>',
        ),
        {"a": 1, "b": 2},
    )
    (thrown,) = bench.step.thrown
    assert (thrown.kind, thrown.event, thrown.key, thrown.payload) == ("message", "paid", "1", {"sum": 3})


def test_cancel_closes_everything_that_was_open() -> None:
    bench = Bench(job())
    step = bench.do(Cancel())
    assert step.status == "cancelled"
    assert (bench.jobs, bench.open) == ({}, {})
    assert {closed.outcome for closed in step.closed} == {"cancelled"}
    with pytest.raises(ConflictError):
        bench.do(JobError(step.closed[-1].uid, "bad"))


def test_timers_fire_in_the_order_of_their_due_instants_whatever_their_place_in_the_model() -> None:
    def late(name: str, minutes: int) -> str:
        return (
            f'<intermediateCatchEvent id="{name}"><timerEventDefinition><timeDuration>PT{minutes}M</timeDuration>'
            f'</timerEventDefinition></intermediateCatchEvent><task id="after_{name}"/>'
        )

    bench = Bench(
        model(
            '<startEvent id="s"/><parallelGateway id="f"/>' + late("z", 30) + late("y", 10) + late("x", 20)
            + flow("s", "f") + "".join(flow("f", n) + flow(n, f"after_{n}") for n in "zyx")
        )
    )  # fmt: skip
    assert sorted(bench.timers.values()) == [NOON + timedelta(minutes=m) for m in (10, 20, 30)]
    step = bench.do(FireTimers(), after=timedelta(hours=1))
    assert [v.element for v in step.opened if v.element.startswith("after")] == ["after_y", "after_x", "after_z"]


def test_a_cycle_re_arms_under_the_same_uid_and_ends_when_it_is_used_up() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="b" attachedToRef="A" cancelActivity="false">'
            "<timerEventDefinition><timeCycle>R2/PT10M</timeCycle></timerEventDefinition></boundaryEvent>"
            '<task id="T"/>' + flow("s", "A") + flow("b", "T")
        )
    )
    (uid,) = bench.timers
    bench.do(FireTimers(), after=timedelta(minutes=10))
    assert bench.timers == {uid: NOON + timedelta(minutes=20)}
    bench.do(FireTimers(), after=timedelta(minutes=10))
    assert bench.timers == {}
    assert bench.completed["T"] == 2
    assert bench.tasks == ["A"]


def test_a_condition_over_a_variable_that_comes_later_waits_for_it() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><intermediateCatchEvent id="c"><conditionalEventDefinition><condition>size &gt; 3'
            '</condition></conditionalEventDefinition></intermediateCatchEvent><userTask id="U"/>'
            + flow("s", "c") + flow("c", "U")
        )
    )  # fmt: skip
    assert (bench.step.status, bench.tasks) == ("active", [])
    bench.do(SetVariables({"size": 3}))
    assert bench.tasks == []
    bench.do(SetVariables({"size": 4}))
    assert bench.tasks == ["U"]


def test_a_called_process_that_is_not_there_fails_where_it_is_called() -> None:
    bench = Bench(model('<startEvent id="s"/><callActivity id="C" calledElement="gone"/>' + flow("s", "C")))
    (failure,) = bench.step.failures
    assert (failure.element, failure.cause) == ("C", "engine")
    assert "'gone' is not deployed" in failure.message


def test_variables_that_cannot_be_stored_are_refused_before_anything_happens() -> None:
    bench = Bench(job())
    with pytest.raises(InvalidInputError):
        bench.job_done("J", answer=object())
    with pytest.raises(InvalidInputError):
        Bench(job(), {"far": 10**40})
    bench.job_done("J", answer=1)
    assert bench.tasks == ["after"]


def test_an_instance_that_can_never_go_on_says_where_it_hangs() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g" default="g_A"/><task id="A"/><task id="B"/>'
            '<parallelGateway id="j"/><endEvent id="e"/>'
            + flow("s", "g") + flow("g", "A") + flow("g", "B", "False")
            + flow("A", "j") + flow("B", "j") + flow("j", "e")
        )
    )  # fmt: skip
    (failure,) = bench.step.failures
    assert (failure.element, bench.step.status) == ("j", "failed")
    assert "cannot come any more" in failure.message


def test_retrying_what_is_stuck_says_so_again_and_runs_nothing() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g" default="g_j"/><parallelGateway id="j"/><task id="T"/>'
            + flow("s", "g") + flow("g", "j") + flow("g", "T", "False") + flow("T", "j")
        )
    )  # fmt: skip
    (failure,) = bench.step.failures
    bench.do(Retry(failure.uid))
    assert [again.element for again in bench.step.failures] == ["j"]
    assert bench.completed["j"] == 0


def test_a_process_whose_own_event_subprocess_cannot_be_armed_starts_when_that_is_corrected() -> None:
    timer = '<timerEventDefinition><timeDuration e:expression="patience"/></timerEventDefinition>'
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="U"/>' + flow("s", "U")
            + f'<subProcess id="X" triggeredByEvent="true"><startEvent id="x">{timer}</startEvent></subProcess>'
        )
    )  # fmt: skip
    (failure,) = bench.step.failures
    assert (failure.element, failure.cause, bench.tasks) == ("p", "expression", [])
    bench.do(SetVariables({"patience": "PT1H"}))
    bench.do(Retry(failure.uid))
    assert bench.tasks == ["U"]
    assert len(bench.timers) == 1
