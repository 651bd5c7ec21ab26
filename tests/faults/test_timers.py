"""Timers after a long stop and under clocks that jump: each fires once, in the order of its hour; nobody starves."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import ActivityInstance, StepRecord
from bpm.foundation.clock import FixedClock
from tests.conftest import MONDAY
from tests.engine import acting
from tests.engine.models import CYCLE_START, begin, flow, go_live, model
from tests.faults.conftest import Count
from tests.faults.crew import Crew
from tests.faults.world import asking, broken, jobs_left, start_many, statuses

pytestmark = pytest.mark.both_databases

INSTANCES, EACH = 100, 20
JOBS = 20
LATE = model(
    "late",
    '<startEvent id="start"/><parallelGateway id="split"/><parallelGateway id="join"/><endEvent id="end"/>'
    + flow("start", "split")
    + flow("join", "end")
    + "".join(
        f'<intermediateCatchEvent id="Wait{n}"><timerEventDefinition><timeDuration>PT10M{n}S</timeDuration>'
        "</timerEventDefinition></intermediateCatchEvent>" + flow("split", f"Wait{n}") + flow(f"Wait{n}", "join")
        for n in range(EACH)
    ),
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


def test_2000_timers_overdue_after_a_stop_fire_once_in_order_and_starve_no_job(
    live_app: App, staff: Crew, count: Count
) -> None:
    go_live(live_app, LATE)
    began = live_app.clock.now() - timedelta(hours=3)
    instances: list[int] = []
    for minute in range(INSTANCES):
        instances += start_many(_at(live_app, began + timedelta(minutes=minute)), "late", 1)
    asking(live_app, JOBS)
    workers = [staff.start("worker") for _ in range(2)]
    staff.until(lambda: statuses(live_app)["completed"], what="the first timer")
    before = [_memory(worker.pid) for worker in workers]
    staff.until(lambda: statuses(live_app)["completed"] == INSTANCES and not jobs_left(live_app), what="the end")
    grown = max(_memory(worker.pid) - was for worker, was in zip(workers, before, strict=True))
    for worker in workers:
        assert staff.stop(worker) == 0
    with live_app.unit_of_work.reading() as work:
        visits = select(ActivityInstance.instance_id, ActivityInstance.element).where(
            ActivityInstance.element.like("Wait%"), ActivityInstance.status == "completed"
        )
        fired = Counter(tuple(row) for row in work.session.execute(visits))
        records = work.session.execute(select(StepRecord.instance_id, StepRecord.command).order_by(StepRecord.at)).all()
    order = list(dict.fromkeys(row.instance_id for row in records if row.command == "timers"))
    out_of_order = max(abs(place - instances.index(each)) for place, each in enumerate(order))
    last_job = max(place for place, row in enumerate(records) if row.command == "job")
    before_the_last_job = sum(row.command == "timers" for row in records[:last_job])
    count(
        fired=len(fired), doubled=sum(fired.values()) - len(fired), most_places_out_of_order=out_of_order,
        instances_before_the_last_of_20_jobs=before_the_last_job, megabytes_grown=grown,
    )  # fmt: skip
    assert len(fired) == sum(fired.values()) == INSTANCES * EACH
    assert out_of_order <= 2
    assert before_the_last_job <= INSTANCES // 2
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
