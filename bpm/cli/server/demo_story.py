"""The rest of the demo story, told in a process of its own while the site answers, visibly in the terminal."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import click

from bpm import demo
from bpm.cli.product import opened
from bpm.demo.loading import Progress
from bpm.foundation import telemetry
from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _

LOOKS_EVERY = 0.5
"""Seconds between two looks whether the story came to its end, or the site is to end."""


def tell(stopping: threading.Event, *, items: int | None = None) -> bool:
    """Whether the story came to its end; it is broken off when `stopping` is set, and begins anew at the next start."""
    command = [sys.executable, "-m", __name__, *([] if items is None else [str(items)])]
    # A session of its own: Ctrl-C is for the site, which then ends the story.
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as child:  # noqa: S603 (our own)
        while child.poll() is None:
            if stopping.wait(LOOKS_EVERY):
                child.terminate()
                break
    if child.returncode and not stopping.is_set():
        click.echo(_("The demo stopped loading. Start again: it begins anew."), err=True)
    return child.returncode == 0


@contextmanager
def bar(label: str, *, hidden: bool = False) -> Iterator[Progress]:
    """A progress bar for shares of 0 to 1; where there is no terminal, a line at each tenth."""
    if hidden or not sys.stdout.isatty():
        yield (lambda done: None) if hidden else _Lines(label).tell
        return
    with click.progressbar(length=1000, label=label) as drawn:
        yield lambda done: drawn.update(int(done * 1000) - drawn.pos)


class _Lines:
    def __init__(self, label: str) -> None:
        self._label, self._told = label, 0

    def tell(self, done: float) -> None:
        if (tenths := int(done * 10)) > self._told:
            self._told = tenths
            click.echo(f"{self._label}: {tenths * 10} %")


def _end_with_parent() -> None:
    os.read(sys.stdin.fileno(), 1)  # comes back when the other end is closed, however the site ended
    os._exit(1)


def _main(items: int | None) -> None:
    app = opened()
    telemetry.configure(app.settings)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    with bar(_("Loading the demo story")) as progress:
        demo.go_on(app, limit=items, progress=progress)
    click.echo(_("The demo story is loaded."))


if __name__ == "__main__":
    try:
        _main(int(sys.argv[1]) if sys.argv[1:] else None)
    except EarshotError as error:
        sys.exit(f"The demo story: {error}")
