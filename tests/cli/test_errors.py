"""What goes wrong on the command line is one clear line and an exit code, never a trace."""

import subprocess
import sys
from pathlib import Path

import pytest

RUN = [sys.executable, "-c", "from bpm.cli import main; main()"]


def earshot(home: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {"EARSHOT_HOME": str(home), "PATH": "/usr/bin:/bin", **settings}
    return subprocess.run([*RUN, *words], env=environment, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize(
    ("words", "settings", "told"),
    [
        (("user", "list"), {"EARSHOT_HOME": "/dev/null/nowhere"}, "/dev/null"),
        (("user", "list"), {"EARSHOT_DATABASE_URL": "postgresql+psycopg://x@127.0.0.1:1/x"}, "EARSHOT_DATABASE_URL"),
        (("settings",), {"EARSHOT_PORT": "many"}, "EARSHOT_PORT"),
    ],
    ids=["home", "database", "setting"],
)
def test_what_the_ground_refuses_is_one_line(
    tmp_path: Path, words: tuple[str, ...], settings: dict[str, str], told: str
) -> None:
    done = earshot(tmp_path, *words, **settings)
    assert done.returncode == 1
    assert told in done.stderr
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
