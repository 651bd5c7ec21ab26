"""The sealer: moves what commands wrote into the chain, in one order, however many of them wrote and sealed at once.

1. A transaction takes the seal: on PostgreSQL an advisory lock, on SQLite it is the only one that writes anyway.
2. It reads the newest link, and the rows that wait, by id. A command that commits late is linked late: the order of
   the chain is that of the sealing.
3. It writes links and values, and takes the rows away that waited; the database lets them go because they are linked.
Killed in the middle, all of it is undone, and the next one begins where this one did.
"""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, insert, select, text

from bpm.audit.digests import GENESIS, HEAD, link
from bpm.audit.models import AuditEntry, AuditValue, AuditWaiting
from bpm.foundation.work import Transactions, Work

WAITING = cast("Table", AuditWaiting.__table__)
ENTRY = cast("Table", AuditEntry.__table__)
VALUE = cast("Table", AuditValue.__table__)

CHUNK = 500
"""Rows linked in one transaction."""
CHUNKS = 20
"""Transactions in one sweep."""
REST = timedelta(seconds=2)
"""How old a row is before a sweep links it: rows that come close together are linked together."""
_KEY = 1_414_213_562
"""Of PostgreSQL's advisory lock: any number that nobody else on the server uses."""


def sweep_unsealed(transactions: Transactions) -> int:
    """Link a bounded number of waiting rows; gives 0: it is no work that anybody waits for."""
    with transactions.reading() as work:
        oldest = work.session.scalar(select(WAITING.c.at).order_by(WAITING.c.id).limit(1))
        if oldest is None or oldest > work.now() - REST:
            return 0
    for _ in range(CHUNKS):
        with transactions() as work:
            if seal(work) < CHUNK:
                break
    return 0


def seal_all(transactions: Transactions) -> int:
    """Link everything that waits; gives how many rows."""
    sealed = 0
    while True:
        with transactions() as work:
            taken = seal(work)
        sealed += taken
        if taken < CHUNK:
            return sealed


def seal(work: Work, *, most: int = CHUNK) -> int:
    """Link up to `most` waiting rows in this transaction; gives how many."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _KEY})
    newest = work.session.execute(
        select(ENTRY.c.position, ENTRY.c.hash).order_by(ENTRY.c.position.desc()).limit(1)
    ).first()
    position, before = (newest.position, newest.hash) if newest else (0, GENESIS)
    rows = work.session.execute(select(WAITING).order_by(WAITING.c.id).limit(most)).mappings().all()
    if not rows:
        return 0
    links: list[dict[str, Any]] = []
    for row in rows:
        position += 1
        before = link(before, position, dict(row))
        links.append({**{name: row[name] for name in HEAD}, "position": position, "hash": before})
    work.session.execute(insert(ENTRY), links)
    values = [{"entry_id": row["id"], "salt": row["salt"], "details": row["details"]} for row in rows]
    work.session.execute(insert(VALUE), values)
    work.session.execute(delete(WAITING).where(WAITING.c.id.in_([row["id"] for row in rows])))
    return len(rows)
