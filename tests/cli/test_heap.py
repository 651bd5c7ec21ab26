"""What a process has loaded is left out of the search for cycles."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bpm.cli.classify import classify
from bpm.cli.import_feedback import import_
from bpm.cli.server import heap

COUNTED = """
import gc
from bpm.cli.server import heap
before = len(gc.get_objects())
heap.settle()
print(before, len(gc.get_objects()), gc.get_freeze_count(), gc.isenabled())
"""

FREED = """
import threading
from argon2 import PasswordHasher
from bpm.cli.server import heap

def held():
    return int(open("/proc/self/statm").read().split()[1]) * 4096

heap.settle()
begin = held()
ready = threading.Barrier(8)

def sign_in():
    for _ in range(2):
        ready.wait()
        PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1).hash("several words of a person")

threads = [threading.Thread(target=sign_in) for _ in range(8)]
for one in threads:
    one.start()
for one in threads:
    one.join()
print(held() - begin)
"""


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="This system does not tell a process's memory.")
def test_what_a_password_took_is_given_back_by_every_thread() -> None:
    said = subprocess.run([sys.executable, "-c", FREED], check=True, capture_output=True, text=True)
    assert int(said.stdout) < 40_000_000  # eight at once take 19 MiB each


def test_what_is_loaded_is_not_walked_again_and_what_comes_later_is() -> None:
    said = subprocess.run([sys.executable, "-c", COUNTED], check=True, capture_output=True, text=True)
    before, walked, left_out, enabled = said.stdout.split()
    assert int(walked) * 50 < int(before) < int(left_out) * 2
    assert enabled == "True"


def test_commands_that_go_through_many_rows_leave_what_they_loaded_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    settled: list[str] = []
    monkeypatch.setattr(heap, "settle", lambda: settled.append("settled"))
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))
    rows = tmp_path / "said.csv"
    rows.write_text("id,text\n1,it never arrived\n")
    assert CliRunner().invoke(import_, [str(rows), "--json"]).exit_code == 0
    assert CliRunner().invoke(classify, input='{"text": "it never arrived"}\n').exit_code == 0
    assert settled == ["settled", "settled"]
