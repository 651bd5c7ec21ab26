"""Everything that can happen to one instance, in every order: nothing is lost, nothing happens twice."""

from datetime import timedelta
from itertools import permutations

import pytest

from bpm.engine.spiff.step import Cancel, Complete, Deliver, FireTimers, JobDone
from bpm.foundation.errors import ConflictError
from tests.engine.spiff.bench import Bench, flow, model

TIMER = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
RIVALS = model(
    '<startEvent id="s"/><parallelGateway id="f"/><subProcess id="S"><startEvent id="s2"/><userTask id="U"/>'
    '<serviceTask id="J"/><endEvent id="e2"/>' + flow("s2", "U") + flow("U", "J") + flow("J", "e2") + "</subProcess>"
    f'<boundaryEvent id="t" attachedToRef="S">{TIMER}</boundaryEvent>'
    '<boundaryEvent id="m" attachedToRef="S" cancelActivity="false"><messageEventDefinition messageRef="M"/>'
    '</boundaryEvent><userTask id="K"/><parallelGateway id="j"/><exclusiveGateway id="x"/><task id="N"/><task id="T"/>'
    '<task id="E"/><endEvent id="e"/><endEvent id="e3"/>'
    + flow("s", "f") + flow("f", "S") + flow("f", "K") + flow("S", "N") + flow("N", "x") + flow("t", "T")
    + flow("T", "x") + flow("x", "j") + flow("K", "j") + flow("j", "e") + flow("m", "E") + flow("E", "e3"),
    roots='<message id="M" name="m"/>',
)  # fmt: skip
DEEDS = ("complete U", "complete J", "complete K", "timer", "message", "message again")


LISTENERS = model(
    '<startEvent id="s"/><parallelGateway id="f"/><subProcess id="S"><startEvent id="s2"/><userTask id="U">'
    "<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>"
    '</userTask><endEvent id="e2"/>' + flow("s2", "U") + flow("U", "e2")
    + '<subProcess id="H" triggeredByEvent="true"><startEvent id="hs" isInterrupting="false"><messageEventDefinition '
    'messageRef="M"/></startEvent><task id="V"/>' + flow("hs", "V") + "</subProcess>"
    '<subProcess id="I" triggeredByEvent="true"><startEvent id="is"><signalEventDefinition signalRef="X"/></startEvent>'
    '<task id="W"/>' + flow("is", "W") + "</subProcess></subProcess>"
    f'<boundaryEvent id="t" attachedToRef="S">{TIMER}</boundaryEvent><task id="N"/><task id="T"/><userTask id="K"/>'
    '<exclusiveGateway id="x"/><parallelGateway id="j"/><endEvent id="e"/>'
    + flow("s", "f") + flow("f", "S") + flow("f", "K") + flow("S", "N") + flow("N", "x") + flow("t", "T")
    + flow("T", "x") + flow("x", "j") + flow("K", "j") + flow("j", "e"),
    roots='<message id="M" name="m"/><signal id="X" name="x"/>',
)  # fmt: skip
EVENTS = ("complete U", "complete U again", "complete K", "timer", "message hs", "message is")


def do(bench: Bench, deed: str) -> bool:
    """Do it, by the uid known now; whether there was anything to do it to."""
    verb, element = f"{deed} again".split()[:2]
    rows = {"complete": {**bench.open, **bench.jobs}, "message": bench.subscriptions}.get(verb, {})
    if verb == "timer":
        due = bool(bench.timers)
        bench.do(FireTimers(), after=timedelta(hours=2))
        return due
    uid = next((uid for uid, name in rows.items() if element in (name, "again")), None)
    if uid is None:
        return False
    if verb == "message":
        bench.do(Deliver(uid))
        return True
    command = Complete(uid) if uid in bench.open else JobDone(uid)
    bench.do(command)
    with pytest.raises(ConflictError):
        bench.do(command)
    return True


def nothing_is_open(bench: Bench) -> bool:
    return not any((bench.open, bench.jobs, bench.timers, bench.subscriptions))


@pytest.mark.parametrize("order", list(permutations(DEEDS)), ids=lambda order: "-".join(d.split()[-1] for d in order))
def test_every_order_of_rivals_ends_consistently(order: tuple[str, ...]) -> None:
    bench = Bench(RIVALS)
    done = {deed: bench.step.status == "active" and do(bench, deed) for deed in order}
    assert not bench.step.failures
    # The subprocess ends normally or by its timer, never both, and every message that it heard had its effect.
    assert bench.completed["N"] + bench.completed["T"] <= 1
    assert bench.completed["T"] == done["timer"]
    assert bench.completed["E"] == done["message"] + done["message again"]
    assert bench.completed["K"] == done["complete K"]
    if bench.completed["N"] + bench.completed["T"] and done["complete K"]:
        assert bench.step.status == "completed"
        assert nothing_is_open(bench)


@pytest.mark.parametrize("after", range(len(DEEDS)))
def test_a_cancelled_instance_keeps_nothing_open_wherever_it_was(after: int) -> None:
    bench = Bench(RIVALS)
    for deed in DEEDS[:after]:
        if bench.step.status == "active":
            do(bench, deed)
    if bench.step.status == "active":
        bench.do(Cancel())
        assert bench.step.status == "cancelled"
    assert nothing_is_open(bench)


@pytest.mark.parametrize("first", EVENTS)
def test_every_order_of_rounds_listeners_and_timer_ends_consistently(first: str) -> None:
    for rest in permutations([deed for deed in EVENTS if deed != first]):
        bench = Bench(LISTENERS)
        done = {deed: bench.step.status == "active" and do(bench, deed) for deed in (first, *rest)}
        assert not bench.step.failures
        rounds = done["complete U"] + done["complete U again"]
        ends = {element: bench.completed[element] for element in ("U", "V", "W", "T", "K")}
        assert ends == {"U": rounds, "V": done["message hs"], "W": done["message is"], "T": done["timer"],
                        "K": done["complete K"]}  # fmt: skip
        # The subprocess ends once: when both rounds are done, by its listener that interrupts, or by its timer.
        assert bench.completed["N"] == (not done["timer"] and (rounds == 2 or done["message is"]))
        assert (bench.step.status == "completed") is bool(done["complete K"])
        assert nothing_is_open(bench)
