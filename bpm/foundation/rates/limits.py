"""Bounds on how often somebody may ask: the library `limits` reads and applies them, the database counts.

Not Flask-Limiter: its limiter is one object of a module that belongs to one application and reads the machine's own
clock, while here any number of applications live in one process, each with its own clock and database.
"""

from datetime import UTC, datetime, timedelta

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter
from sqlalchemy.exc import SQLAlchemyError

from bpm.foundation.clock import Clock
from bpm.foundation.errors import TooManyRequestsError
from bpm.foundation.rates.windows import RateWindows

MOST_REMEMBERED = 10_000
"""Callers over their bound that a process knows without asking the database again."""


class DatabaseStorage(Storage):
    """The counts of `limits` in our database, which it has no storage for. Time is the product's clock."""

    STORAGE_SCHEME = None

    def __init__(self, windows: RateWindows) -> None:
        super().__init__()
        self._windows = windows

    @property
    def base_exceptions(self) -> type[Exception]:
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        return self._windows.count(key, timedelta(seconds=expiry), amount)

    def get(self, key: str) -> int:
        return self._windows.read(key)[0]

    def get_expiry(self, key: str) -> float:
        return self._windows.read(key)[1].timestamp()

    def check(self) -> bool:
        self._windows.read("")
        return True

    def reset(self) -> int | None:
        raise NotImplementedError("Windows end by themselves.")

    def clear(self, key: str) -> None:
        self._windows.forget(key)


class RateLimits:
    """Counts requests against named bounds."""

    def __init__(self, windows: RateWindows, bounds: dict[str, str]) -> None:
        """`bounds`: name -> as `limits` writes it ("600/5minute"); a name that is not there has none."""
        self._clock: Clock = windows.clock
        self._bounds: dict[str, RateLimitItem] = {name: parse(written) for name, written in bounds.items()}
        self._strategy = FixedWindowRateLimiter(DatabaseStorage(windows))
        self._closed: dict[tuple[str, str], datetime] = {}
        """(bound, caller) -> when it is open again, so that a flood of refused requests writes nothing."""

    def count(self, name: str, caller: str) -> None:
        """Count one request of `caller`; TooManyRequestsError when it is one too many."""
        bound = self._bounds.get(name)
        if bound is None:
            return
        now = self._clock.now()
        opens = self._closed.get((name, caller), now)
        if opens <= now:
            if self._strategy.hit(bound, name, caller):
                return
            opens = datetime.fromtimestamp(self._strategy.get_window_stats(bound, name, caller).reset_time, UTC)
            self._remember(name, caller, opens)
        raise TooManyRequestsError(
            f"That was asked too often: at most {bound.amount:,} times in {_span(bound)}.",
            retry_after=max(opens - now, timedelta(seconds=1)),
            remedy=f"Try again at {opens:%H:%M:%S} UTC.",
        )

    def _remember(self, name: str, caller: str, opens: datetime) -> None:
        if len(self._closed) >= MOST_REMEMBERED:
            self._closed.clear()  # the counts stand in the database; this only spares looking there
        self._closed[name, caller] = opens


def _span(bound: RateLimitItem) -> str:
    """How long a window lasts, in words."""
    unit = bound.GRANULARITY.name
    return f"a {unit}" if bound.multiples == 1 else f"{bound.multiples} {unit}s"
