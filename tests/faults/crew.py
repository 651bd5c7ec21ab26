"""Starts, kills and awaits the processes of these tests: forked from one that has everything imported."""

import multiprocessing
import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from tests.faults.deaths import Death
from tests.faults.roles import IN_A_HURRY, Order, obey

KILLED = -signal.SIGKILL


@dataclass
class Crew:
    """The processes of one test on one database."""

    folder: Path
    settings: Mapping[str, str]
    members: list[BaseProcess] = field(default_factory=list)

    def start(
        self, command: str, *, death: Death | None = None, constants: Mapping[str, Any] | None = None
    ) -> BaseProcess:
        """A process that runs `command` (see `roles.COMMANDS`); `exitcode` is `KILLED` once it died as planned."""
        log = self.folder / f"{command.split(maxsplit=1)[0]}.log"
        order = Order(command, self.settings, log, death, {**IN_A_HURRY, **(constants or {})})
        process = _forks().Process(target=obey, args=(order,), daemon=True)
        process.start()
        self.members.append(process)
        return process

    def run(self, command: str, *, death: Death | None = None, **options: Any) -> int:
        """The same to its end; gives the exit code."""
        process = self.start(command, death=death, **options)
        process.join(60)
        assert process.exitcode is not None, f"{command} does not end"
        return process.exitcode

    def stop(self, process: BaseProcess, *, within: float = 60) -> int:
        """End it as an operator does, by SIGTERM; gives the exit code."""
        assert process.pid is not None
        os.kill(process.pid, signal.SIGTERM)
        process.join(within)
        assert process.exitcode is not None, "it does not end on SIGTERM"
        return process.exitcode

    def end(self) -> None:
        for process in self.members:
            if process.exitcode is None:
                process.kill()
            process.join(10)

    def until(self, holds: Callable[[], Any], *, what: str, within: float = 60) -> Any:
        """Wait for what these processes bring about; says what they said when it does not come."""
        try:
            return until(holds, within=within, what=what)
        except AssertionError as late:
            raise AssertionError(f"{late}\n{self.said()}") from None

    def said(self) -> str:
        """What all of them wrote, for the message of a test that fails."""
        return "\n".join(path.read_text(errors="replace")[-6000:] for path in sorted(self.folder.glob("*.log")))


def _forks() -> Any:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.faults.roles", "tests.faults.crew", "pytest"])
    return context


@contextmanager
def crew(folder: Path, settings: Mapping[str, str]) -> Iterator[Crew]:
    """A crew that is gone when the test is over."""
    made = Crew(folder, settings)
    try:
        yield made
    finally:
        made.end()


def until(holds: Callable[[], Any], *, within: float = 60, what: str = "it") -> Any:
    """Wait for other processes: the first true value of `holds`."""
    end = time.monotonic() + within
    while time.monotonic() < end:
        if value := holds():
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what} did not happen within {within} s")
