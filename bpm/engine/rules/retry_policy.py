"""How often a job is tried and how long it waits in between: as its model says, else its topic, else as all do."""

import zlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache

from bpm.engine.expressions.times.due import first_instant
from bpm.foundation.errors import EngineError

TRIES = 3
FIRST_WAIT = timedelta(seconds=5)
LONGEST_WAIT = timedelta(hours=1)
ANY = "*"
"""Stands for every topic that has no policy of its own."""


@dataclass(frozen=True)
class RetryPolicy:
    """`tries` in all; `waits`: ISO 8601 durations separated by commas, the last one again and again, or None."""

    tries: int = TRIES
    waits: str | None = None


@lru_cache(maxsize=8)
def policies(written: str) -> dict[str, RetryPolicy]:
    """Topic -> policy, from the text of the setting: `payment=R5/PT1M,PT10M; *=R2`."""
    found = {}
    for entry in filter(None, (part.strip() for part in written.split(";"))):
        topic, _, policy = entry.partition("=")
        tries, _, waits = policy.strip().removeprefix("R").partition("/")
        found[topic.strip()] = RetryPolicy(int(tries), waits or None)
    return found


def policy_of(topic: str, written: str, *, retries: int | None, retry_in: str | None) -> RetryPolicy:
    """The policy of a job of that topic: what its model says comes before what the setting says."""
    known = policies(written)
    set_up = known.get(topic) or known.get(ANY) or RetryPolicy()
    return RetryPolicy(max(retries or set_up.tries, 1), retry_in or set_up.waits)


def wait_before(attempt: int, waits: str | None, *, job_id: int, now: datetime) -> timedelta:
    """How long to wait after attempt `attempt` (the first is 1) failed.

    As the policy says, a tenth longer at most; else doubling from five seconds to an hour, a fifth either way: spread
    by the job's number, so that herds disperse.
    """
    spread = zlib.crc32(f"{job_id}:{attempt}".encode()) / 2**32
    said = _said(attempt, waits, now=now) if waits else None
    if said is not None:
        return said * (1 + 0.1 * spread)
    doubled: timedelta = FIRST_WAIT * 2 ** min(attempt - 1, 20)
    return min(doubled, LONGEST_WAIT) * (0.8 + 0.4 * spread)


def _said(attempt: int, waits: str, *, now: datetime) -> timedelta | None:
    each = waits.split(",")
    try:
        return first_instant(each[min(attempt, len(each)) - 1], now=now) - now
    except EngineError:
        return None
