"""Bursts over a seasonal baseline: found within a quarter of an hour, and seldom where there is none."""

import math
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from bpm.statistics.bursts import Burst, Detector, Report, detect, tail

START = datetime(2026, 1, 5, tzinfo=UTC)


def _stream(
    rng: np.random.Generator,
    days: int,
    per_day: float,
    *,
    cluster: float = 1.2,
    day_spread: float = 0.2,
    growth: float = 0.0,
    office: bool = True,
) -> list[datetime]:
    """Times of reports: hours of the day and weekends differ, days vary, reports come in clusters, a business grows."""
    times: list[datetime] = []
    for day in range(days):
        level = per_day * (1 + growth) ** day * rng.gamma(1 / day_spread**2, day_spread**2)
        level *= 0.3 if day % 7 >= 5 else 1
        for hour in range(24):
            factor = (2.2 if 8 <= hour < 18 else 0.15) if office else 1 + 0.8 * math.sin((hour - 9) / 12 * math.pi)
            for _ in range(rng.poisson(level / 24 * factor / cluster)):
                at = START + timedelta(days=day, hours=hour + rng.uniform())
                times += [at + timedelta(minutes=rng.uniform(0, 20)) for _ in range(rng.geometric(1 / cluster))]
    return times


def _outage(rng: np.random.Generator, at: datetime, *, a_minute: float, minutes: int = 120) -> list[datetime]:
    return [at + timedelta(minutes=each) for each in rng.uniform(0, minutes, rng.poisson(a_minute * minutes))]


def _reports(times: list[datetime], *, source: str = "app", one_person: bool = False) -> list[Report]:
    return [
        Report(at, f"{source}-{number}", "ada" if one_person else f"{source}-person-{number}", source, "")
        for number, at in enumerate(sorted(times))
    ]


def _alarms(*streams: list[Report]) -> list[Burst]:
    return list(detect(sorted((each for stream in streams for each in stream), key=lambda report: report.at)))


KINDS = {
    "quiet": {"per_day": 8, "office": False, "cluster": 1.0},
    "office": {"per_day": 60, "day_spread": 0.3, "cluster": 1.4},
    "busy": {"per_day": 400, "office": False, "cluster": 1.3},
    "growing": {"per_day": 20, "growth": 0.03, "cluster": 1.2},
}


@pytest.mark.parametrize("kind", KINDS)
def test_a_morning_outage_is_proposed_within_a_quarter_of_an_hour(kind: str) -> None:
    rng = np.random.default_rng(7)
    before = _stream(rng, 30, **KINDS[kind])  # type: ignore[arg-type]  # settings by name, numbers and flags mixed
    began = START + timedelta(days=30, hours=7, minutes=30)
    alarms = [each for each in _alarms(_reports([*before, *_outage(rng, began, a_minute=2.5)])) if each.at >= began]
    proposed = [each for each in alarms if each.level == "proposed"]
    assert proposed
    assert proposed[0].at <= began + timedelta(minutes=15)
    assert len(proposed) == 1, "one outage is one alarm"
    assert proposed[0].observed > 3 * proposed[0].expected


@pytest.mark.parametrize("kind", KINDS)
def test_streams_without_an_outage_stay_within_the_budget(kind: str) -> None:
    alarms, weeks = 0, 0.0
    for seed in range(3):
        found = _alarms(_reports(_stream(np.random.default_rng(seed), 50, **KINDS[kind])))  # type: ignore[arg-type]  # settings by name, numbers and flags mixed
        alarms += sum(each.level == "possible" for each in found)
        weeks += 50 / 7
    assert alarms <= 0.5 * weeks / 2


def test_the_start_of_a_collection_and_a_new_source_are_no_incident() -> None:
    rng = np.random.default_rng(3)
    first = _stream(rng, 40, per_day=40)
    flood = [each + timedelta(days=21) for each in _stream(rng, 20, per_day=400)]
    alarms = _alarms(_reports(first), _reports(flood, source="new"))
    assert not [each for each in alarms if any(item.startswith("new") for item in each.items)]


def test_one_person_who_writes_fifty_times_is_one_report() -> None:
    rng = np.random.default_rng(5)
    times = _stream(rng, 20, per_day=10)
    shout = [START + timedelta(days=20, hours=9, minutes=minute) for minute in range(50)]
    alarms = _alarms(_reports(times), _reports(shout, source="app", one_person=True))
    assert not [each for each in alarms if each.at >= shout[0]]


def test_an_alarm_names_what_raised_it_and_is_made_surer_once() -> None:
    rng = np.random.default_rng(11)
    before, began = _stream(rng, 30, per_day=30), START + timedelta(days=30, hours=10)
    detector = Detector()
    found = [
        burst
        for report in _reports([*before, *_outage(rng, began, a_minute=2)])
        for burst in detector.feed(report)
        if burst.at >= began
    ]
    assert [each.level for each in found] in (["possible", "proposed"], ["proposed"])
    assert len(found[-1].items) >= found[-1].observed
    assert found[-1].probability < 1e-4


def test_a_burst_of_one_theme_is_found_in_a_stream_that_hides_it() -> None:
    rng = np.random.default_rng(2)
    background = [
        Report(each.at, each.item, each.person, each.source, f"theme-{rng.integers(8)}")
        for each in _reports(_stream(rng, 30, per_day=900, office=False))
    ]
    began = START + timedelta(days=30, hours=-13)
    burst = [
        Report(at, f"b{number}", f"b{number}", "app", "parking")
        for number, at in enumerate(sorted(_outage(rng, began, a_minute=0.7, minutes=60)))
    ]
    found = [each for each in _alarms(background, burst) if each.at >= began]
    assert [each.theme for each in found if each.level == "proposed"] == ["parking"]
    assert all(item.startswith("b") for item in found[-1].items)


def test_the_tail_of_the_negative_binomial_is_that_of_its_definition() -> None:
    assert tail(0, 3.0, 2.0) == 1.0
    assert tail(1, 2.0, 2.0) == pytest.approx(1 - 0.5**2)
    # Poisson at spread 1, P(X >= 10 | 3) from tables
    assert tail(10, 3.0, 1.0) == pytest.approx(0.0011025, rel=0.02)
    assert tail(5, 100.0, 3.0) == pytest.approx(1.0)
