"""Passing a visit over and moving a token: what goes, what comes, and what is refused by name."""

from datetime import timedelta

import pytest

from bpm.engine.spiff import execution
from bpm.engine.spiff.step import FireTimers, JobError, Look, Move, Retry, Skip
from bpm.foundation.errors import ConflictError, InvalidInputError
from tests.engine.spiff.bench import Bench, flow, model

ERROR_ROOT = '<error id="E" errorCode="bad"/>'
LINE = model(
    '<startEvent id="s"/><serviceTask id="J"><extensionElements/></serviceTask><userTask id="U"/><userTask id="V"/>'
    + flow("s", "J") + flow("J", "U") + flow("U", "V")
)  # fmt: skip


def uid_of(bench: Bench, element: str) -> str:
    """The uid of the open visit of the element."""
    held = [row["uid"] for row in execution.describe(bench.step.state, bench.compiled)]
    return next(uid for uid, name in bench.visits.items() if name == element and uid in held)


def skip(bench: Bench, element: str, **variables: object) -> None:
    bench.do(Skip(uid_of(bench, element), variables))


def move(bench: Bench, element: str, to: str, **variables: object) -> None:
    bench.do(Move(uid_of(bench, element), to, variables))


def outcome(bench: Bench, element: str) -> str:
    uids = {uid for uid, name in bench.visits.items() if name == element}
    return next(closed.outcome for closed in bench.step.closed if closed.uid in uids)


def test_a_waiting_job_is_passed_over_with_the_operators_own_variables() -> None:
    bench = Bench(LINE)
    skip(bench, "J", found=7)
    assert outcome(bench, "J") == "completed"
    assert bench.tasks == ["U"]
    assert bench.jobs == {}
    assert bench.step.variables == {"found": 7}


def test_a_failed_job_is_passed_over_and_maps_no_outputs() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><serviceTask id="J"><extensionElements><e:output name="y" expression="nothing_here"/>'
            '</extensionElements></serviceTask><userTask id="U"/>' + flow("s", "J") + flow("J", "U")
        )
    )
    bench.do(JobError(uid_of(bench, "J"), "bad"))
    assert bench.step.status == "failed"
    skip(bench, "J")
    assert (bench.step.status, bench.tasks) == ("active", ["U"])


def test_a_waiting_event_is_passed_over_and_its_rivals_go() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><eventBasedGateway id="g"/><intermediateCatchEvent id="M"><messageEventDefinition '
            'messageRef="m"/></intermediateCatchEvent><intermediateCatchEvent id="T"><timerEventDefinition>'
            '<timeDuration>PT1H</timeDuration></timerEventDefinition></intermediateCatchEvent><userTask id="U"/>'
            '<userTask id="V"/>' + flow("s", "g") + flow("g", "M") + flow("g", "T") + flow("M", "U") + flow("T", "V"),
            roots='<message id="m" name="m"/>',
        )
    )
    skip(bench, "M")
    assert (bench.tasks, bench.timers, bench.subscriptions) == (["U"], {}, {})


def test_a_subprocess_is_passed_over_with_all_that_stands_in_it() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><subProcess id="S"><startEvent id="s2"/><userTask id="U"/>' + flow("s2", "U")
            + '</subProcess><boundaryEvent id="B" attachedToRef="S"><timerEventDefinition><timeDuration>PT1H'
            '</timeDuration></timerEventDefinition></boundaryEvent><userTask id="V"/>' + flow("s", "S") + flow("S", "V")
        )
    )  # fmt: skip
    skip(bench, "S")
    assert outcome(bench, "U") == "cancelled"
    assert outcome(bench, "S") == "completed"
    assert (bench.tasks, bench.timers) == (["V"], {})


def test_one_round_of_many_is_passed_over_and_the_others_go_on() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="U"><multiInstanceLoopCharacteristics><loopCardinality>3'
            '</loopCardinality></multiInstanceLoopCharacteristics></userTask><userTask id="V"/>'
            + flow("s", "U")
            + flow("U", "V")
        )
    )
    skip(bench, "U")
    assert bench.tasks == ["U", "U"]
    skip(bench, "U")
    skip(bench, "U")
    assert bench.tasks == ["V"]


