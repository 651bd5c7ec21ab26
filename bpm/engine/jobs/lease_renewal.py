"""Keeps a job's lease while the job runs, by a heartbeat: minutes of work are not mistaken for a death."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from sqlalchemy.exc import SQLAlchemyError

from bpm.engine.jobs.jobs import LEASE_FOR, Leased, renew
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions

log = logger(__name__)

RENEW_EVERY = LEASE_FOR / 3
LONGEST_RUN = timedelta(hours=2)
"""A job that runs longer hangs: its lease is left to run out, and another worker may take it."""


@contextmanager
def kept(unit_of_work: Transactions, leased: Leased) -> Iterator[None]:
    """Renew the lease of the job for as long as the block runs, or until it is lost."""
    over = threading.Event()
    beating = threading.Thread(target=_beat, args=(unit_of_work, leased, over), name="earshot-lease", daemon=True)
    beating.start()
    try:
        yield
    finally:
        over.set()
        beating.join()


def _beat(unit_of_work: Transactions, leased: Leased, over: threading.Event) -> None:
    for _ in range(LONGEST_RUN // RENEW_EVERY):
        if over.wait(RENEW_EVERY.total_seconds()):
            return
        try:
            with unit_of_work() as work:
                held = renew(work, leased)
        except SQLAlchemyError:
            log.warning("lease could not be renewed", job=leased.call.job_id)
            continue
        if not held:
            log.warning("lease was lost while the job ran", job=leased.call.job_id)
            return
