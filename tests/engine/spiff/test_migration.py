"""A running instance changes over to another version of its model and goes on as if it had been there all along."""

from datetime import timedelta

import pytest

from bpm.engine.spiff.migration.migrate import Migration
from bpm.engine.spiff.migration.versions import Side, changed_ahead, fits, proposed
from bpm.engine.spiff.step import Complete, FireTimers, JobError, Retry, SetVariables
from tests.data.states.models import path
from tests.engine.spiff.bench import NOON, Bench, flow, model
from tests.engine.spiff.changing import attempt, change_over, side, why_not

MESSAGES = '<message id="M" name="paid"/><message id="N" name="asked"/>'


def tasks(*names: str, extra: str = "", roots: str = "") -> bytes:
    """Start, those user tasks one after the other, end."""
    body = "".join(f'<userTask id="{name}" name="Do {name}"/>' for name in names)
    return model(f'<startEvent id="s"/>{body}<endEvent id="e"/>{path("s", *names, "e")}{extra}', roots=roots)


def boundary(host: str, name: str, event: str, *, to: str, interrupting: bool = True) -> str:
    cancels = "" if interrupting else ' cancelActivity="false"'
    return f'<boundaryEvent id="{name}" attachedToRef="{host}"{cancels}>{event}</boundaryEvent>' + flow(name, to)


def timer(text: str) -> str:
    return f"<timerEventDefinition><timeDuration>{text}</timeDuration></timerEventDefinition>"


def message(ref: str, key: str = "") -> str:
    attribute = f' e:correlationKey="{key}"' if key else ""
    return f'<messageEventDefinition messageRef="{ref}"{attribute}/>'


def side_by_side(*names: str, join: str = "parallelGateway") -> bytes:
    body = "".join(f'<userTask id="{name}"/>{path("f", name, "j")}' for name in names)
    return model(
        f'<startEvent id="s"/><parallelGateway id="f"/>{body}<{join} id="j"/><userTask id="Z"/><endEvent id="e"/>'
        + path("s", "f") + path("j", "Z", "e")
    )  # fmt: skip


# What goes on


def test_a_step_that_was_put_in_ahead_is_passed() -> None:
    bench = Bench(tasks("A", "B"))
    change_over(bench, tasks("A", "X", "B"))
    bench.complete("A")
    assert bench.tasks == ["X"]


def test_an_open_task_keeps_its_uid_and_only_what_differs_is_told() -> None:
    bench = Bench(tasks("A", "B"))
    uid = bench.uid(bench.open, "A")
    assert change_over(bench, tasks("A", "X", "B")).moved == ()
    assert bench.open == {uid: "A"}
    changed = change_over(
        bench, tasks("A", "B").replace(b'"A"', b'"C"').replace(b"s_A", b"s_C").replace(b"A_B", b"C_B")
    )
    assert [(moved.uid, moved.element) for moved in changed.moved] == [(uid, "C")]
    bench.complete("C")
    assert bench.tasks == ["B"]


def test_changing_over_to_the_same_model_changes_nothing() -> None:
    body = tasks("A", "B", extra=boundary("A", "b", timer("PT1H"), to="B"))
    bench = Bench(body)
    state = bench.step.state
    changed = change_over(bench, body)
    assert changed == Migration(bench.step)
    assert (changed.step.opened, changed.step.closed, changed.step.timers) == ((), (), ())
    assert changed.step.state == state


def test_timers_keep_their_instant_even_where_the_new_version_says_another_time() -> None:
    bench = Bench(tasks("A", "B", extra=boundary("A", "b", timer("PT1H"), to="B")))
    bench.do(FireTimers(), after=timedelta(minutes=50))
    change_over(bench, tasks("A", "B", extra=boundary("A", "b", timer("PT9H"), to="B")))
    assert list(bench.timers.values()) == [NOON + timedelta(hours=1)]
    bench.do(FireTimers(), after=timedelta(minutes=10))
    assert bench.tasks == ["B"]


def test_a_boundary_event_that_is_new_is_armed_from_now_on_and_a_gone_one_is_disarmed() -> None:
    bench = Bench(tasks("A", "B", roots=MESSAGES, extra=boundary("A", "m", message("M"), to="B")))
    bench.do(FireTimers(), after=timedelta(minutes=50))
    change_over(bench, tasks("A", "B", extra=boundary("A", "t", timer("PT1H"), to="B")))
    assert bench.subscriptions == {}
    assert list(bench.timers.values()) == [NOON + timedelta(minutes=110)]


