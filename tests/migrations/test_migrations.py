"""The migrations say what the tables say, and lead there and back with data in them."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select

from bpm import identity, schema
from bpm.app import App
from bpm.db import Base
from bpm.identity.models import User

pytestmark = pytest.mark.both_databases


def test_the_newest_revision_is_what_the_models_say(app: App) -> None:
    with app.database.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "include_name": schema.is_ours})
        assert compare_metadata(context, Base.metadata) == []


def test_down_and_up_again_leaves_an_empty_working_database(app: App) -> None:
    make_person(app)
    schema.downgrade(app.database, to="base")
    assert set(inspect(app.database).get_table_names()) <= {"alembic_version"}
    schema.upgrade(app.database)
    make_person(app)
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(User.username)).all() == ["ada"]


def test_upgrading_twice_keeps_what_is_there(app: App) -> None:
    make_person(app)
    schema.upgrade(app.database)
    with app.unit_of_work.reading() as work:
        assert len(identity.list_users(work)) == 1


def make_person(app: App) -> None:
    with app.unit_of_work() as work:
        identity.create_user(work, "ada", display_name="Ada", password="correct horse", roles=["admin"], groups=["it"])


def test_a_revision_only_adds_so_that_the_release_before_works_on(app: App) -> None:
    """The rule of bpm.schema: what the older code writes must still be taken."""
    revisions = schema.history()
    schema.downgrade(app.database, to=revisions[0])
    before = columns(app)
    for revision in revisions[1:]:
        schema.upgrade(app.database, to=revision)
        after = columns(app)
        assert set(before) <= set(after), f"{revision} takes columns away"
        demanding = [
            name for name, demands in after.items() if demands and (before.get(name) is False or is_new(name, before))
        ]
        assert demanding == [], f"{revision} demands what the release before does not write"
        before = after


def columns(app: App) -> dict[tuple[str, str], bool]:
    """(table, column) -> whether a writer must give a value."""
    found = inspect(app.database)
    return {
        (table, column["name"]): not (column["nullable"] or column["default"] or column.get("autoincrement"))
        for table in found.get_table_names()
        for column in found.get_columns(table)
        if schema.is_ours(table, "table", None)
    }


def is_new(name: tuple[str, str], before: dict[tuple[str, str], bool]) -> bool:
    """A new column of a table that the release before knows."""
    return name not in before and any(table == name[0] for table, _ in before)
