"""Any number of open pages told of news by one thread: it looks once for all that show the same to the same person.

How a stream gets its news
1. The view that opens it reads the queue's mark, then looks, answers with what it saw, and hands the connection over.
2. The thread wakes at every nudge of the queue and at least every few seconds. For each stream whose topics were nudged
   since its mark, or that was not looked at for a while, it looks again and sends what changed. The mark is read before
   the look, so that nothing falls between the two.
3. After a round it rests twice as long as the round took: news may come a second later, the site answers first.
4. A stream ends after a minute; the browser comes back by itself, and is then admitted anew.
"""

import json
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from sqlalchemy.exc import SQLAlchemyError

from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.queue import Queue

log = logger(__name__)

LIVES_FOR, LOOKS_EVERY, SAYS_SOMETHING_EVERY, SHORTEST_REST = 60.0, 4.0, 20.0, 0.3
"""Seconds: that a stream lives; between two looks when nothing was nudged; between two signs of life for proxies on
the way; between two rounds."""
MOST_STREAMS, MOST_EACH = 1_000, 250
"""In one process; of one person. Whoever comes after that is told to ask instead."""

Marks = Mapping[str, str]
"""Topic -> mark."""
Look = Callable[[Actor, tuple[str, ...]], Marks]


class Connection(Protocol):
    """An answer that stays open: see `bpm.cli.server.web_connections.OpenAnswer`."""

    @property
    def is_open(self) -> bool: ...

    def send(self, data: bytes) -> None: ...

    def close(self) -> None: ...


@dataclass(eq=False)
class Stream:
    """One open page: who sees which topics, what was sent, and the queue's mark before that was looked up."""

    connection: Connection
    person: Actor
    topics: tuple[str, ...]
    sent: Marks
    mark: int
    opened_at: float = field(default_factory=time.monotonic)
    looked_at: float = field(default_factory=time.monotonic)
    spoke_at: float = field(default_factory=time.monotonic)

    def say(self, text: str) -> None:
        self.connection.send(text.encode())
        self.spoke_at = time.monotonic()


class LiveStreams:
    """The streams of one process. `news_of`: the nudges that can change the topics; None for any."""

    def __init__(
        self,
        queue: Queue,
        stopping: threading.Event,
        *,
        look: Look,
        news_of: Callable[[Iterable[str]], Collection[str] | None],
    ) -> None:
        self._queue, self._stopping = queue, stopping
        self._look, self._news_of = look, news_of
        self._lock = threading.Lock()
        self._streams: set[Stream] = set()
        self._thread: threading.Thread | None = None

    def has_room_for(self, person: Actor) -> bool:
        with self._lock:
            each = Counter(stream.person.user_id for stream in self._streams)
        return each.total() < MOST_STREAMS and each[person.user_id] < MOST_EACH

    def add(self, stream: Stream) -> None:
        """Tell it of news from now on."""
        with self._lock:
            self._streams.add(stream)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="earshot-live", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        mark = -1
        while not self._stopping.is_set():
            began = time.monotonic()
            try:
                self.round()
            except SQLAlchemyError as error:
                log.warning("live streams could not look", error=str(error))
            self._stopping.wait(max(SHORTEST_REST, 2 * (time.monotonic() - began)))
            mark = self._queue.wait(mark, timeout=LOOKS_EVERY)
        for stream in self._take_all():
            stream.connection.close()

    def round(self) -> None:
        """Look for all streams that may have news, send what changed, let go of those that ended."""
        now = time.monotonic()
        groups: dict[tuple[Actor, tuple[str, ...]], list[Stream]] = defaultdict(list)
        for stream in self._still_open(now):
            groups[stream.person, stream.topics].append(stream)
        for (person, topics), streams in groups.items():
            mark = self._queue.wait(-1, timeout=0, topics=self._news_of(topics))
            due = [each for each in streams if mark > each.mark or now - each.looked_at >= LOOKS_EVERY]
            if due:
                _tell(due, self._look(person, topics), mark)
            for stream in streams:
                if now - stream.spoke_at > SAYS_SOMETHING_EVERY:
                    stream.say(": \n\n")

    def _still_open(self, now: float) -> list[Stream]:
        with self._lock:
            old = {stream for stream in self._streams if now - stream.opened_at > LIVES_FOR}
            self._streams = {stream for stream in self._streams - old if stream.connection.is_open}
            still = list(self._streams)
        for stream in old:
            stream.connection.close()
        return still

    def _take_all(self) -> list[Stream]:
        with self._lock:
            streams, self._streams = list(self._streams), set()
        return streams


def _tell(streams: list[Stream], marks: Marks, mark: int) -> None:
    said = event(marks)
    for stream in streams:
        stream.mark, stream.looked_at = mark, time.monotonic()
        if stream.sent != marks:
            stream.sent = marks
            stream.say(said)


def event(marks: Marks) -> str:
    """The marks as a server-sent event (HTML, 9.2.5)."""
    return f"event: marks\ndata: {json.dumps(dict(marks))}\n\n"
