"""A burst of complaints costs each of them its own rows; what can be asked once for all of them is asked once."""

from collections.abc import Callable
from datetime import timedelta

from bpm import feedback
from bpm.app import App
from bpm.feedback import ClassificationResult, RawItem, clocks
from bpm.foundation.clock import FixedClock
from bpm.processes import causes
from tests.processes.conftest import GoLive
from tests.processes.models import CARE

CLAIM = ClassificationResult("m1", {"complaint": 0.9}, "complaint", -0.5, 1, None, 0.9, abstained=False)
FEW, MANY = 5, 25
BURSTS = (("1", 2), ("2", FEW), ("3", MANY))
"""The first lets a process ask what it asks once."""
CASE, NUMBERS = 10, 3
"""Statements for each case that an item opens (its rows, its version, its first step, a savepoint), and for each item
whose cause is looked for (cases by that key, and by the word)."""


def receive(app: App, clock: FixedClock, number: int, burst: str) -> list[int]:
    """So many reviews, each by somebody else, of which each names an order."""
    with app.unit_of_work() as work:
        return [
            feedback.receive(
                work,
                RawItem(
                    "review", "shop", f"Where is order {burst}{place:03}?", natural_key=f"{burst}{place}",
                    said_at=clock.now(), author_name=f"Ines {burst}{place}", author_id=f"{burst}{place}",
                ),
            ).item_id
            for place in range(number)
        ]  # fmt: skip


def test_a_case_that_an_item_opens_costs_its_own_rows_and_two_looks(
    app: App, go_live: GoLive, trigger: Callable[..., int], clock: FixedClock, statements: Callable[[], list[str]]
) -> None:
    go_live(CARE, "care")
    trigger()
    counted = []
    for burst, number in BURSTS:
        items = receive(app, clock, number, burst)
        seen = statements()
        with app.unit_of_work() as work:
            feedback.record_classifications(work, dict.fromkeys(items, CLAIM))
        counted.append(len(seen))
    assert (counted[2] - counted[1]) / (MANY - FEW) <= CASE


def test_whether_public_words_are_an_escape_is_asked_for_all_at_once(
    app: App, clock: FixedClock, statements: Callable[[], list[str]]
) -> None:
    settled = []
    for burst, number in BURSTS:
        receive(app, clock, number, burst)
        seen = statements()
        assert clocks.sweep_clocks(app.unit_of_work) == number
        settled.append(len(seen))
    assert settled[2] == settled[1]


def test_the_look_for_causes_asks_each_item_for_its_numbers_alone(
    app: App, go_live: GoLive, trigger: Callable[..., int], clock: FixedClock, statements: Callable[[], list[str]]
) -> None:
    go_live(CARE, "care")
    trigger()

    looked = []
    for burst, number in BURSTS:
        items = receive(app, clock, number, burst)
        with app.unit_of_work() as work:
            feedback.record_classifications(work, dict.fromkeys(items, CLAIM))
        clock.advance(timedelta(minutes=1))
        seen = statements()
        assert causes.sweep_causes(app.unit_of_work) == number
        looked.append(len(seen))
    assert (looked[2] - looked[1]) / (MANY - FEW) <= NUMBERS
