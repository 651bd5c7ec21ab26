"""What a worker's work costs beside the work itself: a job has two transactions, a round without work few looks."""

from collections.abc import Callable

import pytest
from sqlalchemy import event, select

from bpm import worker
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import Job
from bpm.engine.status import JobStatus
from tests.foundation.processes import ONE_JOB, put_live

LOOKS = 45
"""Statements of a round that comes right after another one and finds nothing, locks among workers included."""


@pytest.fixture
def begun(app: App) -> Callable[[], list[str]]:
    """Call it to begin to note transactions and statements; the list it gives grows."""

    def begin() -> list[str]:
        seen: list[str] = []
        event.listen(app.database, "begin", lambda _connection: seen.append("begin"))
        event.listen(app.database, "before_cursor_execute", lambda *args: seen.append(args[2]))
        return seen

    return begin


@pytest.mark.both_databases
def test_the_look_that_finds_a_job_takes_it_in_the_same_transaction(app: App, begun: Callable[[], list[str]]) -> None:
    put_live(app, ONE_JOB)
    with app.unit_of_work() as work:
        ids = [engine.start(work, "lookup", {"tracking_status": "received"}).id for _ in range(2)]
    app.look(ids[0])  # what is asked once in a process has been asked
    seen = begun()
    app.look(ids[1])
    assert seen.count("begin") == 2
    with app.unit_of_work.reading() as work:
        assert set(work.session.scalars(select(Job.status))) == {JobStatus.DONE}


@pytest.mark.both_databases
def test_a_round_right_after_another_asks_only_for_what_people_wait_for(
    app: App, begun: Callable[[], list[str]]
) -> None:
    while worker.sweep_once(app):
        pass
    seen = begun()
    assert worker.sweep_once(app) == 0
    asked = [each for each in seen if each != "begin"]
    assert len(asked) <= LOOKS, asked
