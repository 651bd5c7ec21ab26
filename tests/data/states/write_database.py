"""Writes a small database as this release leaves it: `python -m tests.data.states.write_database 0.1`.

One instance waits for a person with a draft, one for a job, one for a timer and a message, one stands in a called
process of another definition, one has failed, one has ended. Packed with gzip; never written anew.
"""

import contextlib
import gzip
import sqlite3
import sys
import tempfile
from pathlib import Path

from bpm import identity, schema
from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.queries import WorkItemFilter, WorkItemRow, list_work_items
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from tests.conftest import MONDAY
from tests.data.states.write import HERE
from tests.engine import models


def fill(app: App) -> None:
    """The instances, by commands."""
    sources = (models.ONE_TASK, models.CALLER, models.SERVICE, models.TIMER, models.WAITER, models.NO_WAY)
    models.go_live(app, *sources)
    with app.unit_of_work() as work:
        person = identity.create_user(
            work, "anna", display_name="Anna", password="a long password", roles=["staff"], groups=["service"]
        )
        anna = identity.actor_of(person)
    for key in ("one", "one", "caller", "service", "timer", "noway"):
        models.begin(app, key, {"x": 1})
    models.begin(app, "waiter", {"order": 17})
    by_element = {item.element: item.id for item in reversed(acting_items(app))}
    with app.unit_of_work(anna) as work:
        engine.claim(work, by_element["Read"])
        engine.save_draft(work, by_element["Read"], {"answer": "half"})
    with app.unit_of_work() as work:
        engine.complete(work, by_element["A"], {})
    with app.unit_of_work() as work:
        engine.complete(work, sorted(item.id for item in acting_items(app) if item.element == "Read")[1], {})


def acting_items(app: App) -> tuple[WorkItemRow, ...]:
    with app.unit_of_work.reading() as work:
        return list_work_items(work, WorkItemFilter()).rows


def main(release: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        app = build(
            Settings(home=home, embedded_worker=False),
            clock=FixedClock(MONDAY),
        )
        schema.upgrade(app.database)
        fill(app)
        app.database.dispose()
        with contextlib.closing(sqlite3.connect(home / "earshot.db")) as database:
            database.execute("VACUUM INTO ?", [str(home / "whole.db")])
        packed = gzip.compress((home / "whole.db").read_bytes(), 9, mtime=0)
        (HERE / release / "earshot.db.gz").write_bytes(packed)


if __name__ == "__main__":
    main(sys.argv[1])
