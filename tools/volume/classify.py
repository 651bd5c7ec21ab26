"""`python -m tools.volume.classify`: short texts a second through `earshot classify`, masking and language included.

Two runs, of a few texts and of many: what the first one takes is the start, the difference is the reading.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import click

from tools.bench.report import machine
from tools.volume.imports import WORDS

FEW = 256


@click.command()
@click.option("--texts", default=20_000, show_default=True)
@click.option("--file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="JSON Lines of one's own.")
def main(texts: int, file: Path | None) -> None:
    """Prints texts a second, by the clock and by processor time."""
    lines = file.read_bytes().splitlines() if file else [_line(number) for number in range(texts)]
    few, many = _run(lines[:FEW]), _run(lines)
    more = len(lines) - FEW
    by_clock, worked = (max(after - before, 1e-9) for before, after in zip(few, many, strict=True))
    click.echo(f"{machine()}; {len(lines):,} texts of {sum(map(len, lines)) / len(lines):.0f} bytes a line")
    click.echo(f"{more / by_clock:,.0f} texts a second, {more / worked:,.0f} by processor time; start {few[0]:.1f} s")


def _line(number: int) -> bytes:
    words = WORDS[number % len(WORDS)].format(number=number)
    return json.dumps({"id": number, "text": f"Order {number}: {words}", "channel": "email"}).encode()


def _run(lines: list[bytes]) -> tuple[float, float]:
    """(seconds of the clock, of processor time)."""
    with tempfile.TemporaryDirectory() as home:
        begun, before = perf_counter(), os.times()
        env = {**os.environ, "EARSHOT_HOME": home, "EARSHOT_LOG_LEVEL": "ERROR"}
        words = [str(Path(sys.executable).with_name("earshot")), "classify"]
        subprocess.run(words, env=env, input=b"\n".join(lines), stdout=subprocess.DEVNULL, check=True)  # noqa: S603 -- our own
        after = os.times()
    worked = after.children_user + after.children_system - before.children_user - before.children_system
    return perf_counter() - begun, worked


if __name__ == "__main__":
    main()
