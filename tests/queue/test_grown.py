"""Several processes on one PostgreSQL: work is found at once, done once, by all of them."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Thread

import pytest
from sqlalchemy import func, select, text

from bpm import identity
from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.api import check_invariants
from bpm.engine.models import Job, ProcessInstance, StepRecord, WorkerHeartbeat
from bpm.foundation.settings import Settings
from tests.foundation.processes import ONE_JOB, Visitor, end, eventually, put_live, running, said
from tests.postgres import Server

JOBS = 200
COMPLETED = "SELECT count(*) FROM process_instance WHERE status = 'completed'"
GROUPED = (Job.status, Job.attempts, Job.last_error)
PASSWORD = "correct horse battery"
SETTLED = 0.7


@pytest.fixture
def grown(postgres_server: Server, tmp_path: Path) -> Iterator[App]:
    """The product on PostgreSQL, at the hour that it is: other processes share it."""
    with postgres_server.fresh_database() as url:
        app = build(Settings(home=tmp_path, database_url=url, embedded_worker=False))
        put_live(app, ONE_JOB)
        yield app
        app.close()


def start(app: App, many: int) -> None:
    with app.unit_of_work() as work:
        for _ in range(many):
            engine.start(work, "lookup", {})


def up(app: App, stack: ExitStack, *arguments: str) -> "subprocess.Popen[str]":
    process = stack.enter_context(running(app, *arguments))
    said(process, "The worker runs|Earshot is at")
    return process


def stands(app: App) -> str:
    """How far the jobs are, for whoever reads a red test."""
    with app.database.connect() as connection:
        jobs = connection.execute(select(Job.status, Job.attempts, Job.last_error, func.count()).group_by(*GROUPED))
        looks = connection.execute(text("SELECT status, worker_id, count(*) FROM procrastinate_jobs GROUP BY 1, 2"))
        return f"jobs: {jobs.all()}, looks: {looks.all()}, {app.queue.report()}"


def count(app: App, query: str) -> int:
    with app.database.connect() as connection:
        return int(connection.scalar(text(query)) or 0)


def test_two_workers_share_the_jobs_and_each_is_done_exactly_once(
    grown: App, record_property: Callable[[str, object], None]
) -> None:
    with ExitStack() as stack:
        workers = [up(grown, stack, "worker") for _ in range(2)]
        eventually(lambda: grown.queue.report().workers == 2, within=10)
        for _ in range(JOBS // 20):
            start(grown, 20)
        eventually(lambda: count(grown, COMPLETED) == JOBS, within=60, else_say=lambda: stands(grown))
        assert end(*workers) == [0, 0]
    with grown.unit_of_work.reading() as work:
        done = work.session.execute(select(Job.status, Job.attempts, func.count()).group_by(Job.status, Job.attempts))
        assert [tuple(row) for row in done] == [("done", 1, JOBS)]
        assert work.session.scalar(select(func.count()).where(StepRecord.command == "job")) == JOBS
        assert work.session.scalar(select(func.max(ProcessInstance.revision))) == 2
        shares = work.session.scalars(select(WorkerHeartbeat.done)).all()
        assert check_invariants(work) == []
    assert sum(shares) >= JOBS, "what workers tell counts all their work, jobs among it"
    assert len(shares) == 2
    assert min(shares) > 0
    assert count(grown, "SELECT count(*) FROM procrastinate_jobs") == 0
    record_property("counts", f"{JOBS} jobs, done once each, by two workers: {shares[0]} and {shares[1]}")


def test_a_step_here_wakes_a_worker_there_and_a_page_elsewhere_within_a_second(grown: App) -> None:
    with grown.unit_of_work() as work:
        identity.create_user(work, "olga", display_name="Olga", password=PASSWORD, roles=["operator"], groups=[])
    with ExitStack() as stack:
        web = stack.enter_context(running(grown, "serve", "--port", "0"))
        worker = stack.enter_context(running(grown, "worker"))
        visitor = Visitor(said(web, "Earshot is at").split()[-1])
        said(worker, "The worker runs")
        visitor.sign_in("olga", PASSWORD)
        eventually(lambda: grown.queue.report().workers == 1, within=10)
        news = visitor.news("instances")
        before = next(news)
        eventually(
            lambda: grown.queue.report().listeners >= 2, within=10
        )  # the worker, and each web process that was asked
        time.sleep(SETTLED)  # the page has looked twice and now waits: only a notification wakes it before its beat
        start(grown, 1)
        heard: list[str] = []
        Thread(target=lambda: heard.append(next(news)), daemon=True).start()
        eventually(lambda: bool(heard) and heard[0] != before, within=1.5)
        eventually(lambda: count(grown, COMPLETED) == 1, within=1.5)
        assert end(web, worker) == [0, 0]
    assert grown.queue.report().workers == 0


def test_one_command_is_enough_on_postgresql_too(grown: App) -> None:
    with running(grown, "serve", "--port", "0", embedded_worker="true") as everything:
        said(everything, "Earshot is at")
        start(grown, 1)
        eventually(lambda: count(grown, COMPLETED) == 1, within=20)
        assert end(everything) == [0]
    assert grown.queue.report().workers == 0
