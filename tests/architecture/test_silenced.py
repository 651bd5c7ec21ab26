"""Where the type checker is told to be silent, the line says of what, and why."""

import re
from pathlib import Path

from tests.architecture.modules import ROOT

SILENCED = re.compile(r"# type: ignore(?!\[[\w-]+(?:, ?[\w-]+)*\] +# *\S)")
"""A mark without its kinds of error in brackets, or without a reason behind it."""


def test_no_mark_silences_the_type_checker_without_a_reason() -> None:
    bare = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in _sources()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if SILENCED.search(line)
    ]
    assert not bare


def _sources() -> list[Path]:
    rooms = ("bpm", "web", "tools", "tests", "migrations")
    return [path for room in rooms for path in (ROOT / room).rglob("*.py") if path != Path(__file__)]
