"""What one series shows: phases by version, frozen baselines, new sources, and the budget over simulated months."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from bpm.processes.alarms.judging import judge
from bpm.processes.alarms.series import DAY, WEEK, DayCount, SourceStart, Subject, points_of, step_of
from bpm.processes.alarms.state import Begun
from bpm.processes.alarms.status import BaselineOrigin, Watched
from bpm.statistics import Look, alarms
from bpm.statistics.exceedance import exceedance
from tests.thoroughness import TIMES

MONDAY = date(2025, 3, 3)
CARE = Subject(Watched.NEGATIVE, "care", name="Care")
Weeks = list[DayCount]


def weeks(
    number: int, share: Callable[[int], float], *, seed: int = 1, version: Callable[[int], int] = lambda _week: 1
) -> Weeks:
    """30 items a week."""
    draw = np.random.default_rng(seed)
    return [
        DayCount(MONDAY + timedelta(weeks=week), version(week), "mail", float(draw.binomial(30, share(week))), 30.0)
        for week in range(number)
    ]


def until(number: int) -> date:
    """The last day of that week."""
    return MONDAY + timedelta(weeks=number, days=-1)


def test_days_that_bring_enough_are_periods_and_others_make_weeks() -> None:
    many = [DayCount(MONDAY + timedelta(days=n), 1, "mail", 1, 10) for n in range(60)]
    assert step_of(many, MONDAY + timedelta(days=59)) == DAY
    assert step_of([replace(each, n=2) for each in many], MONDAY + timedelta(days=59)) == WEEK


def test_versions_are_never_blended_and_what_has_not_ended_is_left_out() -> None:
    counts = [
        DayCount(MONDAY, 1, "mail", 2, 10),
        DayCount(MONDAY + timedelta(days=7), 1, "mail", 6, 12),
        DayCount(MONDAY + timedelta(days=8), 2, "mail", 1, 11),
        DayCount(MONDAY + timedelta(days=14), 1, "mail", 1, 3),
        DayCount(MONDAY + timedelta(days=15), 2, "mail", 1, 20),
        DayCount(MONDAY + timedelta(days=21), 1, "mail", 9, 9),
        DayCount(MONDAY + timedelta(days=28), 2, "mail", 9, 9),
    ]
    found = points_of(Watched.NEGATIVE, counts, step=WEEK, until=MONDAY + timedelta(days=30))
    assert [(each.version, each.value, each.n) for each in found] == [(1, 2, 10), (1, 6, 12), (2, 1, 20)]


def test_complaints_without_a_pass_go_to_the_next_period_that_has_one() -> None:
    counts = [
        DayCount(MONDAY, 1, "mail", 2, 0),
        DayCount(MONDAY + timedelta(days=7), 1, "", 0, 40),
        DayCount(MONDAY + timedelta(days=8), 1, "mail", 1, 0),
    ]
    found = points_of(Watched.COMPLAINTS, counts, step=WEEK, until=MONDAY + timedelta(days=20))
    assert [(each.value, each.n) for each in found] == [(3, 40)]


def test_nothing_is_judged_under_thirteen_periods_and_limits_are_provisional_under_twenty() -> None:
    steady = weeks(30, lambda _week: 0.3)
    assert judge(CARE, steady, until=until(12)).why_not == "12 periods of the 13 that a first look takes."
    early = judge(CARE, steady, until=until(15))
    assert early.provisional
    assert len(early.judged) == 3
    late = judge(CARE, steady, until=until(30))
    assert not late.provisional
    assert (len(late.judged), len(late.to_freeze)) == (10, 20)


def test_a_new_version_is_judged_by_the_one_before_until_it_has_its_own_baseline() -> None:
    worse = weeks(44, lambda week: 0.7 if week >= 24 else 0.3, version=lambda week: 2 if week >= 24 else 1)
    short = judge(CARE, worse, until=until(28))
    assert [each.name for each in short.phases] == ["version 1", "version 2"]
    assert short.base is not None
    assert short.base.version == 1
    assert short.judged[until(28)].p < 1e-4
    assert short.judged[until(28)].up
    own = judge(CARE, worse, until=until(40))
    assert own.base is not None
    assert own.base.version == 2
    assert own.judged[until(40)].p > 0.01


def test_limits_stay_where_they_are_until_a_person_sets_the_baseline_anew() -> None:
    worse = weeks(50, lambda week: 0.6 if week >= 24 else 0.3)
    first = judge(CARE, worse, until=until(22))
    kept = Begun(
        MONDAY, BaselineOrigin.FIRST, "version 1", 1, first.to_freeze, datetime(2025, 8, 1, tzinfo=UTC), 1, WEEK
    )
    changed = [replace(each, value=each.n) if each.day < MONDAY + timedelta(weeks=10) else each for each in worse]
    assert judge(CARE, changed, until=until(45), begun=[kept]).judged[until(45)].p < 1e-4
    decided = Begun(MONDAY + timedelta(weeks=24), BaselineOrigin.DECISION, "set anew", 1, step=WEEK)
    assert judge(CARE, worse, until=until(30), begun=[kept, decided]).why_not
    again = judge(CARE, worse, until=until(48), begun=[kept, decided])
    assert again.judged[until(48)].p > 0.01


def test_a_new_source_is_a_threat_and_no_alarm() -> None:
    steady = weeks(40, lambda _week: 0.3)
    begins = MONDAY + timedelta(weeks=30)
    angry = [DayCount(begins + timedelta(weeks=week), 1, "forum", 28.0, 30.0) for week in range(10)]
    at = {
        name: SourceStart(name, *(datetime.combine(day, datetime.min.time(), UTC),) * 2)
        for name, day in (("mail", MONDAY), ("forum", begins))
    }
    found = judge(CARE, [*steady, *angry], until=until(40), sources=at)
    assert found.new_sources == ("forum",)
    assert found.judged[until(40)].p > 0.01
    assert found.with_new[until(40)].p < 1e-4


def test_a_theme_is_judged_by_the_weekday_and_grows_within_two_days() -> None:
    usual = [3, 4, 3, 4, 3, 1, 1] * 8
    steady = exceedance([*usual, 4], 0)
    assert steady is not None
    assert steady.p > 0.1
    grown = exceedance([*usual, 16], 0)
    assert grown is not None
    assert grown.p < 1e-3
    assert exceedance([1] * 12, 0) is None


MONTHS, SERIES = 12 * TIMES, 12


@pytest.mark.proof(examples=MONTHS)
def test_over_simulated_months_the_watcher_keeps_to_the_budget() -> None:
    """Weekly shares that vary more than chance and daily themes, some of which move: four looks a month."""
    draw = np.random.default_rng(11)
    false_shares, seen = [], []
    for _month in range(MONTHS):
        states = []
        for place in range(SERIES):
            shares = np.clip(draw.beta(6, 14, 28), 0.02, 0.98)
            shares[24:] = np.clip(shares[24:] + 0.35 * (place < 2), 0, 0.95)
            counts = [
                DayCount(MONDAY + timedelta(weeks=n), 1, "mail", float(draw.binomial(40, share)), 40.0)
                for n, share in enumerate(shares)
            ]
            states.append(judge(replace(CARE, definition_key=str(place)), counts, until=until(28)))
        for place in range(SERIES):
            theme = Subject(Watched.THEME, theme_id=place, name=str(place))
            days = [
                DayCount(MONDAY + timedelta(days=day), 0, "mail", float(n), float(n))
                for day, n in enumerate(draw.negative_binomial(3, 0.5, 28 * 7))
            ]
            states.append(judge(theme, days, until=until(28)))
        for week in (25, 26, 27, 28):
            day = until(week)
            looked = [each for each in states if day in each.judged]
            names = alarms([Look(each.subject.key, each.judged[day].p) for each in looked]).series
            true = {f"negative:{place}:" for place in range(2)}
            false_shares.append(len(set(names) - true) / max(1, len(names)))
            seen += [len(true & set(names))] if week == 28 else []
    assert np.mean(false_shares) <= 0.1 + 2 * np.std(false_shares) / len(false_shares) ** 0.5
    assert np.mean(seen) >= 1.5