def test_a_boundary_event_that_has_come_and_does_not_interrupt_is_not_armed_again() -> None:
    body = tasks("A", "B", extra=boundary("A", "t", timer("PT1H"), to="B", interrupting=False))
    bench = Bench(body)
    bench.do(FireTimers(), after=timedelta(hours=1))
    change_over(bench, tasks("A", "B", "C", extra=boundary("A", "t", timer("PT1H"), to="B", interrupting=False)))
    assert bench.timers == {}


def test_event_subprocesses_are_armed_and_disarmed_likewise() -> None:
    def watching(name: str, event: str) -> str:
        return (
            f'<subProcess id="{name}" triggeredByEvent="true"><startEvent id="{name}s">{event}</startEvent>'
            f'<userTask id="{name}u"/>{flow(f"{name}s", f"{name}u")}</subProcess>'
        )

    bench = Bench(tasks("A", extra=watching("X", timer("PT1H"))))
    change_over(bench, tasks("A", extra=watching("Y", message("M")), roots=MESSAGES))
    assert bench.timers == {}
    bench.deliver("Ys")
    assert bench.tasks == ["Yu"]
    change_over(bench, tasks("A", extra=watching("Y", message("M")) + watching("Z", timer("PT1H")), roots=MESSAGES))
    assert (bench.timers, bench.tasks) == ({}, ["Yu"])


def test_a_subscription_keeps_its_key_unless_the_new_version_says_another() -> None:
    def catch(event: str) -> bytes:
        return model(
            f'<startEvent id="s"/><intermediateCatchEvent id="C">{event}</intermediateCatchEvent><userTask id="A"/>'
            + path("s", "C", "A"),
            roots=MESSAGES,
        )

    bench = Bench(catch(message("M", "order")), {"order": 17, "other": 18})
    bench.do(SetVariables({"order": 99}))
    assert change_over(bench, catch(message("M", "order"))).subscriptions == ()
    (told,) = change_over(bench, catch(message("N", "other"))).subscriptions
    assert (told.uid, told.event, told.key) == (bench.uid(bench.subscriptions, "C"), "asked", "18")
    bench.deliver("C")
    assert bench.tasks == ["A"]


def test_a_condition_is_judged_again_by_the_new_text() -> None:
    def until(text: str) -> str:
        return f"<conditionalEventDefinition><condition>{text}</condition></conditionalEventDefinition>"

    bench = Bench(tasks("A", "B", extra=boundary("A", "c", until("n &gt; 9"), to="B")), {"n": 5})
    change_over(bench, tasks("A", "B", extra=boundary("A", "c", until("n &gt; 4"), to="B")))
    assert bench.tasks == ["B"]


def test_a_condition_that_still_does_not_hold_waits_by_its_new_text() -> None:
    def until(text: str) -> bytes:
        return model(
            '<startEvent id="s"/><intermediateCatchEvent id="C"><conditionalEventDefinition><condition>'
            f'{text}</condition></conditionalEventDefinition></intermediateCatchEvent><userTask id="A"/>'
            + path("s", "C", "A")
        )

    bench = Bench(until("n &gt; 9"), {"n": 1})
    (told,) = change_over(bench, until("n &gt; 4")).subscriptions
    assert (told.kind, told.event) == ("conditional", "n > 4")
    bench.do(SetVariables({"n": 5}))
    assert bench.tasks == ["A"]


def test_a_waiting_script_takes_the_new_text() -> None:
    def script(text: str) -> bytes:
        return model(
            f'<startEvent id="s"/><scriptTask id="P"><script>{text}</script></scriptTask><userTask id="A"/>'
            + path("s", "P", "A")
        )

    bench = Bench(script("m = 1 / 0"))
    (job,) = change_over(bench, script("m = 1")).jobs
    assert (job.uid, job.payload["__script__"]) == (bench.uid(bench.jobs, "P"), "m = 1")
    bench.job_done("P", m=1)
    assert bench.tasks == ["A"]


def test_a_failed_gateway_is_retried_on_the_flows_of_the_new_version() -> None:
    def choice(condition: str) -> bytes:
        return model(
            '<startEvent id="s"/><exclusiveGateway id="g"/><userTask id="A"/><userTask id="B"/>'
            + path("s", "g") + flow("g", "A", condition) + flow("g", "B", "x == 2")
        )  # fmt: skip

    bench = Bench(choice("x == 1"), {"x": 3})
    (failure,) = bench.step.failures
    change_over(bench, choice("x == 3"))
    bench.do(Retry(failure.uid))
    assert bench.tasks == ["A"]


