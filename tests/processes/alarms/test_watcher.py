"""The watcher over half a year of rows: what changed is found, each day is looked at once, and nothing else alarms."""

from collections import Counter
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from bpm import notices
from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.clock import FixedClock
from bpm.processes import alarms
from bpm.processes.alarms import Subject, Watched, sweeping
from bpm.processes.alarms.models import Alarm, AlarmLook, ChartBaseline
from tests.processes.alarms.history import DAYS, FIRST_DAY, History, hurting_days
from tests.processes.conftest import GoLive, make_person
from tests.processes.models import CARE


@pytest.fixture
def history(app: App, go_live: GoLive, clock: FixedClock) -> History:
    clock.set(FIRST_DAY)
    past = hurting_days(app, go_live(CARE, "care"))
    clock.set(FIRST_DAY + timedelta(days=DAYS, hours=9))
    return past


def _alarms(app: App) -> list[Alarm]:
    with app.unit_of_work.reading() as work:
        found = list(work.session.scalars(select(Alarm).order_by(Alarm.id)))
        work.session.expunge_all()
        return found


def test_what_changed_is_found_and_each_day_is_looked_at_once(
    app: App, history: History, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    mona = make_person(app, "mona", "manager")
    make_person(app, "stella", "staff")
    with monkeypatch.context() as patched, pytest.raises(RuntimeError):
        patched.setattr(sweeping, "raise_alarms", _dies)
        alarms.sweep_alarms(app.unit_of_work)
    assert _looks(app) == 0

    assert alarms.sweep_alarms(app.unit_of_work) == sweeping.MOST_DAYS
    assert alarms.sweep_alarms(app.unit_of_work) == 0
    found = {each.series: each for each in _alarms(app) if each.calm_day is None}
    assert {"negative:care:", "negative:care:mend", "waiting:care:", "waiting:care:mend"} <= set(found)
    assert not any(series.endswith(":read") for series in found)
    assert [each.title for each in found.values() if each.measure == "theme"] == ["A theme grows: late parcels"]
    mend = found["negative:care:mend"]
    assert mend.title == "More negative feedback: Mend what broke in Care"
    assert mend.first_day >= date(2025, 10, 31)
    assert "items negative; the baseline has 2" in mend.says
    assert mend.expected_false <= 0.1 * mend.alarmed + 1e-9

    with app.unit_of_work.reading(mona) as work:
        told = [each.subject for each in notices.list_notices(work, unread=True).rows if each.kind == "alarm"]
        assert told == [f"{len(found)} alarms: measures left what is usual"]
        frozen = Counter(len(row.points) for row in work.session.scalars(select(ChartBaseline)))
    assert frozen[28] >= 6

    clock.advance(timedelta(days=1))
    before = len(_alarms(app))
    assert alarms.sweep_alarms(app.unit_of_work) == 1
    assert len(_alarms(app)) == before


def _dies(*_args: object) -> None:
    raise RuntimeError("killed")


def _looks(app: App) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(AlarmLook)) or 0


def test_a_version_on_trial_never_takes_a_series_over(app: App, go_live: GoLive, clock: FixedClock) -> None:
    live = go_live(CARE, "care")
    with app.unit_of_work() as work:
        prepared = engine.check(CARE.replace(b"Mend what broke", b"Mend it"), "care.bpmn")
        tried = engine.deploy(work, prepared, key="care").id
    old, new = History(app, live), History(app, tried, first=5_000)
    for day in range(28):
        old.say("mend", day, 5, negative=0.5)
        new.say("mend", day, 9 if 7 <= day < 21 else 0, negative=0.5)
    old.write()
    new.write()
    with app.unit_of_work.reading() as work:
        state = alarms.read_one(work, Subject(Watched.NEGATIVE, "care"), until=(FIRST_DAY + timedelta(days=27)).date())
    assert [(point.version, point.n) for point in state.points] == [(1, 35.0)] * 4
