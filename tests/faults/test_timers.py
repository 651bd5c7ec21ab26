"""Timers after a long stop and under clocks that jump: each fires once, in the order of its hour; nobody starves."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bpm import engine
from bpm.app import App
from bpm.clock import FixedClock
from bpm.engine import timer_sweep
from bpm.engine.models import StepRecord
from tests.conftest import MONDAY
from tests.engine.store import acting
from tests.engine.store.models import CYCLE_START, begin, flow, go_live, model
from tests.faults.conftest import Count
from tests.faults.crew import Crew
from tests.faults.world import asking, broken, start_many, statuses

pytestmark = pytest.mark.both_databases

TIMERS = {"sqlite": 500, "postgresql": 2_000}
"""Firing two thousand with two processes takes SQLite, which lets one write at a time, longer than a test may."""
JOBS = 20
LATE = model(
    "late",
    '<startEvent id="start"/><intermediateCatchEvent id="Wait"><timerEventDefinition>'
    "<timeDuration>PT10M</timeDuration></timerEventDefinition></intermediateCatchEvent>"
    '<endEvent id="end"/>' + flow("start", "Wait") + flow("Wait", "end"),
)
REMINDED = model(
    "reminded",
    '<startEvent id="start"/><userTask id="Work"/>'
    '<boundaryEvent id="Again" attachedToRef="Work" cancelActivity="false">'
    "<timerEventDefinition><timeCycle>R3/PT1H</timeCycle></timerEventDefinition></boundaryEvent>"
    '<userTask id="Remind"/><endEvent id="end"/><endEvent id="end2"/>'
    + flow("start", "Work")
    + flow("Work", "end")
    + flow("Again", "Remind")
    + flow("Remind", "end2"),
)


def test_a_storm_of_timers_overdue_after_a_stop_fires_each_once_in_order_and_starves_no_job(
    live_app: App, staff: Crew, count: Count
) -> None:
    go_live(live_app, LATE)
    timers = TIMERS[live_app.database.dialect.name]
    began = live_app.clock.now() - timedelta(hours=2)
    instances: list[int] = []
    for minute in range(timers // 50):
        instances += start_many(_at(live_app, began + timedelta(minutes=minute)), "late", 50)
    asking(live_app, JOBS)
    workers = [staff.start("worker") for _ in range(2)]
    staff.until(lambda: statuses(live_app)["completed"], what="the first timer")
    before = [_memory(worker.pid) for worker in workers]
    staff.until(lambda: statuses(live_app)["completed"] == timers, within=60, what="the last timer")
    grown = max(_memory(worker.pid) - was for worker, was in zip(workers, before, strict=True))
    for worker in workers:
        assert staff.stop(worker) == 0
    with live_app.unit_of_work.reading() as work:
        records = work.session.execute(select(StepRecord.instance_id, StepRecord.command).order_by(StepRecord.at)).all()
    fired = [row.instance_id for row in records if row.command == "timers"]
    out_of_order = max(abs(place - instances.index(each)) for place, each in enumerate(fired))
    last_job = max(place for place, row in enumerate(records) if row.command == "job")
    before_the_last_job = sum(row.command == "timers" for row in records[:last_job])
    count(
        fired=len(fired), doubled=len(fired) - len(set(fired)), most_places_out_of_order=out_of_order,
        fired_before_the_last_of_20_jobs=before_the_last_job, megabytes_grown=grown,
    )  # fmt: skip
    assert sorted(fired) == instances
    assert out_of_order <= 2 * timer_sweep.BATCH
    assert before_the_last_job <= 4 * timer_sweep.BATCH
    assert grown < 60
    assert broken(live_app) == []


def _at(app: App, moment: datetime) -> App:
    """The same product at another time."""
    return replace(app, unit_of_work=app.unit_of_work.at(FixedClock(moment)))


def _memory(pid: int | None) -> int:
    """Megabytes that the process takes at most so far."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM")).split()[1]) // 1024


def test_a_clock_that_jumps_neither_loses_nor_doubles_a_round_of_a_cycle(
    app: App, clock: FixedClock, count: Count
) -> None:
    go_live(app, CYCLE_START, REMINDED)
    begin(app, "reminded")
    hours = (0.5, 1, -3, 1, 1.5, 2, -1, 30, -40, 2.5, 3, 100, 0, 200)
    for hour in hours:
        clock.set(MONDAY + timedelta(hours=hour))
        while engine.sweep_timers(app.unit_of_work):
            pass
    items = acting.open_elements(app)
    count(jumps=len(hours), rounds_of_the_reminder=items.count("Remind"), rounds_of_the_start=items.count("Look"))
    assert items == ["Look"] * 2 + ["Remind"] * 3 + ["Work"]
    assert broken(app) == []
