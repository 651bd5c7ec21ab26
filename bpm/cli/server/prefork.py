"""Processes that one parent forks and keeps: how `earshot serve` puts every core to work.

How they stay together
1. The parent opens the listening sockets and nothing else: no connection, no thread lives when it forks.
2. Each child builds the product for itself and answers on its own socket; all are at one address, and the system
   shares new connections out among them. The socket of a child that died waits for the next one.
3. A child that dies is begun anew. One that dies young is begun anew after a pause, so that a fault which kills
   every child at once does not keep a core busy.
4. SIGTERM or Ctrl-C is passed on once, and the parent waits; a second one ends them all at once.
5. When the parent is killed, the system kills its children, so that the address is free again.
"""

import ctypes
import gc
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import FrameType

from bpm.foundation.telemetry import logger

log = logger(__name__)

YOUNG, PAUSE = 5.0, 1.0
"""Seconds: who dies younger than the one is begun anew after the other."""
_SET_PARENT_DEATH_SIGNAL = 1
"""Of Linux's prctl(2)."""


def run(children: Sequence[Callable[[], None]], *, begun: Callable[[], None]) -> None:
    """Fork a process for each of `children` and keep them; returns when told to end and all have ended.

    `begun` is called once, when all have been forked.
    """
    gc.freeze()  # what is loaded by now stays shared between them: the collector never touches its pages again
    parent = _Parent(children)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, parent.end)
    parent.fork_all()
    begun()
    parent.keep()


class _Parent:
    def __init__(self, children: Sequence[Callable[[], None]]) -> None:
        self._children = children
        self._running: dict[int, tuple[int, float]] = {}
        """pid -> (which child, when it was forked)."""
        self._ending = False

    def fork_all(self) -> None:
        for number in range(len(self._children)):
            self._fork(number)

    def keep(self) -> None:
        while self._running:
            pid, status = os.wait()
            number, born = self._running.pop(pid)
            if self._ending:
                continue
            log.warning("child process died", child=number, status=os.waitstatus_to_exitcode(status))
            if time.monotonic() - born < YOUNG:
                time.sleep(PAUSE)
            if not self._ending:
                self._fork(number)

    def end(self, number: int, _frame: FrameType | None) -> None:
        wanted = signal.SIGKILL if self._ending else signal.SIGTERM
        self._ending = True
        for pid in list(self._running):
            with suppress(ProcessLookupError):
                os.kill(pid, wanted)
        if wanted == signal.SIGKILL:
            os._exit(128 + number)

    def _fork(self, number: int) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid:
            self._running[pid] = (number, time.monotonic())
            return
        code = 1
        try:
            _live_with(parent)
            self._children[number]()
            code = 0
        except BaseException:
            log.exception("child process failed", child=number)
        finally:
            with suppress(OSError):
                sys.stdout.flush()
                sys.stderr.flush()
            os._exit(code)


def _live_with(parent: int) -> None:
    """In a child: be told to end by the parent alone (not by Ctrl-C too), and do not outlive it."""
    os.setpgid(0, 0)
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, signal.SIG_DFL)
    library = ctypes.CDLL(None)
    if hasattr(library, "prctl"):
        library.prctl(_SET_PARENT_DEATH_SIGNAL, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