def test_rounds_go_on_with_what_they_began_with() -> None:
    def rounds(then: str) -> bytes:
        return model(
            '<startEvent id="s"/><userTask id="U"><multiInstanceLoopCharacteristics e:collection="people" '
            'e:elementVariable="person" e:outputCollection="said" e:outputElement="answer"/></userTask>'
            f'<userTask id="{then}"/>' + path("s", "U", then)
        )

    bench = Bench(rounds("A"), {"people": ["anna", "ben"]})
    bench.complete("U", answer=1)
    change_over(bench, rounds("B"))
    bench.complete("U", answer=2)
    assert bench.step.variables["said"] == [1, 2]
    assert bench.tasks == ["B"]


def test_what_was_completed_can_still_be_undone() -> None:
    def undoable(name: str, more: str = "") -> bytes:
        return model(
            f'<startEvent id="s"/><userTask id="{name}" name="Book"/><boundaryEvent id="b" attachedToRef="{name}" '
            'e:handler="U"><compensateEventDefinition/></boundaryEvent><userTask id="U" isForCompensation="true"/>'
            f'<userTask id="B"/>{more}<intermediateThrowEvent id="t"><compensateEventDefinition/>'
            '</intermediateThrowEvent><endEvent id="e"/>' + path("s", name, "B", "t", "e")
        )

    bench = Bench(undoable("A"))
    bench.complete("A")
    change_over(bench, undoable("C"))
    bench.complete("B")
    assert bench.tasks == ["U"]
    bench.complete("U")
    assert bench.step.status == "completed"


def test_an_event_that_is_new_behind_an_event_gateway_joins_the_race_and_a_gone_one_leaves_it() -> None:
    def race(*events: tuple[str, str]) -> bytes:
        body = "".join(
            f'<intermediateCatchEvent id="{name}">{event}</intermediateCatchEvent><userTask id="U{name}"/>'
            + path("g", name, f"U{name}")
            for name, event in events
        )
        return model(f'<startEvent id="s"/><eventBasedGateway id="g"/>{flow("s", "g")}{body}', roots=MESSAGES)

    bench = Bench(race(("C", message("M")), ("T", timer("PT1H"))))
    change_over(bench, race(("C", message("M")), ("D", message("N"))))
    assert (bench.timers, sorted(bench.subscriptions.values())) == ({}, ["C", "D"])
    bench.deliver("D")
    assert (bench.tasks, bench.subscriptions) == (["UD"], {})


def test_a_half_full_join_goes_on_when_the_new_version_waits_for_less() -> None:
    bench = Bench(side_by_side("A", "B"))
    bench.complete("A")
    apart = side_by_side("A", "B").replace(flow("B", "j").encode(), flow("B", "e").encode())
    change_over(bench, apart)
    assert bench.tasks == ["B", "Z"]


def test_a_token_at_a_join_stays_on_its_branch_though_steps_were_put_in() -> None:
    bench = Bench(side_by_side("A", "B"))
    bench.complete("A")
    longer = side_by_side("A", "B").replace(path("A", "j").encode(), path("A", "X", "j").encode()).replace(
        b'<userTask id="Z"/>', b'<userTask id="Z"/><userTask id="X"/>'
    )  # fmt: skip
    change_over(bench, longer)
    bench.complete("B")
    assert bench.tasks == ["Z"]


def test_inside_a_called_process_of_the_same_file_the_new_one_is_run() -> None:
    def calling(*inner: str) -> bytes:
        called = "".join(f'<userTask id="{name}"/>' for name in inner)
        return model(
            '<startEvent id="s"/><callActivity id="C" calledElement="q"/><userTask id="Z"/>' + path("s", "C", "Z")
        ).replace(
            b"</definitions>",
            f'<process id="q"><startEvent id="s2"/>{called}{path("s2", *inner)}</process></definitions>'.encode(),
        )

    bench = Bench(calling("Q"))
    change_over(bench, calling("Q", "R"))
    bench.complete("Q")
    assert bench.tasks == ["R"]
    bench.complete("R")
    assert bench.tasks == ["Z"]


# What is refused, by name


def test_a_token_on_a_step_that_is_gone_is_refused() -> None:
    assert why_not(Bench(tasks("A", "B")), tasks("B")) == {"A": "The new version has no counterpart of it."}


def test_a_step_of_another_kind_is_refused() -> None:
    then = tasks("A", "B").replace(b'<userTask id="A"', b'<receiveTask id="A"')
    assert why_not(Bench(tasks("A", "B")), then, {"A": "A"}) == {"A": "It is a user task now and a receive task then."}