def test_a_gateway_without_a_way_fails_again_until_the_variables_given_open_one() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="U"/><userTask id="V"/>'
            + flow("s", "g") + flow("g", "U", "x &gt; 1") + flow("g", "V", "x &lt; 1")
        ),
        {"x": 1},
    )  # fmt: skip
    assert bench.step.failures[0].cause == "no_flow"
    skip(bench, "g")
    assert bench.step.failures[0].cause == "no_flow"
    skip(bench, "g", x=2)
    assert bench.tasks == ["U"]


def test_a_visit_passed_over_whose_way_out_fails_goes_on_from_there_when_retried() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><userTask id="U"/><userTask id="V"/>'
            + flow("s", "A") + flow("A", "U", "x &gt; 1") + flow("A", "V", "x &lt; 1")
        ),
        {"x": 1},
    )  # fmt: skip
    skip(bench, "A")
    assert bench.step.failures[0].element == "A"
    skip(bench, "A", x=0)
    assert bench.tasks == ["V"]


def test_a_join_that_waits_for_nobody_goes_on_with_the_tokens_it_has() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g" default="g_A"/><userTask id="A"/><userTask id="B"/>'
            '<parallelGateway id="j"/><userTask id="V"/>' + flow("s", "g") + flow("g", "A") + flow("g", "B", "False")
            + flow("A", "j") + flow("B", "j") + flow("j", "V")
        )
    )  # fmt: skip
    bench.complete("A")
    assert bench.step.status == "failed"
    skip(bench, "j")
    assert (bench.step.status, bench.tasks) == ("active", ["V"])


def test_a_token_is_moved_forwards_and_back() -> None:
    bench = Bench(LINE)
    move(bench, "J", "V", why="the line is down")
    assert (bench.tasks, bench.jobs) == (["V"], {})
    assert outcome(bench, "J") == "cancelled"
    assert bench.step.variables == {"why": "the line is down"}
    move(bench, "V", "J")
    assert (bench.tasks, list(bench.jobs.values())) == ([], ["J"])


def test_a_token_leaves_a_subprocess_and_what_it_leaves_empty_ends() -> None:
    inner = '<startEvent id="s2"/><parallelGateway id="p"/><userTask id="A"/><userTask id="B"/>'
    bench = Bench(
        model(
            f'<startEvent id="s"/><subProcess id="S">{inner}' + flow("s2", "p") + flow("p", "A") + flow("p", "B")
            + '</subProcess><userTask id="V"/><userTask id="W"/>' + flow("s", "S") + flow("S", "V") + flow("V", "W")
        )
    )  # fmt: skip
    move(bench, "A", "W")
    assert bench.tasks == ["B", "W"]
    move(bench, "B", "W")
    assert bench.tasks == ["W", "W"]
    assert outcome(bench, "S") == "cancelled"


def test_a_token_leaves_a_called_process() -> None:
    source = model(
        '<startEvent id="s"/><callActivity id="C" calledElement="q"/><userTask id="V"/>'
        + flow("s", "C") + flow("C", "V")
    ).replace(
        b"</definitions>",
        b'<process id="q"><startEvent id="s"/><userTask id="T"/><userTask id="X"/>'
        + flow("s", "T").encode() + flow("T", "X").encode() + b"</process></definitions>",
    )  # fmt: skip
    bench = Bench(source)
    move(bench, "T", "X")
    assert bench.tasks == ["X"]
    move(bench, "X", "V")
    assert bench.tasks == ["V"]


def test_a_token_moved_to_a_join_counts_as_one_that_arrived() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><parallelGateway id="p"/><userTask id="A"/><userTask id="B"/>'
            '<parallelGateway id="j"/><userTask id="V"/>' + flow("s", "p") + flow("p", "A") + flow("p", "B")
            + flow("A", "j") + flow("B", "j") + flow("j", "V")
        )
    )  # fmt: skip
    move(bench, "A", "j")
    assert bench.tasks == ["B"]
    bench.complete("B")
    assert bench.tasks == ["V"]


def test_a_token_moved_to_an_activity_arms_what_watches_over_it() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><userTask id="U"/><boundaryEvent id="B" attachedToRef="U">'
            '<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent>'
            '<userTask id="V"/>' + flow("s", "A") + flow("A", "U") + flow("B", "V")
        )
    )  # fmt: skip
    move(bench, "A", "U")
    bench.do(FireTimers(), after=timedelta(hours=2))
    assert bench.tasks == ["V"]


