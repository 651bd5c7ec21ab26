"""Reads that go on the audit trail: raw personal data, searches, downloads; written after the answer was sent.

The one exception to "a GET writes nothing", so it has a transaction of its own: a reader waits for no writer. Those who
read while others are written are written together, in one more. The same read by the same person counts once in five
minutes, for pages refresh themselves.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from functools import partial
from threading import Lock
from time import monotonic

from flask import Flask, Response, current_app, g

from bpm import audit
from bpm.audit import Thing
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor, Transactions
from web.core.request_context import actor, product

log = logger(__name__)

ONCE_IN = 300.0
"""Seconds in which the same read is written once by one process."""
REMEMBERED = 10_000
Read = tuple[str, Thing, str]
"""verb, what was read, what was asked for"""


class RecentReads:
    """What was written lately, bounded; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._seen: OrderedDict[tuple[object, ...], float] = OrderedDict()

    def is_new(self, key: tuple[object, ...]) -> bool:
        with self._lock:
            now = monotonic()
            if now - self._seen.get(key, -ONCE_IN) < ONCE_IN:
                return False
            self._seen[key] = now
            self._seen.move_to_end(key)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)
            return True


ByPerson = tuple[Actor, Sequence[Read]]


class Gathering:
    """Writes one batch at a time, of all who wait by then; safe from any thread."""

    def __init__(self) -> None:
        self._lock, self._turn = Lock(), Lock()
        self._waiting: list[ByPerson] = []

    def write(self, mine: ByPerson, keep: Callable[[Sequence[ByPerson]], None]) -> None:
        """Come back when `mine` was given to `keep`, by this thread or by one that was first."""
        with self._lock:
            self._waiting.append(mine)
        with self._turn:
            with self._lock:
                batch, self._waiting = self._waiting, []
            if batch:
                keep(batch)


def set_up(app: Flask) -> None:
    """Write what was read once the answer has been sent."""
    app.extensions["recent reads"] = RecentReads()
    app.extensions["reads to write"] = Gathering()
    app.after_request(_after)


def note_read(verb: str, thing: Thing, *, asked: str = "") -> None:
    """Say that this request shows the thing to its person; `asked` is what they searched for."""
    g.setdefault("reads", []).append((verb, thing, asked))


def _after(response: Response) -> Response:
    reads: list[Read] = g.get("reads", [])
    if not reads or response.status_code >= 400 or not actor().is_person:
        return response
    person = actor()
    recent: RecentReads = current_app.extensions["recent reads"]
    new = [each for each in reads if recent.is_new((person.user_id, each[0], each[1].type, each[1].id, each[2]))]
    if new:
        gathering: Gathering = current_app.extensions["reads to write"]
        response.call_on_close(partial(gathering.write, (person, new), partial(put_on_record, product().unit_of_work)))
    return response


def put_on_record(transactions: Transactions, batch: Sequence[ByPerson]) -> None:
    """Write what each of these read, all in one transaction; where that fails, each in one of their own."""
    try:
        with transactions() as work:
            for person, reads in batch:
                for verb, thing, asked in reads:
                    audit.record(work, verb, thing, after={"asked": asked} if asked else {"read": True}, by=person)
    except Exception:  # the pages were answered already: what is left is to say so in the log
        if len(batch) > 1:
            for each in batch:
                put_on_record(transactions, [each])
            return
        ((person, reads),) = batch
        log.exception("a read was not put on record", person=person.user_id, reads=[each[0] for each in reads])
