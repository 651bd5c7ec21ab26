"""Waitress's server and connections with bounds: many may be open and silent, and an answer may stay open at no cost.

What waitress itself does not do, and the parts of it that this rests on (held by tests/cli/test_web_connections.py)
1. A request that comes in too slowly is cut off by its age, not by the pause since its last byte, so that a byte now
   and then keeps nothing open (`BaseWSGIServer.maintenance`, `HTTPChannel.received`).
2. When as many connections are open as this process has files for, the oldest of those that have not asked anything
   make room, first those of the address that has most of them; a new one is never turned away for an idle one.
3. Several connections are accepted in one turn of the loop.
4. A view may keep its answer open without a thread: `environ["earshot.hold"]` (see `Hold`). What is sent later is
   written by the thread of the loop alone, as waitress does between two requests of a connection.
5. A few pages are drawn at a time (see `Gate`): Python runs one thread at a time, and each more of them only keeps
   another connection to the database busy. Who writes is let through: that is mostly waiting for a disk.
"""

import resource
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from threading import Semaphore
from typing import Any

from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import WSGITask

HEADERS_WITHIN, BODY_WITHIN, SILENT_FOR = 20.0, 900.0, 60.0
"""Seconds: from a request's first byte, or a connection's beginning, to the end of its headers; to the end of its
body; and between two signs of life of a connection that is between requests, sends a body, or takes an answer."""

MOST_CONNECTIONS, WANTED_FILES, OTHER_FILES = 2_000, 16_384, 256
"""Open at once in one process; files to ask the system for; those of them that are no connection (database, log)."""
ACCEPTED_AT_ONCE = 64
GIVEN_UP_SHARE = 32
"""When all places are taken, one in so many is made free at once, so that the looking is not done for each."""
MOST_UNREAD = 200_000
"""Bytes that wait for the reader of an open answer; one that does not read is let go."""

DRAWN_AT_ONCE, PATIENT_FOR = 4, 0.05
"""Pages drawn at a time in one process; seconds after which another one is begun though none of them has ended."""

Taken = Callable[["OpenAnswer"], None]
Hold = Callable[[Taken], None]
"""Called by a view before it answers, without a Content-Length: when its answer has been sent, the connection stays
open, the thread is free, and the function that was given gets the OpenAnswer."""


def connections_allowed() -> int:
    """How many connections this process may have open, once it has asked the system for as many files as it wants.

    A connection takes one file, and one more when it carries much.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    files = WANTED_FILES if soft == resource.RLIM_INFINITY else soft
    return max(64, min(MOST_CONNECTIONS, (files - OTHER_FILES) // 2))


class Gate:
    """Lets a few threads in at a time, and who has waited for a while, so that slow pages hold nobody up for long.

    Safe from any thread.
    """

    def __init__(self, places: int = DRAWN_AT_ONCE, *, patience: float = PATIENT_FOR) -> None:
        self._places = Semaphore(places)
        self._patience = patience

    @contextmanager
    def entered(self) -> Iterator[None]:
        has_place = self._places.acquire(timeout=self._patience)
        try:
            yield
        finally:
            if has_place:
                self._places.release()


class Task(WSGITask):  # type: ignore[misc]  # waitress has no types
    """One request; its view may keep the answer open."""

    taken: Taken | None = None

    def get_environment(self) -> dict[str, Any]:
        environ: dict[str, Any] = super().get_environment()
        if self.request.command == "GET":
            environ["earshot.hold"] = partial(setattr, self, "taken")
        return environ

    def execute(self) -> None:
        with self.channel.server.gate.entered() if self.request.command == "GET" else nullcontext():
            super().execute()

    def finish(self) -> None:
        if self.taken is None or self.content_length is not None:
            super().finish()
            return
        self.channel.answer = OpenAnswer(self.channel, is_chunked=self.chunked_response, taken=self.taken)
        self.close_on_finish = False


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection."""

    task_class = Task
    answer: "OpenAnswer | None" = None
    will_close: bool = False
    close_when_flushed: bool = False

    def __init__(self, *given: Any, **named: Any) -> None:
        self.asks_since: float | None = time.time()
        """When the request that is coming in began; None while there is none."""
        super().__init__(*given, **named)

    @property
    def waits(self) -> bool:
        """Whether it is the other side's turn: nothing is being answered, nothing is held open."""
        return not self.requests and self.answer is None

    def received(self, data: bytes) -> bool:
        if self.answer is not None:
            return False
        taken: bool = super().received(data)
        self.asks_since = None if self.request is None else self.asks_since or time.time()
        return taken

    def is_overdue(self, now: float) -> bool:
        """Whether the other side took longer than it may."""
        if not self.waits:
            return False
        if self.asks_since is None or self.total_outbufs_len:
            return bool(now - self.last_activity > SILENT_FOR)
        if self.request is None or not self.request.headers_finished:
            return now - self.asks_since > HEADERS_WITHIN
        return now - self.asks_since > BODY_WITHIN or now - self.last_activity > SILENT_FOR

    def service(self) -> None:
        super().service()
        if self.answer is not None:
            self.answer.taken(self.answer)

    def push(self, data: bytes, *, is_last: bool = False) -> None:
        """In the thread of the loop: send more of the answer that is open."""
        if not self.connected or self.will_close or self.close_when_flushed:
            return
        with self.outbuf_lock:
            self.outbufs[-1].append(data)
            self.total_outbufs_len += len(data)
        self.close_when_flushed = is_last
        self.will_close = self.total_outbufs_len > MOST_UNREAD


