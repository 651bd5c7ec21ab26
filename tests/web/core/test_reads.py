"""What was read is written after the answer, together with what others read meanwhile, and nobody's is lost."""

from collections.abc import Sequence
from threading import Event, Thread

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.audit import Thing
from bpm.audit.models import AuditWaiting
from bpm.foundation.work import Actor, Origin
from web.core.on_record.reads import ByPerson, Gathering, put_on_record


def reader(number: int, *, words: str = "Check") -> ByPerson:
    person = Actor(user_id=number, name=f"reader-{number}", display_name=f"Reader {number}", via=Origin(f"r{number}"))
    return person, [("task.read", Thing("task", number, words), "")]


def readers_on_record(app: App) -> list[tuple[int | None, str, str]]:
    with app.unit_of_work.reading() as work:
        query = select(AuditWaiting.actor_id, AuditWaiting.object_id, AuditWaiting.request_id)
        rows = work.session.execute(query.where(AuditWaiting.verb == "task.read").order_by(AuditWaiting.id))
        return [(row.actor_id, row.object_id, row.request_id) for row in rows]


def test_who_reads_while_others_are_written_is_written_with_all_who_wait() -> None:
    gathering, begun, go_on = Gathering(), Event(), Event()
    batches: list[list[int | None]] = []

    def keep(batch: Sequence[ByPerson]) -> None:
        batches.append([person.user_id for person, _reads in batch])
        begun.set()
        assert go_on.wait(10)

    threads = [Thread(target=gathering.write, args=(reader(number), keep)) for number in range(4)]
    threads[0].start()
    assert begun.wait(10)
    for thread in threads[1:]:
        thread.start()
    while len(gathering._waiting) < 3:
        pass
    go_on.set()
    for thread in threads:
        thread.join(10)
    assert batches[0] == [0]
    assert sorted(batches[1]) == [1, 2, 3]
    assert len(batches) == 2


@pytest.mark.both_databases
def test_each_read_of_a_batch_is_on_record_under_its_own_person_and_request(app: App) -> None:
    put_on_record(app.unit_of_work, [reader(1), reader(2)])
    assert readers_on_record(app) == [(1, "1", "r1"), (2, "2", "r2")]


@pytest.mark.on_postgresql
def test_a_read_that_cannot_be_kept_takes_no_other_along(app: App, caplog: pytest.LogCaptureFixture) -> None:
    broken = Actor(user_id=2, name="two", display_name="Two", via=Origin("r" * 500))
    put_on_record(app.unit_of_work, [reader(1), (broken, [("task.read", Thing("task", 2), "")]), reader(3)])
    assert [person for person, *_rest in readers_on_record(app)] == [1, 3]
