"""Writers of a SQLite file come one after the other, and nobody is told that it is locked for having waited."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, text
from sqlalchemy.exc import OperationalError

from bpm.foundation.db import READ_ONLY, connect
from bpm.foundation.sqlite.writing import PATIENCE


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    engine = connect(f"sqlite:///{tmp_path / 'turns.db'}")
    # SQLite itself waits for nobody here: what waits is ours.
    event.listen(engine, "connect", lambda connection, _record: connection.execute("PRAGMA busy_timeout=0"))
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE said (word INTEGER)"))
    return engine


def write(engine: Engine, word: int) -> None:
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (:word)"), {"word": word})


def count(engine: Engine) -> int:
    with engine.connect().execution_options(**{READ_ONLY: True}) as connection:
        return int(connection.scalar(text("SELECT count(*) FROM said")) or 0)


def test_many_writers_at_once_all_come_through(engine: Engine) -> None:
    with ThreadPoolExecutor(12) as pool:
        list(pool.map(lambda word: write(engine, word), range(300)))
    assert count(engine) == 300


def test_who_may_not_wait_is_told_so_and_reading_goes_on_meanwhile(engine: Engine) -> None:
    hasty = engine.execution_options(**{PATIENCE: 0.0})
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (1)"))
        with pytest.raises(OperationalError, match="locked"):
            write(hasty, 2)
        assert count(engine) == 0
    write(hasty, 3)
    assert count(engine) == 2


def test_a_transaction_that_failed_gives_its_turn_back(engine: Engine) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), engine.begin() as connection:
            connection.execute(text("INSERT INTO said VALUES (1)"))
            raise ZeroDivisionError
    write(engine.execution_options(**{PATIENCE: 0.0}), 2)
    assert count(engine) == 1


def test_another_process_at_work_is_waited_for_by_sqlite_and_keeps_no_turn(engine: Engine, tmp_path: Path) -> None:
    other = connect(f"sqlite:///{tmp_path / 'turns.db'}")
    with other.begin() as connection:
        connection.execute(text("INSERT INTO said VALUES (1)"))
        with pytest.raises(OperationalError, match="locked"):
            write(engine, 2)
    write(engine.execution_options(**{PATIENCE: 0.0}), 3)
    assert count(engine) == 2
