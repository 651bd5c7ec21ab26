"""A backup taken while everybody works: restored, it is sound and goes on to its end."""

import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from sqlalchemy import URL, make_url, text

from bpm.app import App, build
from bpm.foundation.clock import SystemClock
from tests import postgres
from tests.faults.conftest import Count, environment_of
from tests.faults.crew import Crew, crew
from tests.faults.world import Tally, asking, broken, effects, jobs_left, tally

pytestmark = pytest.mark.both_databases

JOBS = 80


def test_a_backup_under_load_is_sound_and_goes_on_to_its_end(
    live_app: App, staff: Crew, tmp_path: Path, count: Count
) -> None:
    instances = asking(live_app, JOBS)
    for _ in range(2):
        staff.start("worker")
    staff.until(lambda: sum(effects(live_app).values()) > JOBS // 6, what="some work before the backup")
    with _restored(live_app, tmp_path) as url:
        app = build(live_app.settings.model_copy(update={"database_url": url}), clock=SystemClock())
        try:
            done = sum(effects(app).values())
            assert 0 < done < JOBS, "the backup was not taken in the middle"
            assert broken(app) == []
            with crew(tmp_path / "restored", environment_of(app.settings)) as others:
                others.start("worker")
                others.until(lambda: jobs_left(app) == 0, what="the end of all jobs")
            found = tally(app, instances)
            count(jobs=JOBS, done_before_the_backup=done, lost=found.lost, doubled=found.doubled, stuck=found.stuck)
            assert found == Tally(lost=0, doubled=0, stuck=0)
            assert broken(app) == []
        finally:
            app.database.dispose()
    staff.until(lambda: jobs_left(live_app) == 0, what="the end of all jobs of the original")
    assert tally(live_app, instances) == Tally(lost=0, doubled=0, stuck=0)


@contextmanager
def _restored(app: App, folder: Path) -> Iterator[str]:
    """The URL of a database restored from a backup that is taken now, as the how-to says."""
    (folder / "restored").mkdir()
    url = make_url(app.settings.url)
    if url.get_backend_name() == "sqlite":
        copy = folder / "restored" / "earshot.db"
        with closing(sqlite3.connect(str(url.database))) as source, closing(sqlite3.connect(copy)) as target:
            source.backup(target)
        yield f"sqlite:///{copy}"
        return
    dump = folder / "earshot.dump"
    _run("pg_dump", url, "--format=custom", f"--file={dump}")
    name = f"{url.database}_restored"
    with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    restored = url.set(database=name)
    _run("pg_restore", restored, "--exit-on-error", str(dump))
    try:
        yield restored.render_as_string(hide_password=False)
    finally:
        with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def _run(program: str, url: URL, *arguments: str) -> None:
    plain = url.set(drivername="postgresql").render_as_string(hide_password=False)
    command = [shutil.which(program) or postgres.binaries() / program, f"--dbname={plain}", *arguments]
    subprocess.run(command, check=True, capture_output=True)
