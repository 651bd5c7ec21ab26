"""Verifies the chain: no link changed, none taken out, every value that is still there what it was.

What cannot be told from the chain alone is that its end was cut off: so `Verdict.head` is shown to be kept elsewhere
(each sealing could be compared with it later), and the doctor's mark keeps the place up to which it was whole.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, cast

from sqlalchemy import Select, Table, delete, func, insert, select

from bpm.audit.digests import GENESIS, digest_of, link
from bpm.audit.models import AuditEntry, AuditMark, AuditValue, AuditWaiting
from bpm.foundation.work import Work

ENTRY = cast("Table", AuditEntry.__table__)
VALUE = cast("Table", AuditValue.__table__)
WAITING = cast("Table", AuditWaiting.__table__)
MARK = cast("Table", AuditMark.__table__)

CHUNK = 2_000
MOST_BROKEN = 20
"""Places that are named."""


@dataclass
class Verdict:
    """What a verification found; whole when `broken` is empty."""

    verified: int = 0
    """Links looked at."""
    erased: int = 0
    """Of those, the ones whose values were erased."""
    unsealed: int = 0
    """Rows that wait to be linked."""
    position: int = 0
    """Of the newest link."""
    head: str = GENESIS
    """Its hash: noted elsewhere, it shows later that nothing up to here was cut off."""
    broken: list[str] = field(default_factory=list)
    """Places and what is wrong there, at most `MOST_BROKEN`."""

    @property
    def is_whole(self) -> bool:
        return not self.broken

    def blame(self, problem: str) -> None:
        if len(self.broken) < MOST_BROKEN:
            self.broken.append(problem)


def verify(work: Work, *, expected: str = "") -> Verdict:
    """Verify all of the chain; `expected` is a hash noted earlier that has to be in it."""
    verdict = _walk(work, Verdict(), after=0, seen=expected)
    _check_waiting(work, verdict)
    return verdict


def verify_new(work: Work) -> Verdict:
    """Verify what came since the mark; where that is whole, `remember` sets the mark on."""
    mark = work.session.execute(select(MARK).order_by(MARK.c.position.desc()).limit(1)).first()
    if mark is None:
        return verify(work)
    verdict = Verdict(position=mark.position, head=mark.hash)
    there = work.session.scalar(select(ENTRY.c.hash).where(ENTRY.c.position == mark.position))
    if there != mark.hash:
        what = "is gone: the chain was cut off" if there is None else "has another hash than when it was verified"
        verdict.blame(f"link {mark.position} {what}")
    _walk(work, verdict, after=mark.position)
    _check_waiting(work, verdict)
    return verdict


def remember(work: Work, verdict: Verdict) -> None:
    """Set the mark to where the chain was found whole."""
    if verdict.is_whole and verdict.position:
        work.session.execute(delete(MARK))
        row = {"position": verdict.position, "hash": verdict.head, "verified_at": work.now()}
        work.session.execute(insert(MARK), row)


def _walk(work: Work, verdict: Verdict, *, after: int, seen: str = "") -> Verdict:
    position, before = after, verdict.head
    missing = seen
    for row in _links(work, after):
        verdict.verified += 1
        if row["position"] != position + 1:
            verdict.blame(f"link {position + 1} is missing before link {row['position']}")
        position = row["position"]
        if link(before, position, row) != row["hash"]:
            verdict.blame(f"link {position} (row {row['id']}, {row['verb']}) does not follow from the link before it")
        before = row["hash"]
        missing = "" if before == missing else missing
        _check_value(verdict, row)
    verdict.position, verdict.head = position, before
    if missing:
        verdict.blame(f"the hash {missing[:16]}… that was noted earlier is not in the chain")
    return verdict


def _check_value(verdict: Verdict, row: Any) -> None:
    if row["details"] is None:
        verdict.erased += 1
    elif digest_of(row["salt"], row["details"]) != row["digest"]:
        verdict.blame(f"the values of link {row['position']} (row {row['id']}, {row['verb']}) were changed")


def _check_waiting(work: Work, verdict: Verdict) -> None:
    verdict.unsealed = work.session.scalar(select(func.count()).select_from(WAITING)) or 0
    rows = work.session.execute(select(WAITING.c.id, WAITING.c.salt, WAITING.c.details, WAITING.c.digest))
    for row in rows:
        if digest_of(row.salt, row.details) != row.digest:
            verdict.blame(f"the values of row {row.id}, which waits to be linked, were changed")


def _links(work: Work, after: int) -> Iterator[Any]:
    while True:
        rows = work.session.execute(_chunk(after)).mappings().all()
        yield from rows
        if len(rows) < CHUNK:
            return
        after = rows[-1]["position"]


def _chunk(after: int) -> Select[Any]:
    joined = ENTRY.outerjoin(VALUE, VALUE.c.entry_id == ENTRY.c.id)
    query = select(ENTRY, VALUE.c.salt, VALUE.c.details).select_from(joined)
    return query.where(ENTRY.c.position > after).order_by(ENTRY.c.position).limit(CHUNK)
