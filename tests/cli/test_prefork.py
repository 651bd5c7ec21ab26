"""`earshot serve` with several processes: they share one address, are begun anew, and end together."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bpm.foundation.settings import Settings

Server = subprocess.Popen[str]


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EARSHOT_")},
        "EARSHOT_HOME": str(tmp_path),
        "EARSHOT_WEB_PROCESSES": "2",
        "EARSHOT_EMBEDDED_WORKER": "true",
        "PYTHONUNBUFFERED": "1",
    }
    command = [sys.executable, "-c", "from bpm.cli import main; main()", "serve", "--port", "0"]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    yield process
    process.kill()
    process.communicate(timeout=10)


def address_of(server: Server) -> str:
    assert server.stdout is not None
    return next(line for line in server.stdout if "Earshot is at" in line).split()[-1]


def children_of(server: Server) -> set[int]:
    return {int(pid) for pid in Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()}


def answers(address: str) -> bool:
    with urllib.request.urlopen(f"{address}/sign-in", timeout=20) as answer:
        return bool(answer.status == 200)


def eventually(holds: Callable[[], bool], *, within: float = 15.0) -> None:
    ends = time.monotonic() + within
    while not holds():
        assert time.monotonic() < ends
        time.sleep(0.02)


def is_alive(pid: int) -> bool:
    status = Path(f"/proc/{pid}/stat")
    return status.exists() and status.read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_child_that_is_killed_is_begun_anew_and_all_end_when_they_are_told(server: Server) -> None:
    address = address_of(server)
    first = children_of(server)
    assert len(first) == 3, "two that answer and the worker"
    assert answers(address)
    os.kill(min(first), signal.SIGKILL)
    eventually(lambda: len(children_of(server) - first) == 1)
    assert answers(address)
    now = children_of(server)
    eventually(lambda: answers(address))
    server.send_signal(signal.SIGTERM)
    assert server.wait(timeout=30) == 0
    assert not [pid for pid in now if is_alive(pid)]


def test_no_child_outlives_a_parent_that_is_killed(server: Server) -> None:
    assert answers(address_of(server))
    children = children_of(server)
    server.kill()
    eventually(lambda: not [pid for pid in children if is_alive(pid)])


def test_every_core_answers_on_postgresql_and_one_process_on_sqlite(tmp_path: Path) -> None:
    assert Settings(home=tmp_path).processes() == 1
    assert Settings(home=tmp_path, web_processes=3).processes() == 3
    grown = Settings(home=tmp_path, database_url="postgresql+psycopg://earshot@127.0.0.1/earshot")
    assert 1 <= grown.processes() <= 8
