"""`earshot serve --demo`: the first page is there before the story is told, and says how far that is."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bpm import demo
from bpm.app import build
from bpm.foundation.settings import Settings
from tests.faults.browsing import Visitor

SERVE = "from bpm.cli import main; main()"


@contextmanager
def serving(home: Path, *options: str) -> Iterator[tuple[int, list[str]]]:
    """The port at which it answers, and the lines that it told by then."""
    command = [sys.executable, "-c", SERVE, "serve", "--port", "0", *options]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, env=os.environ | {"EARSHOT_HOME": str(home)}
    ) as site:
        assert site.stdout is not None
        told: list[str] = []
        try:
            for line in site.stdout:
                told.append(line)
                if address := re.search(r"Earshot is at http://127.0.0.1:(\d+)", line):
                    yield int(address.group(1)), told
                    break
        finally:
            site.terminate()
            site.communicate(timeout=60)
    assert site.returncode == 0


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def test_people_sign_in_while_the_story_is_loading_and_every_page_says_so(home: Path) -> None:
    with serving(home, "--demo", "--items", "40") as (port, told):
        assert any(demo.PASSWORD in line for line in told)
        page = Visitor(port, patience=120).sign_in("sam", demo.PASSWORD).ask("/tasks")
        assert demo.state(build(Settings(home=home))) is demo.State.HALF
    banner = re.search(r'<div id="banners"[^>]*data-live="banners"[^>]*>(.*?)</div>', page.text, re.DOTALL)
    assert banner
    assert re.search(r"The demo is still loading: \d+ %; lists fill up meanwhile\.", banner.group(1))
