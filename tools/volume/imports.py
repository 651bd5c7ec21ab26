"""`python -m tools.volume.imports`: a large file through `earshot import`, twice; rows a second, memory, what came in.

The reading child and the writing command are measured apart: the peak of their resident memory is read from /proc
while they run (Linux). The second import of the same file must bring nothing.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, sleep
from typing import Any

import click

from tools.bench.report import machine

WORDS = (
    "the order never arrived and nobody answers",
    "great service, thank you for the quick help",
    "please call me at 555-0134 about the refund",
    "the app closes whenever I open my bill",
    "I want to cancel, write to me at {number}@example.org",
)
FILLING = (
    "I ordered it for my daughter and she was looking forward to it.",
    "Your colleague on the phone was friendly but could not tell me anything.",
    "We have been customers for a long time and never had such trouble before.",
    "Please look at it again and tell me what happens next.",
    "The page shows the same message whenever I try to open it.",
    "My neighbour had the same problem and it was solved in a day.",
    "I do not want my money back, I want the thing that I paid for.",
)
"""Sentences between, so that a row has its number and at most one private thing, as people write."""
SHAPES = ("csv", "jsonl", "mbox")
BEAT_SECONDS = 0.25


@dataclass(frozen=True)
class Measured:
    """One import: seconds of the clock and of processor time, peaks of memory in bytes, and what it said."""

    seconds: float
    worked: float
    command: int
    child: int
    said: dict[str, Any]


@click.command()
@click.option("--rows", default=210_000, show_default=True)
@click.option("--letters", default=900, show_default=True, help="Letters of each row's words.")
@click.option("--shape", type=click.Choice(SHAPES), default="csv", show_default=True)
@click.option("--database", default="", help="SQLAlchemy URL of an empty database; else SQLite in a new folder.")
def main(rows: int, letters: int, shape: str, database: str) -> None:
    """Prints a line per import."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"large.{shape}"
        with path.open("w", encoding="utf-8") as file:
            for part in _WRITERS[shape](rows, letters):
                file.write(part)
        env = {**os.environ, "EARSHOT_HOME": f"{folder}/home", "EARSHOT_LOG_LEVEL": "ERROR"}
        if database:
            env["EARSHOT_DATABASE_URL"] = database
        click.echo(f"{machine().removesuffix('.')}; {path.stat().st_size / 1e6:.0f} MB, {rows:,} rows")
        for which in ("first", "again"):
            it = _measure(path, env)
            told = {name: it.said[name] for name in ("rows", "new", "changed", "skipped", "failed")}
            click.echo(
                f"{which}: {rows / it.seconds:,.0f} rows a second ({it.seconds:.0f} s, {it.worked:.0f} s worked);"
                f" command {it.command / 1e6:.0f} MB, reading child {it.child / 1e6:.0f} MB; {told}"
            )


def _csv(rows: int, letters: int) -> Iterator[str]:
    yield "id,text,channel,email,created_at\n"
    for number in range(rows):
        yield f'{number},"{_words(number, letters)}",review,p{number % 5000}@example.org,2026-01-{number % 28 + 1:02}\n'


def _jsonl(rows: int, letters: int) -> Iterator[str]:
    for number in range(rows):
        said = {"id": number, "text": _words(number, letters), "channel": "review", "author_id": f"p{number % 5000}"}
        yield json.dumps(said) + "\n"


def _mbox(rows: int, letters: int) -> Iterator[str]:
    for number in range(rows):
        sender = f"p{number % 5000}@example.org"
        yield (
            f"From {sender} Mon Jan  5 10:00:00 2026\nFrom: <{sender}>\nTo: <help@shop.example>\n"
            f"Subject: Order {number}\nMessage-ID: <{number}@example.org>\nDate: Mon, 05 Jan 2026 10:00:00 +0000\n\n"
            f"{_words(number, letters)}\n\n"
        )


def _words(number: int, letters: int) -> str:
    said = [f"Order {number}: {WORDS[number % len(WORDS)].format(number=number)}."]
    size = len(said[0])
    while size < letters:
        said.append(FILLING[(number + len(said)) % len(FILLING)])
        size += len(said[-1]) + 1
    return " ".join(said)[:letters]


_WRITERS = {"csv": _csv, "jsonl": _jsonl, "mbox": _mbox}


def _measure(path: Path, env: dict[str, str]) -> Measured:
    begun, before = perf_counter(), os.times()
    earshot = str(Path(sys.executable).with_name("earshot"))
    words = [earshot, "import", str(path), "--source", "large", "--json"]
    peaks: dict[int, int] = {}
    with tempfile.TemporaryFile() as told:  # what is known already is listed: more than a pipe holds
        running = subprocess.Popen(words, env=env, stdout=told)  # noqa: S603 -- our own command
        while running.poll() is None:
            for pid in (running.pid, *_children(running.pid)):
                peaks[pid] = max(peaks.get(pid, 0), _peak(pid))
            sleep(BEAT_SECONDS)
        told.seek(0)
        said = json.loads(told.read())
    after = os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    child = max((peak for pid, peak in peaks.items() if pid != running.pid), default=0)
    return Measured(perf_counter() - begun, worked, peaks.get(running.pid, 0), child, said)


def _children(pid: int) -> list[int]:
    try:
        return [int(each) for each in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []


def _peak(pid: int) -> int:
    """The most resident memory that a process had so far, in bytes; 0 once it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM")), 0)


if __name__ == "__main__":
    main()
