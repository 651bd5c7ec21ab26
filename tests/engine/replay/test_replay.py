"""Finished cases run once more through another version: the same one gives the same, each planted change is named."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.definitions.prepare import prepare
from bpm.foundation.clock import FixedClock
from tests.engine import acting
from tests.engine.models import flow, go_live, model

pytestmark = pytest.mark.both_databases

CLAIM = model(
    "claim",
    '<startEvent id="start"/><userTask id="check"/>'
    '<boundaryEvent id="late" attachedToRef="check"><timerEventDefinition><timeDuration>PT4H</timeDuration>'
    '</timerEventDefinition></boundaryEvent><userTask id="remind"/>'
    '<exclusiveGateway id="g" default="no"/><scriptTask id="sum" scriptFormat="python"><script>total = amount * 2'
    '</script></scriptTask><intermediateCatchEvent id="rest"><timerEventDefinition><timeDuration>PT1H</timeDuration>'
    '</timerEventDefinition></intermediateCatchEvent><endEvent id="paid"/><endEvent id="refused"/>'
    + flow("start", "check") + flow("check", "g") + flow("late", "remind") + flow("remind", "g")
    + flow("g", "sum", "amount &gt; 10") + '<sequenceFlow id="no" sourceRef="g" targetRef="refused"/>'
    + flow("sum", "rest") + flow("rest", "paid"),
)  # fmt: skip


def run_case(app: App, clock: FixedClock, amount: int, *, late: bool = False) -> None:
    with app.unit_of_work() as work:
        engine.start(work, "claim", {"who": "Ada"})
    if late:
        clock.advance(timedelta(hours=5))
        engine.sweep_timers(app.unit_of_work)
    else:
        clock.advance(timedelta(minutes=90))
    acting.complete(app, "remind" if late else "check", {"amount": amount})
    for _ in range(3):
        engine.sweep_jobs(app.unit_of_work, {})
    clock.advance(timedelta(hours=2))
    engine.sweep_timers(app.unit_of_work)


@pytest.fixture
def cases(app: App, clock: FixedClock) -> None:
    """Three finished cases: paid, refused, and paid after it was late."""
    go_live(app, CLAIM)
    run_case(app, clock, 20)
    run_case(app, clock, 5)
    run_case(app, clock, 30, late=True)


def replayed(app: App, source: bytes) -> Mapping[str, Any]:
    with app.unit_of_work() as work:
        version_id = engine.deploy(work, prepare(source, "claim.bpmn"), key="claim").id
    return engine.replay(app.unit_of_work, version_id)


def counts(result: Mapping[str, Any]) -> dict[str, int]:
    return {kind: number for kind, number in result["counts"].items() if number}


def why(result: Mapping[str, Any]) -> list[str]:
    return sorted({sentence for case in result["cases"] for sentence in case["why"]})


def test_through_the_same_version_every_case_ends_the_same(app: App, cases: None) -> None:
    result = replayed(app, CLAIM)
    assert result["of"] == 3
    assert counts(result) == {"same": 3}, why(result)


def test_the_same_record_and_draft_give_the_same_result(app: App, cases: None) -> None:
    longer = CLAIM.replace(b"PT1H", b"PT9H")
    assert replayed(app, longer) == replayed(app, longer)


def test_another_timer_is_counted_by_those_who_wait_longer(app: App, cases: None) -> None:
    result = replayed(app, CLAIM.replace(b"PT1H", b"PT9H"))
    assert counts(result) == {"same": 1, "longer": 2}


def test_a_shorter_deadline_reminds_whoever_was_in_time(app: App, cases: None) -> None:
    result = replayed(app, CLAIM.replace(b"PT4H", b"PT1H"))
    assert counts(result) == {"same": 1, "lacks": 2}
    assert "No answer is on record for remind." in why(result)


def test_another_condition_is_counted_by_those_who_end_elsewhere(app: App, cases: None) -> None:
    result = replayed(app, CLAIM.replace(b"amount &gt; 10", b"amount &gt; 25"))
    assert counts(result)["elsewhere"] == 1
    assert counts(result)["same"] == 2
    assert "Ends at refused, not at paid." in why(result)


def test_a_new_task_is_reached_and_nothing_is_invented_for_it(app: App, cases: None) -> None:
    newer = CLAIM.replace(b'<endEvent id="refused"/>', b'<endEvent id="refused"/><userTask id="explain"/>').replace(
        b'targetRef="refused"/>',
        b'targetRef="explain"/><sequenceFlow id="more" sourceRef="explain" targetRef="refused"/>',
    )
    result = replayed(app, newer)
    assert counts(result) == {"same": 2, "new": 1, "lacks": 1}
    assert why(result) == ["No answer is on record for explain.", "Reaches explain, which is new."]


def test_a_value_that_nobody_gave_is_named_with_the_element_that_asks(app: App, cases: None) -> None:
    result = replayed(app, CLAIM.replace(b"total = amount * 2", b"total = amount * rate"))
    assert counts(result) == {"same": 1, "lacks": 2}
    assert any(sentence.startswith("Stops at sum:") and "rate" in sentence for sentence in why(result))


def test_an_element_that_is_gone_is_counted_by_those_who_passed_it(app: App, cases: None) -> None:
    gone = CLAIM.replace(flow("sum", "rest").encode(), b"").replace(flow("rest", "paid").encode(), b"")
    start = gone.index(b'<intermediateCatchEvent id="rest">')
    end = gone.index(b"</intermediateCatchEvent>") + len(b"</intermediateCatchEvent>")
    shorter = (gone[:start] + gone[end:]).replace(b"</process>", flow("sum", "paid").encode() + b"</process>")
    result = replayed(app, shorter)
    assert counts(result) == {"same": 1, "removed": 2, "shorter": 2}


def test_what_was_erased_or_moved_by_an_operator_is_said_not_guessed(app: App, clock: FixedClock, cases: None) -> None:
    with app.unit_of_work() as work:
        engine.start(work, "claim", {})
    with app.unit_of_work() as work:
        [item] = acting.items(app)
        engine.move(
            work, item.instance_id, engine.visit_at(work, item.instance_id, "check"), "refused", reason="By hand."
        )
    result = replayed(app, CLAIM.replace(b"PT1H", b"PT2H"))
    assert counts(result)["cannot"] == 1
    assert "An operator intervened, which cannot be done again." in why(result)


def test_the_worker_keeps_the_result_with_the_draft_and_makes_it_once(app: App, cases: None) -> None:
    with app.unit_of_work() as work:
        version_id = engine.deploy(work, prepare(CLAIM.replace(b"PT1H", b"PT9H"), "claim.bpmn"), key="claim").id
    assert engine.sweep_replays(app.unit_of_work) == 1
    assert engine.sweep_replays(app.unit_of_work) == 0
    with app.unit_of_work.reading() as work:
        kept = queries.get_replay(work, version_id)
    assert kept is not None
    assert kept["counts"]["longer"] == 2
