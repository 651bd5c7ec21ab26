"""Child processes that read foreign bytes: bounded in memory and time, warm, replaced when they are lost.

1. The parent starts the child and keeps it; one request is one frame to it, the answer one frame or many.
2. The child limits its own memory, files and processor time (`bound_memory`, `bound_cpu`): the kernel kills it in the
   middle of C code, too. The parent waits so many seconds for each frame and then kills it.
3. Whatever becomes of a child, the parent hears it as a word (`timeout`, `cpu`, `died`) and the next request gets a
   new one. A child whose parent is gone reads the end of its input and ends.
"""

import atexit
import contextlib
import os
import select
import signal
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import bpm
from bpm.foundation.bounded_child.inside import write_frame

_START_SECONDS = 30.0
_REQUESTS_PER_CHILD = 500
_PIECE = 1 << 16


class ChildLostError(Exception):
    """The child is gone or was stopped; `why` is `timeout`, `cpu` or `died`."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class BoundedChild:
    """The one warm child of this process that runs `module`; requests take turns."""

    def __init__(self, module: str) -> None:
        self._module = module
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._requests = 0
        self._owner = 0
        self._ready = False
        self._received = bytearray()

    def ask(self, request: bytes, *, seconds: float) -> bytes | str:
        """The child's answer to one frame, or in a word why there is none."""
        try:
            with self.conversation() as talk:
                return talk.exchange(request, seconds)
        except ChildLostError as lost:
            return lost.why

    @contextlib.contextmanager
    def conversation(self, *, patience: float = -1) -> Iterator["Conversation"]:
        """Have the child to oneself for many frames; an exception inside replaces it unless the talk was over.

        TimeoutError when others have it for longer than `patience` seconds (-1: wait as long as it takes).
        """
        if not self._lock.acquire(timeout=patience):
            raise TimeoutError
        try:
            talk = None
            try:
                talk = Conversation(self, self._running())
                yield talk
            except BaseException:
                if talk is None or not talk.over:
                    self._replace()  # nobody knows where in its answer the child is
                raise
            self._requests += 1
            if self._requests >= _REQUESTS_PER_CHILD:
                self._replace()
        finally:
            self._lock.release()

    def start(self) -> None:
        """Have a child that is ready; one that cannot start is tried again by the next request."""
        with self._lock, contextlib.suppress(ChildLostError):
            self._running()

    def stop(self) -> None:
        """End the child, if there is one; a request after that starts another."""
        with self._lock:
            if self._owner == os.getpid():
                self._end()
        atexit.unregister(self.stop)

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # After a fork the child belongs to the other process.
            self._process, self._owner, self._ready = None, os.getpid(), False
            self._received.clear()
        process = self._process
        if process is None or process.poll() is not None:
            process = self._replace()
        if not self._ready:
            self.receive(process, _START_SECONDS)
            self._ready = True
        return process

    def _replace(self) -> subprocess.Popen[bytes]:
        """A new child, started at once and waited for by the next request."""
        self._end()
        atexit.register(self.stop)
        home = str(Path(bpm.__file__).parent.parent)
        self._process = subprocess.Popen(  # noqa: S603 -- our own interpreter and our own module
            [sys.executable, "-m", self._module],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": home, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")},
        )
        return self._process

    def send(self, process: subprocess.Popen[bytes], frame: bytes) -> None:
        """Hand one frame over; ChildLostError when nobody is there to take it."""
        assert process.stdin is not None  # noqa: S101 -- it was opened as a pipe
        try:
            write_frame(process.stdin, frame)
        except BrokenPipeError:
            raise ChildLostError(_cause_of_death(process)) from None

    def receive(self, process: subprocess.Popen[bytes], seconds: float) -> bytes:
        """The next frame, waited for so long; ChildLostError when none comes."""
        deadline = time.monotonic() + seconds
        (size,) = struct.unpack(">I", self._take(process, 4, deadline))
        return self._take(process, size, deadline)

    def _take(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout is not None  # noqa: S101 -- it was opened as a pipe
        number = process.stdout.fileno()
        while len(self._received) < size:
            ready, _, _ = select.select([number], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise ChildLostError("timeout")
            part = os.read(number, max(_PIECE, size - len(self._received)))
            if not part:
                raise ChildLostError(_cause_of_death(process))
            self._received += part
        taken = bytes(self._received[:size])
        del self._received[:size]
        return taken

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process, self._requests, self._ready = None, 0, False
        self._received.clear()


class Conversation:
    """One process's exclusive talk with a child."""

    def __init__(self, child: BoundedChild, process: subprocess.Popen[bytes]) -> None:
        self._child = child
        self._process = process
        self.over = False
        """Whether the child has said all it had to say and waits for the next request."""

    def send(self, frame: bytes) -> None:
        """Hand one frame over; ChildLostError when the child is gone."""
        self._child.send(self._process, frame)

    def receive(self, seconds: float) -> bytes:
        """The next frame, waited for so many seconds; ChildLostError when none comes."""
        return self._child.receive(self._process, seconds)

    def exchange(self, frame: bytes, seconds: float) -> bytes:
        """Send one frame and wait for one."""
        self.send(frame)
        return self.receive(seconds)


def _cause_of_death(process: subprocess.Popen[bytes]) -> str:
    """`cpu` when the child had used up its processor time, else `died`."""
    with contextlib.suppress(subprocess.TimeoutExpired):
        return "cpu" if process.wait(5) in (-signal.SIGPROF, -signal.SIGXCPU) else "died"
    return "died"
