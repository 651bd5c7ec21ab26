"""Designs without a lot: groups that change one after the other, a long series, and what else changed meanwhile."""

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from bpm import audit
from bpm.app import App
from bpm.feedback import incidents
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import verdicts
from tests.processes.verdicts.conftest import Register
from tests.processes.verdicts.made_history import Case, shares, write


def read(app: App, plan_id: int) -> tuple[str, str, list[str]]:
    """(verdict, sentence, threats) of the newest look."""
    with app.unit_of_work.reading() as work:
        look = verdicts.newest_look(work, plan_id)
        assert look is not None
        return str(look.verdict), look.sentence, list(look.threats)


@pytest.mark.both_databases
def test_regions_that_changed_first_are_compared_with_those_that_did_not(
    app: App, clock: FixedClock, advocate: Actor, versions: tuple[int, int], registered: Register
) -> None:
    """All regions become better by themselves; only what the change adds to it counts."""
    plan_id = registered(
        design="staged", rollout_id=None, group_by="region", per_arm=500, smallest=0.05, window_days=14.0
    )
    old, new = versions
    draw, start = random.Random(11), clock.now() + timedelta(hours=1)
    clock.advance(timedelta(days=130))
    cases: list[Case] = []
    for place in range(8):
        region, changes = f"R{place}", place % 2 == 1
        before = shares(draw, 150, start - timedelta(days=60), 60, 0.5, version_id=old, first_customer=1000 * place)
        level, version = (0.2, new) if changes else (0.4, old)
        after = shares(draw, 150, start, 60, level, version_id=version, first_customer=1000 * place + 500)
        cases += [replace(each, region=region) for each in (*before, *after)]
    write(app, "care", cases)
    with app.unit_of_work() as work:
        audit.record(work, "trigger.save", audit.Thing("trigger", 1), before={"on": False}, after={"on": True})
    with app.unit_of_work(advocate) as work:
        incidents.open_incident(work, "Parcels are late")
    clock.advance(timedelta(days=1))
    verdicts.sweep_verdicts(app.unit_of_work)
    word, sentence, threats = read(app, plan_id)
    assert word == "improved", (sentence, threats)
    assert any(each == "incident: “Parcels are late” went on meanwhile." for each in threats), threats
    assert "reading errors: nobody audited m1; they are alike in both arms, and make effects smaller." in threats
    assert any(each.startswith("other changes meanwhile: trigger.save (1)") for each in threats), threats


def test_a_series_is_read_at_its_end_and_a_short_one_is_not_shown(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register
) -> None:
    begins = clock.now() + timedelta(hours=1)
    long = registered(design="series", rollout_id=None, window_days=7.0, baseline_from=begins - timedelta(days=7 * 52),
                      ends_on=(begins + timedelta(days=7 * 30)).date(), title="Long")  # fmt: skip
    short = registered(design="series", rollout_id=None, window_days=7.0, baseline_from=begins - timedelta(days=70),
                       ends_on=(begins + timedelta(days=100)).date(), title="Short", picked_as_bad=True)  # fmt: skip
    old, new = versions
    draw = random.Random(12)
    clock.advance(timedelta(days=7 * 32))
    before = shares(draw, 52 * 30, begins - timedelta(days=7 * 52), 7 * 52, 0.5, delay=1, version_id=old)
    after = shares(draw, 30 * 30, begins, 7 * 30, 0.2, delay=1, version_id=new, first_customer=5000)
    write(app, "care", [*before, *after])
    verdicts.sweep_verdicts(app.unit_of_work)
    word, sentence, _threats = read(app, long)
    assert word == "improved", sentence
    word, sentence, threats = read(app, short)
    assert word == "not shown"
    assert "too few periods" in sentence
    assert any(each.startswith("regression to the mean: the activity was chosen") for each in threats)
