"""What goes wrong on the command line is one clear line and an exit code, never a trace."""

import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bpm.cli import main

RUN = [sys.executable, "-c", "from bpm.cli import main; main()"]
CHECKOUT = Path(__file__).parents[2]


Said = tuple[int, str, str]
"""Exit code, standard output, standard error."""
Earshot = Callable[..., Said]


def in_a_process(home: Path, *words: str, **settings: str) -> Said:
    environment = {"EARSHOT_HOME": str(home), "PATH": "/usr/bin:/bin", **settings}
    done = subprocess.run([*RUN, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)
    return done.returncode, done.stdout, done.stderr


@pytest.fixture
def earshot(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Earshot:
    """The command, run here: the world need not be loaded for each."""

    def run(home: Path, *words: str, **settings: str) -> Said:
        for name in [name for name in os.environ if name.startswith("EARSHOT_")]:
            monkeypatch.delenv(name)
        for name, value in {"EARSHOT_HOME": str(home), **settings}.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr(sys, "argv", ["earshot", *words])
        code = 0
        try:
            main()
        except SystemExit as stop:
            code = int(stop.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (("user", "list"), {"EARSHOT_HOME": "/dev/null/nowhere"}, "/dev/null"),
        (("user", "list"), {"EARSHOT_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"}, "EARSHOT_DATABASE_URL"),
        (("settings",), {"EARSHOT_PORT": "many"}, "EARSHOT_PORT"),
        (("serve",), {"EARSHOT_LOG_LEVEL": "loud"}, "EARSHOT_LOG_LEVEL"),
        (("worker",), {"EARSHOT_SECRET_KEY": "x"}, "EARSHOT_SECRET_KEY"),
        (("migrate",), {"EARSHOT_SECRETS_KEY": "x"}, "EARSHOT_SECRETS_KEY"),
        (("doctor",), {"EARSHOT_DATABASE_URL": "mysql://x@y/z"}, "EARSHOT_DATABASE_URL"),
    ],
    ids=["home", "database", "setting", "level", "key", "keys", "url"],
)
def test_what_the_ground_refuses_is_one_line(
    earshot: Earshot, tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], told: str
) -> None:
    code, _out, err = earshot(tmp_path, *words, **settings)
    assert code == 1
    assert told in err
    assert err.count("\n") == 1
    assert "Traceback" not in err


def test_a_process_ends_with_the_line_and_the_code(tmp_path: Path) -> None:
    code, out, err = in_a_process(tmp_path, "serve", EARSHOT_LOG_LEVEL="loud")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "EARSHOT_LOG_LEVEL" in err


def test_a_misspelt_setting_is_named_and_the_command_goes_on(earshot: Earshot, tmp_path: Path) -> None:
    code, out, err = earshot(tmp_path, "settings", "--json", EARSHOT_LOGLEVEL="DEBUG")
    assert code == 0
    assert "EARSHOT_LOG_LEVEL?" in err
    assert "EARSHOT_LOGLEVEL" not in out


def test_settings_shows_no_key_and_no_password(earshot: Earshot, tmp_path: Path) -> None:
    keys = {
        "EARSHOT_SECRET_KEY": "planted-8f14e45fceea167a5a36dedd4bea2543",
        "EARSHOT_SECRETS_KEY": base64.b64encode(b"planted-and-exactly-32-bytes-it!").decode(),
        "EARSHOT_DATABASE_URL": "postgresql+psycopg://me:planted@127.0.0.1:1/x",
    }
    code, out, _err = earshot(tmp_path, "settings", **keys)
    assert code == 0
    assert "planted" not in out
    assert keys["EARSHOT_SECRETS_KEY"][:12] not in out


@pytest.mark.parametrize("words", [("bench", "--help"), ("--help",)])
def test_the_installed_command_finds_the_tools_of_its_checkout_from_anywhere(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    script = Path(sys.executable).with_name("earshot")
    done = subprocess.run([script, *words], cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "bench" in done.stdout


def test_without_a_checkout_a_tool_says_so_and_help_goes_on(tmp_path: Path) -> None:
    for package in ("bpm", "web"):
        shutil.copytree(
            CHECKOUT / package, tmp_path / package, ignore=shutil.ignore_patterns("model", "static", "__pycache__")
        )
    environment = {"EARSHOT_HOME": str(tmp_path / "home"), "PATH": "/usr/bin:/bin", "PYTHONPATH": str(tmp_path)}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-P", "-c", "from bpm.cli import main; main()", *words]
        return subprocess.run(
            command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
        )

    told = run("bench")
    assert told.returncode == 1
    assert "needs a checkout" in told.stderr
    assert "Traceback" not in told.stderr
    shown = run("--help")
    assert shown.returncode == 0
    assert "doctor" in shown.stdout
    assert "bench" not in shown.stdout
