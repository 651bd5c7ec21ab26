"""Creates the tables without migrations, until the first migration is generated."""

import contextlib
import importlib

from sqlalchemy.engine import Engine

from bpm.db import Base


def create(engine: Engine) -> None:
    with contextlib.suppress(ModuleNotFoundError):
        for room in ("identity", "engine", "feedback", "processes"):
            importlib.import_module(f"bpm.{room}.models")
    Base.metadata.create_all(engine)
