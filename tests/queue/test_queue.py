"""The queue on PostgreSQL: nudges hold with their transaction, reach other processes, and outlive dead ones."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
import pytest
from sqlalchemy import select, text
from sqlalchemy.engine import Engine

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import ProcessInstance
from bpm.foundation.db import connect
from bpm.queue import install
from bpm.queue.announcing import Announcer
from bpm.queue.listening import CHANNEL
from bpm.queue.postgres import PostgresQueue
from tests.foundation.processes import ONE_JOB, THREE_JOBS, eventually, put_live

pytestmark = pytest.mark.on_postgresql


@pytest.fixture
def elsewhere(app: App) -> Iterator[PostgresQueue]:
    """The queue as another process has it."""
    other = connect(app.settings.url)
    queue = PostgresQueue(other)
    yield queue
    queue.close()
    other.dispose()


def looks(database: Engine) -> list[tuple[str, str]]:
    with database.connect() as connection:
        found = connection.execute(text("SELECT lock, args ->> 'instance_id' FROM procrastinate_jobs ORDER BY id"))
        return [(row[0], row[1]) for row in found]


def test_a_look_is_deferred_with_its_transaction_or_not_at_all(app: App) -> None:
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        work.nudge("jobs", 7)
        raise RuntimeError
    assert looks(app.database) == []
    with app.unit_of_work() as work:
        work.nudge("jobs", 7)
        work.nudge("jobs", 7)
        work.nudge("jobs", 8)
        work.nudge("instances")
    assert looks(app.database) == [("instance:7", "7"), ("instance:8", "8")]


def test_news_reach_other_processes_when_they_are_committed(app: App, elsewhere: PostgresQueue) -> None:
    seen = listening(elsewhere)
    with pytest.raises(RuntimeError), app.unit_of_work() as work:
        work.nudge("feedback")
        raise RuntimeError
    assert elsewhere.wait(seen, timeout=0.2) == seen
    with app.unit_of_work() as work:
        work.nudge("feedback")
    assert elsewhere.wait(seen, timeout=5, topics={"feedback"}) > seen


def test_news_that_come_close_together_are_told_at_once_and_all_of_them_before_the_process_ends(app: App) -> None:
    said, conninfo = [f"topic_{number}" for number in range(50)], app.settings.url.replace("+psycopg", "")
    with psycopg.connect(conninfo, autocommit=True) as listener:
        listener.execute(f"LISTEN {CHANNEL}")
        announcer = Announcer(conninfo, "somebody")
        for topic in said:
            announcer.announce({topic})
        announcer.end()
        heard = [notice.payload for notice in listener.notifies(timeout=5, stop_after=1)]
        heard += [notice.payload for notice in listener.notifies(timeout=0.2)]
    assert len(heard) < len(said)
    assert sorted(topic for payload in heard for topic in payload.removeprefix("somebody ").split(",")) == sorted(said)


def test_news_that_could_not_be_told_are_told_when_the_database_is_back(
    app: App, elsewhere: PostgresQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, tell, failed = listening(elsewhere), Announcer._tell, []

    def once_in_vain(self: Announcer, topics: set[str]) -> None:
        if not failed:
            failed.append(topics)
            raise psycopg.OperationalError("gone")
        tell(self, topics)

    monkeypatch.setattr(Announcer, "_tell", once_in_vain)
    with app.unit_of_work() as work:
        work.nudge("feedback")
    assert elsewhere.wait(seen, timeout=10, topics={"feedback"}) > seen
    assert failed == [{"feedback"}]


def test_news_go_out_at_once_by_a_new_connection_where_the_old_one_was_cut(app: App, elsewhere: PostgresQueue) -> None:
    seen = listening(elsewhere)
    with app.unit_of_work() as work:
        work.nudge("feedback")
    seen = elsewhere.wait(seen, timeout=5, topics={"feedback"})
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'earshot announcer'"
    with app.unit_of_work() as work:
        assert work.session.scalars(text(f"{cut} AND datname = current_database()")).all() == [True]
        work.nudge("work_items")
    assert elsewhere.wait(seen, timeout=5, topics={"work_items"}) > seen


def test_who_waits_for_one_topic_sleeps_through_the_others(app: App, elsewhere: PostgresQueue) -> None:
    seen = listening(elsewhere)
    with app.unit_of_work() as work:
        work.nudge("work_items")
    assert elsewhere.wait(seen, timeout=5) > seen
    assert elsewhere.wait(seen, timeout=0, topics={"feedback"}) <= seen


def test_a_lost_connection_is_made_anew_and_everybody_looks_again(app: App, elsewhere: PostgresQueue) -> None:
    seen = listening(elsewhere)
    with app.database.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND application_name = 'earshot listener'"
            )
        )
    after = elsewhere.wait(seen, timeout=5, topics={"feedback"})
    assert after > seen
    with app.unit_of_work() as work:
        work.nudge("feedback")
    assert elsewhere.wait(after, timeout=5) > after


def test_one_process_at_a_time_may_do_what_is_done_alone(app: App, elsewhere: PostgresQueue) -> None:
    with app.queue.alone("timers") as mine, elsewhere.alone("timers") as theirs, elsewhere.alone("imports") as another:
        assert (mine, theirs, another) == (True, False, True)
    with elsewhere.alone("timers") as theirs:
        assert theirs


def test_the_look_of_a_dead_worker_does_not_keep_its_instance_waiting(app: App) -> None:
    defer(app, 7)
    with app.database.begin() as connection:
        dead = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - interval '1 minute') RETURNING id"
        query = "UPDATE procrastinate_jobs SET status = 'doing', worker_id = :worker"
        connection.execute(text(query), {"worker": connection.scalar(text(dead))})
    defer(app, 7)
    seen: list[int] = []
    with app.queue.driving(seen.append, concurrency=1):
        eventually(lambda: looks(app.database) == [], within=10)
    assert seen == [7]


def test_looks_at_one_instance_come_one_after_the_other_those_at_others_beside_them(app: App) -> None:
    under_way: list[int] = []
    together: list[tuple[int, ...]] = []
    both = threading.Barrier(2)

    def look(instance_id: int) -> None:
        under_way.append(instance_id)
        both.wait(timeout=5)
        together.append(tuple(sorted(under_way)))
        both.wait(timeout=5)
        under_way.remove(instance_id)

    for instance_id in (7, 7, 8, 8):
        defer(app, instance_id)
    with app.queue.driving(look, concurrency=4):
        eventually(lambda: len(together) == 4, within=10)
    assert together == [(7, 8)] * 4


def test_a_driver_that_loses_the_database_comes_back_by_itself(app: App) -> None:
    seen: list[int] = []
    with app.queue.driving(seen.append, concurrency=1):
        eventually(lambda: app.queue.report().workers == 1, within=10)
        with app.database.begin() as connection:
            others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'earshot driver'"
            connection.execute(text(f"{others} AND datname = current_database()"))
        defer(app, 7)
        eventually(lambda: seen == [7], within=10)


def test_the_report_says_who_drives_who_listens_and_what_waits(app: App, elsewhere: PostgresQueue) -> None:
    listening(elsewhere)
    defer(app, 7)
    report = app.queue.report()
    assert (report.driver, report.waiting, report.workers, report.listeners) == ("Procrastinate", 1, 0, 1)
    assert report.behind_for.total_seconds() > 0


def test_the_queue_s_tables_are_installed_once_and_leave_nothing_behind(app: App) -> None:
    with app.database.begin() as connection:
        install.install(connection)
        connection.execute(text("COMMENT ON TABLE procrastinate_jobs IS 'procrastinate 3.9.0'"))
        assert not install.is_installed(connection)
        install.install(connection)
        assert install.is_installed(connection)
        install.remove(connection)
        left = "SELECT count(*) FROM pg_proc WHERE proname LIKE 'procrastinate%'"
        assert connection.scalar(text(left)) == 0
        assert connection.scalar(text("SELECT count(*) FROM pg_type WHERE typname LIKE 'procrastinate%'")) == 0


def test_a_step_that_leaves_a_job_stays_within_its_statements(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    put_live(app, ONE_JOB)
    with app.unit_of_work() as work:  # what each process keeps for some seconds is read now
        engine.start(work, "lookup", {})
    with counted(monkeypatch) as start, app.unit_of_work() as work:
        engine.start(work, "lookup", {})
    assert len(start) <= 9 + 2, start
    with counted(monkeypatch) as step:
        app.look(2)
    assert len(step) <= 3 + 13, step


def test_a_chain_of_jobs_is_done_in_one_look(app: App) -> None:
    put_live(app, THREE_JOBS)
    with app.unit_of_work() as work:
        engine.start(work, "chain", {})
    app.look(1)
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(ProcessInstance.status)).all() == ["completed"]
    assert looks(app.database) == [("instance:1", "1")]


@contextmanager
def counted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement that reaches the driver, whoever sends it."""
    seen: list[str] = []
    with monkeypatch.context() as patch:
        for name in ("execute", "executemany"):
            patch.setattr(psycopg.Cursor, name, watched(getattr(psycopg.Cursor, name), seen))
        yield seen


def watched(original: object, seen: list[str]) -> object:
    def execute(self: object, query: object, *rest: object, **options: object) -> object:
        if query != ";":  # the pool asks whether the connection lives
            seen.append(str(query))
        return original(self, query, *rest, **options)  # type: ignore[operator]  # a method of the class, taken from it above

    return execute


def defer(app: App, instance_id: int) -> None:
    with app.unit_of_work() as work:
        work.nudge("jobs", instance_id)


def listening(queue: PostgresQueue) -> int:
    """The mark of a queue that listens by now."""
    return queue.wait(0, timeout=10)