def test_a_step_that_now_runs_in_rounds_is_refused() -> None:
    loop = b"><multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    then = tasks("A", "B").replace(b' name="Do A"/>', b' name="Do A"' + loop + b"</userTask>")
    assert why_not(Bench(tasks("A", "B")), then, {"A": "A"}) == {
        "A": "It runs once now and in rounds side by side then."
    }


def test_a_step_that_moved_into_a_subprocess_is_refused() -> None:
    then = model(
        '<startEvent id="s"/><subProcess id="S"><startEvent id="s2"/><userTask id="A"/>' + flow("s2", "A")
        + "</subProcess>" + flow("s", "S")
    )  # fmt: skip
    assert why_not(Bench(tasks("A")), then, {"A": "A"}) == {"A": "It stands in another subprocess then."}


def test_a_step_that_moved_into_a_called_process_is_refused() -> None:
    then = tasks("B").replace(
        b"</definitions>",
        f'<process id="q"><startEvent id="s2"/><userTask id="A"/>{flow("s2", "A")}</process></definitions>'.encode(),
    )
    now = tasks("A", "B").replace(b"</definitions>", b'<process id="q"><task id="T"/></process></definitions>')
    assert why_not(Bench(now), then, {"A": "A"}) == {"A": "It stands in another process then."}


def test_a_branch_that_was_never_begun_is_refused_before_the_join_waits_for_it_for_ever() -> None:
    bench = Bench(side_by_side("A", "B"))
    reasons = why_not(bench, side_by_side("A", "B", "C"))
    assert list(reasons.values()) == ["The join j would wait for a branch that was never begun."]
    assert isinstance(attempt(Bench(side_by_side("A", "B")), side_by_side("A", "B").replace(b"Z", b"Y")), Migration)


def test_branches_that_now_follow_each_other_are_refused_before_one_is_done_twice() -> None:
    then = model(
        '<startEvent id="s"/><userTask id="A"/><userTask id="B"/><userTask id="Z"/>' + path("s", "A", "B", "Z")
    )
    assert why_not(Bench(side_by_side("A", "B")), then) == {
        "A": "B is open beside it and comes after it then: it would be done twice."
    }


def test_what_could_be_undone_and_then_could_not_is_refused() -> None:
    now = model(
        '<startEvent id="s"/><userTask id="A"/><boundaryEvent id="b" attachedToRef="A" e:handler="U">'
        '<compensateEventDefinition/></boundaryEvent><task id="U" isForCompensation="true"/><userTask id="B"/>'
        + path("s", "A", "B")
    )
    bench = Bench(now)
    bench.complete("A")
    assert why_not(bench, tasks("A", "B")) == {
        "A": "It was done and could be undone; the new version could not undo it."
    }


def test_what_cannot_be_armed_is_refused_with_its_reason() -> None:
    late = boundary(
        "A", "t", '<timerEventDefinition><timeDuration e:expression="patience"/></timerEventDefinition>', to="B"
    )
    reasons = why_not(Bench(tasks("A", "B")), tasks("A", "B", extra=late))
    assert "patience" in " ".join(reasons.values())


def test_another_called_process_is_refused_while_the_instance_is_in_the_one_before() -> None:
    def calling(called: str) -> bytes:
        processes = "".join(
            f'<process id="{name}"><startEvent id="s{name}"/><userTask id="T{name}"/>{flow(f"s{name}", f"T{name}")}'
            "</process>"
            for name in "qr"
        )
        body = model(f'<startEvent id="s"/><callActivity id="C" calledElement="{called}"/>' + flow("s", "C"))
        return body.replace(b"</definitions>", f"{processes}</definitions>".encode())

    reasons = why_not(Bench(calling("q")), calling("r"))
    assert reasons == {"C": "It is inside a called process, and another one is called then."}


# What is proposed, and what differs ahead


def renamed(body: bytes, was: str, becomes: str) -> bytes:
    """The model with another id for one element, and for the flows named after it."""
    return (
        body.replace(f'"{was}"'.encode(), f'"{becomes}"'.encode())
        .replace(f"{was}_".encode(), f"{becomes}_".encode())
        .replace(f"_{was}".encode(), f"_{becomes}".encode())
    )


def test_a_step_with_another_id_is_found_by_its_name() -> None:
    now = tasks("A", "B", "C")
    assert proposed(side(now), side(renamed(now, "B", "B2")))["B"] == "B2"


@pytest.mark.parametrize("name", [b"Something else", b""])
def test_a_step_that_was_taken_out_has_no_counterpart_in_one_that_was_put_in_at_its_place(name: bytes) -> None:
    now = tasks("A", "B", "C")
    then = renamed(now, "B", "B2").replace(b'name="Do B"', b'name="' + name + b'"')
    assert "B" not in proposed(side(now), side(then))
    assert "A" not in proposed(side(now), side(tasks("X", "Y", "Z", "B", "C")))


