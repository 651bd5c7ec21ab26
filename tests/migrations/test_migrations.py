"""The migrations say what the tables say, and lead there and back with data in them."""

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import inspect, select, text

from bpm import feedback, identity, schema
from bpm.app import App
from bpm.foundation.db import Base
from bpm.foundation.errors import EarshotError
from bpm.identity.models import User
from bpm.processes.models import CallGuard, GuardedTask
from bpm.processes.status import GuardEffect, GuardRule, GuardVerdict
from bpm.secrets import Owner, get_secret
from tests.web.conftest import put_live, start_refund

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


SOURCE = text(
    "INSERT INTO webhook_source (name, key, secret, channel, source, mapping, active, created_at)"
    " VALUES (:key, :key, :secret, 'email', 'shop', '{}', true, '2026-03-02 09:00:00+00:00')"
)


def test_secrets_of_webhook_sources_are_sealed_on_the_way_up_and_opened_on_the_way_down(app: App) -> None:
    planted = {"shop": "planted-77aa01", "desk": "planted-77aa02"}
    schema.downgrade(app.database, to="0002")
    with app.database.begin() as connection:
        connection.execute(SOURCE, [{"key": key, "secret": secret} for key, secret in planted.items()])
    with pytest.raises(EarshotError, match="earshot migrate"):
        schema.upgrade(app.database)
    assert schema.current(app.database) == "0002"
    for _ in range(2):
        schema.upgrade(app.database, settings=app.settings)
        assert plain_secrets(app) == {"shop": None, "desk": None}
        with app.unit_of_work.reading() as work:
            rows = work.session.execute(text("SELECT key, id FROM webhook_source")).all()
            opened = {row.key: get_secret(work, Owner("webhook_source", str(row.id))) for row in rows}
        assert opened == planted
        assert b"planted-77aa" not in b"".join(path.read_bytes() for path in app.settings.home.glob("earshot.db*"))
        schema.downgrade(app.database, to="0002", settings=app.settings)
        assert plain_secrets(app) == planted


def plain_secrets(app: App) -> dict[str, str | None]:
    with app.database.connect() as connection:
        return {row[0]: row[1] for row in connection.execute(text("SELECT key, secret FROM webhook_source"))}


def test_a_secret_that_cannot_be_opened_keeps_the_database_from_going_down(app: App) -> None:
    with app.unit_of_work() as work:
        feedback.save_webhook(work, "Shop", channel="email")
    (app.settings.home / "secrets_keys").unlink()
    with pytest.raises(EarshotError, match="webhook_source 1: The secret cannot be opened"):
        schema.downgrade(app.database, to="0002", settings=app.settings)
    assert schema.current(app.database) == schema.newest()


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


def test_a_table_that_others_refer_to_is_made_anew_with_its_rows(app: App) -> None:
    put_live(app)
    case = start_refund(app)
    with app.unit_of_work() as work:
        guard = CallGuard(
            definition_key="refund", element="check", rule=next(iter(GuardRule)), effect=next(iter(GuardEffect)),
            created_at=work.now(),
        )  # fmt: skip
        work.session.add(guard)
        work.session.flush()
        work.session.add(
            GuardedTask(
                work_item_id=1, instance_id=case, definition_key="refund", element="check", guard_id=guard.id,
                verdict=next(iter(GuardVerdict)), reason="They asked for peace.", at=work.now(),
            )
        )  # fmt: skip
    schema.downgrade(app.database, to="0062")
    schema.upgrade(app.database)
    with app.unit_of_work.reading() as work:
        kept = work.session.execute(select(CallGuard.element, GuardedTask.reason).join(GuardedTask)).all()
        assert kept == [("check", "They asked for peace.")]
