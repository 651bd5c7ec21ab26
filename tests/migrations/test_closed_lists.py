"""The database holds every closed list, on the way up and on the way down, and says what stands in the way."""

import pytest
from sqlalchemy import CheckConstraint, Enum, inspect, text
from sqlalchemy.exc import IntegrityError

from bpm import schema
from bpm.app import App
from bpm.foundation.db import Base
from bpm.foundation.errors import EarshotError

pytestmark = pytest.mark.both_databases

BATCH = text(
    "INSERT INTO batch (act, parameters, reason, status, total, created_at)"
    " VALUES ('retry', '{}', 'because', :status, 0, '2026-03-02 09:00:00+00:00')"
)


def test_each_closed_list_of_the_models_is_a_constraint_of_the_database(app: App) -> None:
    wanted = {
        (table.name, str(constraint.name))
        for table in Base.metadata.tables.values()
        for constraint in table.constraints
        if isinstance(constraint, CheckConstraint)
    }
    columns = [column for table in Base.metadata.tables.values() for column in table.c]
    assert len(wanted) > sum(isinstance(column.type, Enum) for column in columns) > 20
    assert wanted <= held(app)


def held(app: App) -> set[tuple[str, str | None]]:
    """(table, name) of every constraint of the database that looks at values."""
    found = inspect(app.database)
    return {(table, check["name"]) for table in found.get_table_names() for check in found.get_check_constraints(table)}


def test_a_word_that_is_none_of_the_list_is_not_written(app: App) -> None:
    with app.database.begin() as connection:
        connection.execute(BATCH, {"status": "paused"})
    with pytest.raises(IntegrityError, match="ck_batch_status"), app.database.begin() as connection:
        connection.execute(BATCH, {"status": "asleep"})


def test_down_and_up_again_keeps_rows_indexes_and_lists(app: App) -> None:
    with app.database.begin() as connection:
        connection.execute(BATCH, {"status": "stopped"})
    before = held(app), indexes(app)
    schema.downgrade(app.database, to="0008")
    with_lists = indexes(app)
    schema.downgrade(app.database, to="0007")
    assert ("batch", "ck_batch_status") not in held(app)
    assert indexes(app) == with_lists
    schema.upgrade(app.database)
    assert (held(app), indexes(app)) == before
    with app.database.connect() as connection:
        assert connection.execute(text("SELECT status FROM batch")).scalars().all() == ["stopped"]
        if connection.dialect.name == "sqlite":
            assert connection.exec_driver_sql("PRAGMA integrity_check").scalars().all() == ["ok"]


def indexes(app: App) -> set[tuple[str, str | None]]:
    found = inspect(app.database)
    return {(table, index["name"]) for table in found.get_table_names() for index in found.get_indexes(table)}


def test_rows_that_no_release_wrote_keep_the_database_where_it_is_and_are_named(app: App) -> None:
    schema.downgrade(app.database, to="0007")
    with app.database.begin() as connection:
        connection.execute(BATCH, [{"status": "asleep"}, {"status": "asleep"}, {"status": "done"}])
    with pytest.raises(EarshotError, match=r"column status of the table batch .* 'asleep' in 2 rows"):
        schema.upgrade(app.database)
    assert schema.current(app.database) == "0007"
    with app.database.begin() as connection:
        connection.execute(text("UPDATE batch SET status = 'done'"))
    schema.upgrade(app.database)
    assert schema.current(app.database) == schema.newest()
