"""How often a password may be guessed: tries are counted in the database, before the password is looked at.

How a try goes, and why guesses at the same moment, from many processes, cannot pass the bound together
1. In one short transaction each count that the try belongs to is locked, and the try is refused when one of them is
   closed (TooManyRequestsError with the wait; nothing is written then, so refused tries cost no storage).
2. Else it is counted in all of them as if the password were wrong, and the transaction ends.
3. Only then is the password looked at, outside any transaction. If it was right, `forgive` takes the try back.
   A process that dies between leaves one wrong try too many, which is forgotten like any other.

What is counted. From a device that this very account has signed in from before: account and device alone, so that no
stranger can lock its person out. From any other: the address, the account, and both together, in that order, so that
two tries never wait for each other's locks in a circle.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from typing import Any, cast

from sqlalchemy import Table, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bpm.foundation.errors import TooManyRequestsError
from bpm.foundation.work import Transactions, Work
from bpm.identity.models import LoginAttempts

ATTEMPTS = cast("Table", LoginAttempts.__table__)
SWEPT_AT_ONCE = 500


@dataclass(frozen=True)
class Bound:
    """`free` wrong tries, then a wait that doubles with each further one; forgotten after a while without any."""

    free: int
    first_wait: timedelta
    longest_wait: timedelta
    forgotten_after: timedelta
    from_first: bool = False
    """Whether `forgotten_after` counts from the first wrong try of a row, else from the newest."""

    def wait_after(self, wrong: int) -> timedelta:
        """How long the next try has to wait after so many wrong ones."""
        if wrong < self.free:
            return timedelta(0)
        return min(self.first_wait * (1 << min(wrong - self.free, 16)), self.longest_wait)


APART = timedelta(seconds=2)
"""How far the clocks of two processes may be apart, and how long a try may wait for a lock: what one of them opens now
must be open for all others, or an office that signs in at nine o'clock would refuse itself."""
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ACCOUNT_AND_ADDRESS = Bound(10, MINUTE, HOUR, DAY)
"""ASVS 5.0, 6.3.1: the eleventh guess within a quarter of an hour is refused; about forty a day get through."""
ADDRESS = Bound(100, 15 * MINUTE, 15 * MINUTE, 15 * MINUTE, from_first=True)
"""A whole office shares one address, and people mistype; a guesser of many names gets through 400 an hour."""
ACCOUNT = Bound(50, MINUTE, 15 * MINUTE, DAY)
"""Guesses at one account from everywhere; its person goes on signing in from the devices known to it."""


@dataclass(frozen=True)
class LoginTry:
    """Somebody's try to sign in: the name as typed, the address it comes from, the account's device if it is one."""

    username: str
    address: str
    device: str = ""

    def counts(self) -> list[tuple[Bound, str]]:
        """(bound, key) of each count that the try belongs to, in the order in which they are locked."""
        if self.device:
            return [(ACCOUNT_AND_ADDRESS, _digest("device", self.username, self.device))]
        network = network_of(self.address)
        return [
            (ADDRESS, _digest("address", network)),
            (ACCOUNT, _digest("account", self.username)),
            (ACCOUNT_AND_ADDRESS, _digest("account and address", self.username, network)),
        ]


def network_of(address: str) -> str:
    """What one customer of a network provider is given: an IPv4 address, or the first 64 bits of an IPv6 one."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return "unknown"
    if not isinstance(parsed, IPv6Address):
        return str(parsed)
    if parsed.ipv4_mapped:
        return str(parsed.ipv4_mapped)
    return str(IPv6Address(int(parsed) >> 64 << 64))


def reserve(work: Work, login: LoginTry) -> None:
    """Count a try before its password is looked at; TooManyRequestsError when it has to wait."""
    now = work.now()
    locked = []
    for bound, key in login.counts():
        row = _lock(work, key, now)
        if row.open_at > now:
            raise TooManyRequestsError("Too many wrong passwords.", retry_after=row.open_at - now)
        locked.append((bound, row))
    for bound, row in locked:
        changed = _after_wrong_try(bound, row, now)
        work.session.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == row.key).values(**changed))


def forgive(work: Work, login: LoginTry) -> None:
    """The password was right: what was counted at this account is forgotten, and the address gets its try back."""
    for bound, key in login.counts():
        if bound is ADDRESS:
            taken_back = {"wrong": ATTEMPTS.c.wrong - 1, "open_at": work.now() - APART}
            work.session.execute(update(ATTEMPTS).where(ATTEMPTS.c.key == key, ATTEMPTS.c.wrong > 0).values(taken_back))
        else:
            work.session.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key == key))


def forget_attempts(transactions: Transactions) -> int:
    """Delete what no longer counts; gives 0: it is no work that anybody waits for."""
    with transactions.reading() as work:
        old = select(ATTEMPTS.c.key).where(ATTEMPTS.c.forget_at <= work.now()).limit(SWEPT_AT_ONCE)
        if not work.session.execute(old.limit(1)).all():
            return 0
    with transactions() as work:
        work.session.execute(delete(ATTEMPTS).where(ATTEMPTS.c.key.in_(old.with_for_update(skip_locked=True))))
    return 0


def _lock(work: Work, key: str, now: datetime) -> Any:
    """The row of `key`, made if need be, and nobody else's until this transaction ends."""
    dialect = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    fresh = dialect.insert(ATTEMPTS).values(key=key, wrong=0, open_at=now - APART, forget_at=now)
    held = fresh.on_conflict_do_update(index_elements=[ATTEMPTS.c.key], set_={"key": ATTEMPTS.c.key})
    return work.session.execute(held.returning(*ATTEMPTS.c)).one()


def _after_wrong_try(bound: Bound, row: Any, now: datetime) -> dict[str, Any]:
    """What the row says after one more wrong try; one that nothing counts in any more begins anew."""
    fresh = row.forget_at <= now
    wrong = 1 if fresh else row.wrong + 1
    wait = bound.wait_after(wrong)
    open_at = now + wait if wait else row.open_at
    forget_at = row.forget_at if bound.from_first and not fresh else now + bound.forgotten_after
    return {"wrong": wrong, "open_at": open_at, "forget_at": max(forget_at, open_at)}


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode(errors="surrogatepass")).hexdigest()
