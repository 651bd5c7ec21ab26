"""What a command prints is its answer: the log goes to standard error, set up or not."""

import json
import subprocess
import sys

import pytest

SAYS = "from bpm.foundation.telemetry import configure, logger; from bpm.foundation.settings import Settings; {}"
WARNS = "logger('here').warning('a thing to know', number=7)"


@pytest.mark.parametrize("before", ["", "configure(Settings());", "configure(Settings(log_json=True));"])
def test_the_log_leaves_standard_output_to_the_answer(before: str) -> None:
    script = SAYS.format(f"{before} {WARNS}; print('{{}}')")
    made = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert json.loads(made.stdout) == {}
    assert "a thing to know" in made.stderr
