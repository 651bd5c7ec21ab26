"""Reads that go on the audit trail: raw personal data, searches, downloads; written after the answer was sent.

The one exception to "a GET writes nothing", so it has a transaction of its own: a reader waits for no writer. The same
read by the same person counts once in five minutes, for pages refresh themselves.
"""

from collections import OrderedDict
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


def set_up(app: Flask) -> None:
    """Write what was read once the answer has been sent."""
    app.extensions["recent reads"] = RecentReads()
    app.after_request(_after)


def note_read(verb: str, thing: Thing, *, asked: str = "") -> None:
    """Say that this request shows the thing to its person; `asked` is what they searched for."""
    g.setdefault("reads", []).append((verb, thing, asked))


def _after(response: Response) -> Response:
    reads: list[Read] = g.get("reads", [])
    if not reads or response.status_code >= 400 or not actor().is_person:
        return response
    person, transactions = actor(), product().unit_of_work
    recent: RecentReads = current_app.extensions["recent reads"]
    new = [each for each in reads if recent.is_new((person.user_id, each[0], each[1].type, each[1].id, each[2]))]
    if new:
        response.call_on_close(lambda: _write(transactions, person, new))
    return response


def _write(transactions: Transactions, person: Actor, reads: list[Read]) -> None:
    try:
        with transactions(person) as work:
            for verb, thing, asked in reads:
                audit.record(work, verb, thing, after={"asked": asked} if asked else {"read": True})
    except Exception:  # the page was answered already: what is left is to say so in the log
        log.exception("a read was not put on record", person=person.user_id, reads=[each[0] for each in reads])
