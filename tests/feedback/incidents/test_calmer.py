"""The hint that it may be over: from silence after the worst half hour, taken back when reports come again."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bpm.app import App
from bpm.feedback import incidents
from bpm.feedback.incidents.bursts import calmer
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from tests.conftest import MONDAY
from tests.feedback.incidents.conftest import Report

HALF = timedelta(minutes=30)


def hint(app: App, incident: int) -> str:
    incidents.sweep_incidents(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        return next(each.calmer_because for each in incidents.list_bars(work) if each.id == incident)


def test_silence_hints_and_new_reports_take_it_back(
    app: App, clock: FixedClock, advocate: Actor, report: Report, acknowledged: int
) -> None:
    late = [report() for _each in range(7)]
    with app.unit_of_work(advocate) as work:
        incidents.link_items(work, acknowledged, late)
    assert hint(app, acknowledged) == ""
    clock.advance(timedelta(minutes=75))
    assert hint(app, acknowledged) == "0 reports in the last half hour, 10 in the worst"
    again = [report() for _each in range(4)]
    with app.unit_of_work(advocate) as work:
        incidents.link_items(work, acknowledged, again)
        told = [each.kind for each in incidents.get_detail(work, acknowledged).entries]
    assert told.count("calmer") == 1
    assert hint(app, acknowledged) == ""


@given(st.lists(st.integers(0, 240), max_size=60), st.integers(0, 2))
def test_it_hints_only_well_below_the_worst_half_hour(minutes: list[int], thanks: int) -> None:
    now = MONDAY + timedelta(minutes=240)
    times = [MONDAY + timedelta(minutes=each) for each in minutes]
    said = calmer(times, thanks, now=now)
    lately = sum(now - HALF <= each for each in times)
    worst = max((sum(one <= each < one + HALF for each in times) for one in times), default=0)
    long_enough = bool(times) and now - min(times) >= 2 * HALF
    assert bool(said) == (long_enough and worst >= 5 and lately * 5 <= worst)
    assert calmer(times, 3, now=now) == "3 people wrote praise in the last hour"
