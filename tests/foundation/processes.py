"""Real processes of the product on one PostgreSQL, as they run on many machines."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise

from bpm.app import App
from bpm.engine import api as engine


def _jobs_in_a_row(key: str, many: int) -> bytes:
    ids = ["start", *(f"job{n}" for n in range(many)), "end"]
    jobs = "".join(
        f'<serviceTask id="{each}" camunda:type="external" camunda:topic="tracking.lookup"/>' for each in ids[1:-1]
    )
    flows = "".join(f'<sequenceFlow id="to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(ids))
    return f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="test"
        xmlns:camunda="http://camunda.org/schema/1.0/bpmn"><process id="{key}" isExecutable="true">
        <startEvent id="start"/>{jobs}<endEvent id="end"/>{flows}</process></definitions>""".encode()


ONE_JOB, THREE_JOBS = _jobs_in_a_row("lookup", 1), _jobs_in_a_row("chain", 3)


EARSHOT = "from bpm.cli import main; main()"


def put_live(app: App, source: bytes) -> None:
    with app.unit_of_work() as work:
        version = engine.deploy(work, engine.check(source, "model.bpmn"))
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)


@contextmanager
def running(app: App, *arguments: str, program: str = EARSHOT, **settings: str) -> Iterator["subprocess.Popen[str]"]:
    """`earshot <arguments>` as a process of its own on the database of `app`, up and saying so."""
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("EARSHOT_")},
        "EARSHOT_HOME": str(app.settings.home),
        "EARSHOT_DATABASE_URL": app.settings.database_url,
        "EARSHOT_SECRET_KEY": app.settings.secret_key,
        "EARSHOT_EMBEDDED_WORKER": "false",
        "PYTHONUNBUFFERED": "1",
        **{f"EARSHOT_{name.upper()}": value for name, value in settings.items()},
    }
    process = subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield process
    finally:
        process.kill()
        process.communicate(timeout=10)


def said(process: "subprocess.Popen[str]", words: str) -> str:
    """Wait for a line with these words; gives it."""
    assert process.stdout is not None
    for line in process.stdout:
        if re.search(words, line):
            return line
    raise AssertionError(f"The process ended without saying {words!r}.")


def end(*processes: "subprocess.Popen[str]") -> list[int]:
    """End them as an operator does; gives their exit codes."""
    for process in processes:
        process.send_signal(signal.SIGTERM)
    return [process.wait(timeout=15) for process in processes]


def eventually(look: Callable[[], bool], *, within: float, else_say: Callable[[], object] = str) -> float:
    """Seconds until `look` was true; AssertionError with what `else_say` found when it was not in time."""
    began = time.monotonic()
    while time.monotonic() - began < within:
        if look():
            return time.monotonic() - began
        time.sleep(0.02)
    raise AssertionError(f"It did not come within {within} s. {else_say()}")


class Visitor:
    """A person's browser without a browser: signs in to a process and keeps a stream of news open."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())

    def get(self, path: str) -> str:
        with self._opener.open(self._address + path, timeout=10) as answer:
            return str(answer.read().decode())

    def sign_in(self, username: str, password: str) -> None:
        found = re.search(r'"X-CSRFToken": "([^"]+)"', self.get("/sign-in"))
        assert found
        form = {"csrf_token": found.group(1), "username": username, "password": password}
        with self._opener.open(self._address + "/sign-in", urllib.parse.urlencode(form).encode(), timeout=10) as answer:
            assert "/sign-in" not in answer.url

    def news(self, topic: str) -> Iterator[str]:
        """The marks of the topic as they come."""
        with self._opener.open(f"{self._address}/live?topics={topic}", timeout=10) as stream:
            for line in stream:
                if line.startswith(b"data: "):
                    yield json.loads(line[6:])[topic]
