"""Forms that a person sent and that were taken, so that the same form again takes effect no second time."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, delete, insert, select

from bpm.foundation.work import Transactions, Work
from bpm.identity.models import ReceivedCommand

COMMAND = cast("Table", ReceivedCommand.__table__)

KEPT_FOR = timedelta(days=1)
"""How long a form is remembered: a browser that repeats it does so within seconds, a page left open within hours."""


@dataclass(frozen=True)
class Taken:
    """A form that was taken before, and the address of what it led to."""

    led_to: str
    received_at: datetime


def remember_command(work: Work, digest: str, *, led_to: str) -> None:
    """Write down that the form was taken. The same one again breaks the key: its transaction ends as ConflictError."""
    row = {"user_id": work.actor.user_id, "digest": digest, "led_to": led_to, "received_at": work.now()}
    work.session.execute(insert(COMMAND), row)


def find_command(work: Work, digest: str) -> Taken | None:
    """What the form led to when this person sent it first, or None."""
    query = select(COMMAND.c.led_to, COMMAND.c.received_at)
    row = work.session.execute(
        query.where(COMMAND.c.user_id == work.actor.user_id, COMMAND.c.digest == digest)
    ).first()  # fmt: skip
    return None if row is None else Taken(row.led_to, row.received_at)


def forget_commands(transactions: Transactions) -> int:
    """Delete what is older than `KEPT_FOR`; gives 0: it is no work that anybody waits for."""
    with transactions.reading() as work:
        old = COMMAND.c.received_at < work.now() - KEPT_FOR
        if work.session.execute(select(COMMAND.c.digest).where(old).limit(1)).first() is None:
            return 0
    with transactions() as work:
        work.session.execute(delete(COMMAND).where(old))
    return 0
