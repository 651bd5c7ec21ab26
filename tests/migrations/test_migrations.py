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