class OpenAnswer:
    """An answer that goes on without a thread; safe from any thread, and never waits for its reader."""

    def __init__(self, channel: Channel, *, is_chunked: bool, taken: Taken) -> None:
        self._channel = channel
        self._is_chunked = is_chunked
        self.taken = taken

    @property
    def is_open(self) -> bool:
        """Whether somebody still reads."""
        channel = self._channel
        return bool(channel.connected) and not (channel.will_close or channel.close_when_flushed)

    def send(self, data: bytes) -> None:
        """Send `data`, which must not be empty, as soon as the loop comes by."""
        framed = b"%X\r\n%b\r\n" % (len(data), data) if self._is_chunked else data
        self._later(partial(self._channel.push, framed))

    def close(self) -> None:
        """Come to the answer's proper end."""
        self._later(partial(self._channel.push, b"0\r\n\r\n" if self._is_chunked else b"", is_last=True))

    def _later(self, push: Callable[[], None]) -> None:
        """Nothing is sent any more once the server has closed its ways in, and nobody reads then."""
        with suppress(OSError):
            self._channel.server.pull_trigger_for(push)


class Server(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Accepts, keeps and lets go of connections."""

    channel_class = Channel
    most = MOST_CONNECTIONS

    def __init__(self, *given: Any, **named: Any) -> None:
        self.gate = Gate()
        super().__init__(*given, **named)

    def pull_trigger_for(self, call: Callable[[], None]) -> None:
        """Have `call` done by the thread of the loop."""
        self.trigger.pull_trigger(call)

    def handle_accept(self) -> None:
        before = -1
        for _ in range(ACCEPTED_AT_ONCE):
            if len(self.active_channels) == before:
                break
            before = len(self.active_channels)
            super().handle_accept()
        if len(self.active_channels) > self.most:
            self._make_room()

    def _make_room(self) -> None:
        """Mark some to be let go in the next turn: their numbers are not given away before this one is over."""
        staying = [channel for channel in self.active_channels.values() if not channel.will_close]
        excess = len(staying) - self.most
        if excess > 0:
            for channel in _first_to_go(staying, excess + self.most // GIVEN_UP_SHARE):
                channel.will_close = True

    def maintenance(self, now: float) -> None:
        for channel in list(self.active_channels.values()):
            if channel.is_overdue(now):
                channel.will_close = True


def _first_to_go(channels: Collection[Channel], count: int) -> list[Channel]:
    """Of those who wait: from the addresses that have most of them, the ones without a sign of life for longest."""
    waiting = [channel for channel in channels if channel.waits]
    crowd = Counter(channel.addr[0] for channel in waiting)
    return sorted(waiting, key=lambda channel: (-crowd[channel.addr[0]], channel.last_activity))[:count]
