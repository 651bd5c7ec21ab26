"""A backup holds what people attached, and comes back whole; it never overwrites a database."""

import io
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner
from sqlalchemy import make_url, text

from bpm import attachments
from bpm.app import App, build
from bpm.attachments import Place
from bpm.cli import cli
from bpm.foundation.settings import Settings
from tests import postgres

DATA = b"%PDF-1.7 " + bytes(range(256)) * 3000


def call(home: Path, url: str, *arguments: str) -> tuple[int, str]:
    programs = "" if shutil.which("pg_dump") else f"{postgres.binaries()}{os.pathsep}" if "postgres" in url else ""
    environment = {"EARSHOT_HOME": str(home), "EARSHOT_DATABASE_URL": url, "PATH": programs + os.environ["PATH"]}
    answer = CliRunner().invoke(cli, arguments, env=environment)
    return answer.exit_code, answer.output + str(answer.exception or "")


@pytest.mark.both_databases
def test_an_attached_file_comes_back_from_a_backup(app: App, tmp_path: Path) -> None:
    with app.unit_of_work() as work:
        attachments.attach(work, Place("case", 7), "offer.pdf", io.BytesIO(DATA))
    url, saved = app.settings.url, tmp_path / "saved.backup"
    done = call(tmp_path, url, "backup", str(saved))
    assert done[0] == 0, done
    assert saved.stat().st_mode & 0o077 == 0
    code, said = call(tmp_path, url, "restore", str(saved))
    assert code, said
    other = tmp_path / "other"
    other.mkdir()
    target = f"sqlite:///{other}/earshot.db"
    if make_url(url).get_backend_name() != "sqlite":
        name = f"{make_url(url).database}_restored"
        with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        target = make_url(url).set(database=name).render_as_string(hide_password=False)
    done = call(other, target, "restore", str(saved))
    assert done[0] == 0, done
    restored = build(Settings(home=other, database_url=target))
    try:
        with restored.unit_of_work.reading() as work:
            pieces = [attachments.read_piece(work, 1, number) for number in range(4)]
        assert b"".join(piece for piece in pieces if piece) == DATA
    finally:
        restored.close()
        if "sqlite" not in target:
            with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))


def test_what_is_no_backup_and_what_is_there_already_is_refused(app: App, tmp_path: Path) -> None:
    odd = tmp_path / "odd"
    odd.write_bytes(b"Hello")
    code, said = call(tmp_path, app.settings.url, "restore", str(odd))
    assert code
    assert "is no backup of a SQLite database" in said
    code, said = call(tmp_path, app.settings.url, "backup", str(odd))
    assert code
    assert "is there already" in said
    assert odd.read_bytes() == b"Hello"