@pytest.mark.parametrize(
    ("to", "said"),
    [
        ("T", "not drawn|open around"),
        ("B", "attached to"),
        ("nowhere", "no element"),
        ("X", "its own event"),
        ("H", "undoes"),
    ],
)
def test_a_target_that_cannot_be_begun_is_refused_by_name(to: str, said: str) -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="B" attachedToRef="A"><timerEventDefinition>'
            '<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="V"/>'
            '<boundaryEvent id="C" attachedToRef="V" e:handler="H"><compensateEventDefinition/></boundaryEvent>'
            '<userTask id="H" isForCompensation="true"/><subProcess id="S"><startEvent id="s2"/><userTask id="T"/>'
            + flow("s2", "T")
            + '</subProcess><subProcess id="X" triggeredByEvent="true"><startEvent id="s3"><timerEventDefinition>'
            '<timeDuration>PT2H</timeDuration></timerEventDefinition></startEvent><userTask id="Y"/>'
            + flow("s3", "Y") + "</subProcess>" + flow("s", "A") + flow("A", "S") + flow("S", "V") + flow("B", "V")
            + '<association id="a" sourceRef="C" targetRef="H"/>'
        )
    )  # fmt: skip
    with pytest.raises(InvalidInputError, match=said):
        move(bench, "A", to)
    assert bench.tasks == ["A"]


def test_one_of_several_rounds_does_not_leave_the_others_alone() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="U"><multiInstanceLoopCharacteristics><loopCardinality>2'
            '</loopCardinality></multiInstanceLoopCharacteristics></userTask><userTask id="V"/>'
            + flow("s", "U")
            + flow("U", "V")
        )
    )
    with pytest.raises(InvalidInputError, match="open around"):
        move(bench, "U", "V")
    bench.complete("U")
    move(bench, "U", "V")
    assert bench.tasks == ["V"]


def test_what_only_watches_and_the_process_itself_are_no_visits_to_act_on() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="B" attachedToRef="A"><timerEventDefinition>'
            '<timeDuration>PT1H</timeDuration></timerEventDefinition></boundaryEvent><userTask id="V"/>'
            + flow("s", "A") + flow("A", "V") + flow("B", "V")
        )
    )  # fmt: skip
    with pytest.raises(ConflictError, match="watches over"):
        bench.do(Skip(next(iter(bench.timers))))
    root = next(iter(execution.describe(bench.step.state, bench.compiled)))["uid"]
    with pytest.raises(ConflictError, match="process itself"):
        bench.do(Move(root, "V"))


def test_a_spent_budget_is_passed_by_moving_out_of_the_loop() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><exclusiveGateway id="g"/><task id="T"/><userTask id="U"/>'
            + flow("s", "g") + flow("g", "T") + flow("T", "g") + flow("U", "g")
        )
    )  # fmt: skip
    assert bench.step.failures[0].cause == "budget"
    move(bench, bench.step.failures[0].element, "U")
    assert (bench.step.status, bench.tasks) == ("active", ["U"])


def test_a_spent_budget_that_is_taken_away_by_an_event_holds_nobody_any_more() -> None:
    bench = Bench(
        model(
            '<startEvent id="s"/><subProcess id="S"><startEvent id="s2"/><exclusiveGateway id="g"/><task id="T"/>'
            + flow("s2", "g") + flow("g", "T") + flow("T", "g")
            + '</subProcess><boundaryEvent id="B" attachedToRef="S"><messageEventDefinition messageRef="m"/>'
            '</boundaryEvent><userTask id="V"/>' + flow("s", "S") + flow("B", "V"),
            roots='<message id="m" name="m"/>',
        )
    )  # fmt: skip
    assert bench.step.failures[0].cause == "budget"
    bench.deliver("B")
    assert (bench.step.status, bench.tasks) == ("active", ["V"])


def test_to_look_changes_nothing_and_says_how_the_instance_stands() -> None:
    bench = Bench(LINE)
    assert bench.do(Look()).status == "active"
    bench.do(JobError(uid_of(bench, "J"), "bad"))
    step = bench.do(Look())
    assert (step.status, step.opened, step.closed, step.failures) == ("failed", (), (), ())
    bench.do(Retry(uid_of(bench, "J")))
    assert bench.do(Look()).status == "active"
