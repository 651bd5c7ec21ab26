"""The product's own processes under a load: started as an operator starts them, and how much memory they took."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings

Process = subprocess.Popen[str]


@contextmanager
def earshot(*arguments: str, settings: Settings, says: str) -> Iterator[Process]:
    """`earshot <arguments>` on the home and database of `settings`, from when it `says` so to the block's end."""
    command = [sys.executable, "-c", "from bpm.cli import main; main()", *arguments]
    process = subprocess.Popen(  # noqa: S603
        command, env=_environment(settings), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    try:
        _wait_for(process, says)
        Thread(target=_read_away, args=(process,), daemon=True).start()
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _environment(settings: Settings) -> Mapping[str, str]:
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith("EARSHOT_")},
        "EARSHOT_HOME": str(settings.home),
        "EARSHOT_DATABASE_URL": settings.database_url,
        "EARSHOT_SECRET_KEY": settings.secret_key,
        "EARSHOT_EMBEDDED_WORKER": "false",
        "EARSHOT_LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }


def _wait_for(process: Process, words: str) -> None:
    said = []
    for line in process.stdout or ():
        said.append(line)
        if words in line:
            return
    raise EarshotError(f"The process ended without saying {words!r}.", remedy="".join(said[-5:]))


def _read_away(process: Process) -> None:
    """What a process says into a full pipe would stop it."""
    for _line in process.stdout or ():
        pass


def memory_of(process: Process) -> list[float]:
    """Most memory that the process and each of its children have had, in MB; empty where the system does not tell."""
    return [peak for peak in map(_peak, [process.pid, *_children(process.pid)]) if peak]


def _children(pid: int) -> list[int]:
    found: list[int] = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            found += [int(child), *_children(int(child))]
    return found


def _peak(pid: int) -> float:
    path = Path(f"/proc/{pid}/status")
    if not path.exists():
        return 0.0
    lines = dict(line.partition(":")[::2] for line in path.read_text().splitlines())
    return int(lines.get("VmHWM", "0 kB").split()[0]) / 1024
