"""What a person reads first of a question: unhealthy, else no data, no full week, what is left, the sentence."""

import random
from datetime import timedelta

import pytest

from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.processes import verdicts
from bpm.processes.verdicts import Standing
from tests.processes.verdicts.conftest import Draw, Register
from tests.processes.verdicts.made_history import shares, write

FIRST_OTHER = 4_000
"""Number of the first customer on the new version: nobody is on both."""


def stand(app: App, plan_id: int, state: str = "running") -> Standing:
    """How it stands, once it began."""
    with app.unit_of_work() as work:
        row = verdicts.get_plan_row(work, plan_id)
        row.state = verdicts.PlanState(state)
        looks = verdicts.get_plan(work, plan_id).looks
        return verdicts.standing(work, row, looks[-1] if looks else None)


@pytest.mark.parametrize(
    ("numbers", "day", "stage", "words"),
    [
        ((260, 120), 3, "unhealthy", "Unhealthy: "),
        ((4, 4), 3, "no data", "No data: 4 old and 4 new cases began"),
        ((40, 40), 1, "no data", "were watched for 2 days"),
        ((40, 40), 6, "early", "No result before one full week"),
        ((40, 40), 12, "coming", "About 250 watched cases of each version left until look 1 of 1"),
    ],
    ids=["a split that does not fit", "too few began", "too few were watched", "no full week", "what is left"],
)
def test_what_is_read_first_comes_first(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register, drawn: Draw,
    numbers: tuple[int, int], day: int, stage: str, words: str,
) -> None:  # fmt: skip
    plan_id = registered(window_days=2.0)
    draw, start = random.Random(7), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=40))
    spread = 0.2
    old = write(app, "care", shares(draw, numbers[0], start, spread, 0.4, version_id=versions[0]))
    new = write(
        app, "care", shares(draw, numbers[1], start, spread, 0.1, version_id=versions[1], first_customer=FIRST_OTHER)
    )
    drawn(old, new)
    clock.set(start + timedelta(days=day))
    told = stand(app, plan_id)
    assert (told.stage, words in told.words) == (stage, True), told
    assert told.begun == numbers


def test_before_it_starts_and_without_a_rollout_it_says_what_is_waited_for(
    app: App, clock: FixedClock, registered: Register
) -> None:
    plan_id = registered()
    assert stand(app, plan_id, "registered").words.startswith("Registered; it starts on ")
    with app.unit_of_work() as work:
        verdicts.get_plan_row(work, plan_id).rollout_id = None
    clock.advance(timedelta(days=3))
    told = stand(app, plan_id)
    assert (told.stage, told.words[:40]) == ("no data", "No data: no rollout of these two version")


def test_a_verdict_is_the_sentence_and_needs_people_until_they_decided(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register, drawn: Draw
) -> None:
    plan_id = registered(per_arm=200)
    draw, start = random.Random(4), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=120))
    old = write(app, "care", shares(draw, 220, start, 60, 0.4, version_id=versions[0]))
    new = write(app, "care", shares(draw, 220, start, 60, 0.1, version_id=versions[1], first_customer=FIRST_OTHER))
    drawn(old, new)
    verdicts.sweep_verdicts(app.unit_of_work)
    read, decided = stand(app, plan_id, "read"), stand(app, plan_id, "decided")
    assert read.words == decided.words
    assert read.words.startswith("Improved: ")
    assert (read.stage, decided.stage) == ("needs people", "said")
