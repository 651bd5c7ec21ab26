"""Saved contacts: chance holds customers out, the truth lies in the interval, and a small arm shows nothing."""

import random

from bpm.processes.hold_outs import is_held, saved

RUNS = 200


def test_the_simulated_truth_lies_inside_the_interval_in_nine_of_ten_runs() -> None:
    draw, inside = random.Random(63), 0
    for run in range(RUNS):
        held = [is_held(str(run), customer, 0.3) for customer in range(200)]
        n_held, n_told = sum(held), 200 - sum(held)
        contacts_held = sum(draw.random() < 0.30 for _each in range(n_held))
        contacts_told = sum(draw.random() < 0.12 for _each in range(n_told))
        found = saved(contacts_told, n_told, contacts_held, n_held)
        inside += found.low <= 0.18 * n_told <= found.high
    assert inside >= 0.9 * RUNS


def test_chance_is_by_customer_stays_the_same_and_keeps_to_its_share() -> None:
    held = [is_held("salt", customer, 0.2) for customer in range(5000)]
    assert held == [is_held("salt", customer, 0.2) for customer in range(5000)]
    assert 900 < sum(held) < 1100
    assert sum(a != b for a, b in zip(held, [is_held("other", c, 0.2) for c in range(5000)], strict=True)) > 1000


def test_an_arm_of_fewer_than_ten_shows_nothing() -> None:
    assert saved(1, 50, 3, 9).estimate is None
    found = saved(10, 100, 10, 50)
    assert found.estimate is not None
    assert round(found.estimate) == 10
    assert found.low < 10 < found.high
