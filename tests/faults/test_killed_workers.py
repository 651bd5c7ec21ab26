"""Workers killed at every point around a commit: nothing is lost, nothing is done twice, nothing is stuck."""

from itertools import cycle, islice

import pytest

from bpm.app import App
from tests.engine.models import go_live
from tests.faults.conftest import Count
from tests.faults.crew import KILLED, Crew
from tests.faults.deaths import AROUND_A_JOB, TASK, Death
from tests.faults.world import ASK, Tally, asking, broken, jobs_left, open_items, start_many, tally
from tests.thoroughness import TIMES

pytestmark = pytest.mark.both_databases

JOBS, KILLS = (200, 50) if TIMES > 1 else (70, 16)
"""In `make proof`, and in `make test`, which passes each point at each of three passings all the same."""


def test_workers_killed_around_their_commits_lose_and_double_no_job(live_app: App, staff: Crew, count: Count) -> None:
    instances = asking(live_app, JOBS)
    deaths = [Death(point, passing) for point, passing in islice(zip(cycle(AROUND_A_JOB), cycle((1, 2, 3))), KILLS)]
    for one, other in zip(deaths[::2], deaths[1::2], strict=True):
        workers = [staff.start("worker", death=death) for death in (one, other)]
        for worker in workers:
            worker.join(60)
            assert worker.exitcode == KILLED, staff.said()
    survivors = [staff.start("worker") for _ in range(2)]
    staff.until(lambda: jobs_left(live_app) == 0, what="the end of all jobs")
    for worker in survivors:
        assert staff.stop(worker) == 0, staff.said()
    found = tally(live_app, instances)
    count(killed=KILLS, jobs=JOBS, lost=found.lost, doubled=found.doubled, stuck=found.stuck)
    assert found == Tally(lost=0, doubled=0, stuck=0)
    assert broken(live_app) == []


def test_a_call_to_the_outside_that_its_worker_did_not_survive_is_repeated_under_the_same_key(
    live_app: App, staff: Crew, count: Count
) -> None:
    go_live(live_app, ASK.replace(b'"ask"', b'"call"'))
    start_many(live_app, "asking", 1)
    assert staff.run("worker", death=Death(TASK)) == KILLED
    staff.start("worker")
    staff.until(lambda: jobs_left(live_app) == 0, what="the second call")
    keys = (live_app.settings.home / "outside").read_text().split()
    count(called=len(keys), keys=len(set(keys)), taken=len(open_items(live_app)))
    assert (len(keys), len(set(keys)), len(open_items(live_app))) == (2, 1, 1)
    assert broken(live_app) == []