def test_the_first_step_gone_and_a_third_one_new_are_two_changes_and_not_one() -> None:
    assert proposed(side(tasks("A", "B")), side(tasks("B", "C"))) == {"s": "s", "B": "B", "e": "e"}


def test_a_nameless_gateway_or_event_is_found_where_it_stands_if_it_says_the_same() -> None:
    now = tasks("A", "B", extra=boundary("A", "late", timer("PT1H"), to="B"))
    assert proposed(side(now), side(renamed(now, "late", "overdue")))["late"] == "overdue"
    assert "late" not in proposed(side(now), side(renamed(now, "late", "overdue").replace(b"PT1H", b"PT2H")))


def test_the_table_of_a_plan_says_of_each_element_what_stands_for_it_or_why_nothing_can() -> None:
    rows = {fit.element: (fit.then, fit.reason) for fit in fits(side(tasks("A", "B")), side(tasks("A")), {"A": "A"})}
    assert rows["A"] == ("A", None)
    assert rows["B"] == (None, "The new version has no counterpart of it.")


def ahead_of(old: Side, new: Side, elements: str) -> dict[tuple[str, str], tuple[str, ...]]:
    return changed_ahead(old, new, proposed(old, new), at=[("p", element) for element in elements])


def test_a_form_that_differs_lies_ahead_like_everything_else() -> None:
    compiled = side(tasks("A", "B", "C")).compiled
    old, new = (Side(compiled, frozenset("p"), {"B": {"title": title}}) for title in ("now", "then"))
    assert ahead_of(old, new, "AC") == {("p", "A"): ("Do B",), ("p", "C"): ()}


def test_only_those_are_affected_that_can_still_pass_what_differs() -> None:
    old, new = side(tasks("A", "B", "C")), side(tasks("A", "X", "B", "C"))
    ahead = ahead_of(old, new, "ABC")
    assert ahead["p", "A"] == ("Do A",)
    assert ahead["p", "B"] == ()
    assert ahead["p", "C"] == ()


def test_a_loop_back_makes_everything_in_it_lie_ahead() -> None:
    def loop(*names: str) -> bytes:
        body = "".join(f'<userTask id="{name}" name="Do {name}"/>' for name in names)
        return model(
            f'<startEvent id="s"/>{body}<exclusiveGateway id="g" default="g_e"/><endEvent id="e"/>'
            + path("s", *names, "g", "e") + flow("g", names[0], "again")
        )  # fmt: skip

    old, new = side(loop("A", "B")), side(loop("A", "X", "B"))
    assert ahead_of(old, new, "B")["p", "B"] == ("Do A",)


def test_a_change_inside_a_later_subprocess_lies_ahead_and_one_behind_in_the_same_subprocess_does_not() -> None:
    def nested(name: str) -> bytes:
        return model(
            '<startEvent id="s"/><userTask id="A"/><subProcess id="S"><startEvent id="s2"/>'
            f'<userTask id="B" name="{name}"/><userTask id="C"/>{path("s2", "B", "C")}</subProcess>'
            + path("s", "A", "S")
        )

    old, new = side(nested("old")), side(nested("new"))
    ahead = ahead_of(old, new, "ABCS")
    assert (ahead["p", "A"], ahead["p", "B"], ahead["p", "C"], ahead["p", "S"]) == (("old",), ("old",), (), ())


@pytest.mark.parametrize("done", [True, False])
def test_errors_are_caught_by_what_the_new_version_has(done: bool) -> None:
    def job(more: str = "") -> bytes:
        return model(
            '<startEvent id="s"/><serviceTask id="J" e:topic="t"/><userTask id="A"/><userTask id="B"/>'
            + path("s", "J", "A") + more,
            roots='<error id="E" errorCode="bad"/>',
        )  # fmt: skip

    bench = Bench(job())
    caught = boundary("J", "b", '<errorEventDefinition errorRef="E"/>', to="B")
    change_over(bench, job(caught))
    if done:
        bench.job_done("J")
    else:
        bench.do(JobError(bench.uid(bench.jobs, "J"), "bad"))
    assert bench.tasks == (["A"] if done else ["B"])


def test_a_uid_that_was_completed_before_stays_completed() -> None:
    bench = Bench(tasks("A", "B"))
    bench.complete("A")
    change_over(bench, tasks("A", "B", "C"))
    bench.do(Complete(bench.uid(bench.open, "B")))
    assert bench.tasks == ["C"]
