"""When a connection is asked next; pure."""

from datetime import timedelta
from zlib import crc32

FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(hours=6)
SPREAD = 0.25
"""Share of a wait by which it is drawn out at most, so that what failed together is not tried together."""


def wait_after_failure(failures: int, *, who: int, asked_for: timedelta | None = None) -> timedelta:
    """How long to wait after so many failed polls one after the other: doubled each time, never over LONGEST_WAIT.

    `who` (the connection's id) sets the spread, so that the same failure always waits equally long; `asked_for` is
    what the other side wants at least.
    """
    doubled: timedelta = min(FIRST_WAIT * 2 ** min(max(failures, 1) - 1, 16), LONGEST_WAIT)
    spread = 1 + SPREAD * crc32(f"{who} {failures}".encode()) / 2**32
    wait: timedelta = max(doubled, asked_for or timedelta())
    return wait * spread
