"""The schema of the database and its migrations: which revision it is at, and how to bring it to the newest."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

from bpm.errors import EarshotError

_FOLDER = Path(__file__).parent.parent / "migrations"


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(_FOLDER))
    return config


def newest() -> str:
    """The revision that this code expects."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def current(database: Engine) -> str:
    """The revision that the database is at; empty for a new one."""
    with database.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() or ""


def upgrade(database: Engine, *, to: str = "head") -> None:
    """Bring the database to the revision `to`; safe to repeat."""
    config = _config()
    with database.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, to)
        connection.commit()


def downgrade(database: Engine, *, to: str) -> None:
    """Take the database back to the revision `to` ("base" for nothing at all)."""
    config = _config()
    with database.connect() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, to)
        connection.commit()


def demand_newest(database: Engine) -> None:
    """Raise EarshotError unless the database is at the revision that this code expects."""
    at, wanted = current(database), newest()
    if at != wanted:
        raise EarshotError(
            f"The database is at revision {at or 'none'}, this version of Earshot needs {wanted}.",
            remedy="Run: earshot migrate",
        )
