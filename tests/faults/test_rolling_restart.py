"""Every process restarted, one after the other, while people and workers go on: nobody notices."""

import pytest

from bpm.app import App
from tests.engine.models import ONE_TASK, go_live
from tests.faults.browsing import Clicking, Visitor, free_port, hire, opened
from tests.faults.conftest import Count
from tests.faults.crew import Crew
from tests.faults.world import Tally, asking, broken, completed_steps, jobs_left, open_items, start_many, tally

pytestmark = pytest.mark.both_databases

JOBS, ITEMS = 60, 40


def test_two_web_processes_and_two_workers_restarted_in_turn_lose_nothing(
    live_app: App, staff: Crew, count: Count
) -> None:
    hire(live_app, "ann", "bob")
    go_live(live_app, ONE_TASK)
    read = start_many(live_app, "one", ITEMS)
    items = open_items(live_app)
    ports = (free_port(), free_port())
    running = {f"serve {port}": opened(staff, port) for port in ports}
    processes = dict(zip(running, staff.members, strict=True))
    processes |= {f"worker {number}": staff.start("worker") for number in range(2)}
    visitors = [Visitor(ports[0], (ports[1],)), Visitor(ports[1], (ports[0],))]
    asked = asking(live_app, JOBS)
    clicking = Clicking([v.sign_in(name) for v, name in zip(visitors, ("ann", "bob"), strict=True)], items)
    for command, process in processes.items():
        assert staff.stop(process) == 0, staff.said()
        if command.startswith("serve"):
            opened(staff, int(command.split()[1]))
        else:
            staff.start("worker")
    clicking.wait()
    staff.until(lambda: jobs_left(live_app) == 0, what="the end of all jobs")
    found, steps = tally(live_app, asked), completed_steps(live_app)
    count(restarted=len(processes), jobs=JOBS, completions=ITEMS, lost=found.lost + len(set(read) - set(steps)),
          doubled=found.doubled + sum(steps.values()) - len(steps), stuck=found.stuck)  # fmt: skip
    assert found == Tally(lost=0, doubled=0, stuck=0), staff.said()
    assert steps == dict.fromkeys(read, 1)
    assert clicking.unclear() == []
    assert broken(live_app) == []
