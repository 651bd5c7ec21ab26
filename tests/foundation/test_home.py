"""Nobody but its owner reads the home: neither a new one nor one of an earlier release."""

import stat
from pathlib import Path

import pytest

from bpm import schema
from bpm.app import build
from bpm.foundation.errors import EarshotError
from bpm.foundation.home import write_once
from bpm.foundation.settings import Settings
from web.core.security import secret_of


def modes(folder: Path) -> dict[str, str]:
    paths = [folder, *folder.rglob("*")]
    return {str(path.relative_to(folder)): oct(stat.S_IMODE(path.stat().st_mode)) for path in paths}


def test_a_new_home_and_all_in_it_belong_to_its_owner_alone(tmp_path: Path) -> None:
    home = tmp_path / "home"
    app = build(Settings(home=home))
    schema.upgrade(app.database)
    secret_of(app.settings)
    with app.database.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
        found = modes(home)
    app.close()
    assert {"earshot.db", "earshot.db-wal", "earshot.db-shm", "secret_key"} <= set(found)
    assert found.pop(".") == "0o700"
    assert set(found.values()) == {"0o600"}


def test_a_home_that_others_could_read_is_closed_at_the_next_start_and_nothing_else_in_it_is_touched(
    tmp_path: Path,
) -> None:
    (tmp_path / "classifier").mkdir(mode=0o755)
    for name in ("earshot.db", "secret_key", "classifier/meta.json", "run.sh"):
        (tmp_path / name).touch(mode=0o644)
    (tmp_path / "run.sh").chmod(0o755)
    tmp_path.chmod(0o755)
    build(Settings(home=tmp_path)).close()
    found = modes(tmp_path)
    assert found["."] == found["classifier"] == "0o700"
    assert {found[name] for name in ("earshot.db", "secret_key", "classifier/meta.json")} == {"0o600"}
    assert found["run.sh"] == "0o755"


def test_a_database_elsewhere_is_closed_too(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    file = tmp_path / "elsewhere/other.db"
    build(Settings(home=tmp_path / "home", database_url=f"sqlite:///{file}")).close()
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_folder_that_everybody_shares_is_left_open(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    build(Settings(home=tmp_path)).close()
    assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o1777


def test_a_home_that_cannot_be_names_the_setting(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(EarshotError, match="EARSHOT_HOME"):
        build(Settings(home=tmp_path / "file/home"))


def test_what_is_written_once_is_never_written_over(tmp_path: Path) -> None:
    write_once(tmp_path / "key", "first")
    write_once(tmp_path / "key", "second")
    assert (tmp_path / "key").read_text() == "first"
    assert stat.S_IMODE((tmp_path / "key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["key"]
