"""The product as a way in holds it: its parts, what its worker does and how often, and the looks at one instance."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from threading import Event, Lock, Thread
from time import monotonic

from sqlalchemy.engine import Engine

from bpm.foundation.bus import Bus
from bpm.foundation.clock import Clock
from bpm.foundation.database_clock import DatabaseClock
from bpm.foundation.settings import Settings
from bpm.foundation.telemetry import logger
from bpm.foundation.unit_of_work import UnitOfWork
from bpm.queue import OwnWork, Queue

log = logger(__name__)

Sweep = Callable[["App"], int]
"""Does a bounded amount of waiting work, each piece in its own transaction; gives how much it did."""


MEASURED_EVERY = 10.0
"""Seconds between two measurements of a worker's clock."""
TURNS = 20
"""How often one look goes on with its instance before it lets others go first."""


class Tally:
    """How many pieces of work were done by this process, for its heartbeat; safe from any thread."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._done = 0
        self._told_at = monotonic()

    def add(self, done: int) -> None:
        with self._lock:
            self._done += done

    def take(self, *, every: float = 10.0) -> int:
        """What came since it was last taken; 0 until `every` seconds have gone by, for each telling is a write."""
        with self._lock:
            if monotonic() - self._told_at < every:
                return 0
            done, self._done, self._told_at = self._done, 0, monotonic()
            return done


class Paced:
    """A sweep that looks at most every few seconds: nobody waits for what it does, and each look costs some reads."""

    def __init__(self, sweep: Sweep, *, seconds: float = 5.0, first_after: float = 0.0) -> None:
        self._sweep, self._seconds = sweep, seconds
        self._again_at = monotonic() + first_after if first_after else 0.0

    @property
    def is_due(self) -> bool:
        """Whether it would look now."""
        return monotonic() >= self._again_at

    def __call__(self, app: "App") -> int:
        if not self.is_due:
            return 0
        self._again_at = monotonic() + self._seconds
        return self._sweep(app)


def is_due(sweep: Sweep) -> bool:
    """Whether the sweep would look now: one that would not need not be asked, which costs a lock among workers."""
    return not isinstance(sweep, Paced) or sweep.is_due


class Aside:
    """A sweep that waits for other systems: it runs in a thread of its own, one at a time, and holds nobody up."""

    def __init__(self, sweep: Sweep, *, name: str) -> None:
        self._sweep, self._name = sweep, name
        self._under_way: Thread | None = None

    def __call__(self, app: "App") -> int:
        if self._under_way is None or not self._under_way.is_alive():
            self._under_way = Thread(target=self._run, args=(app,), name=f"earshot-{self._name}", daemon=True)
            self._under_way.start()
        return 0

    def _run(self, app: "App") -> None:
        try:
            while not app.stopping.is_set() and self._sweep(app):
                app.tally.add(1)
        except Exception:
            log.exception("sweep failed", sweep=self._name)


@dataclass(frozen=True)
class App:
    """Everything that a way in (web, CLI, worker) needs."""

    settings: Settings
    clock: Clock
    database: Engine
    probe: Engine
    """Asks whether the database answers, without waiting for whoever uses it."""
    queue: Queue
    bus: Bus
    unit_of_work: UnitOfWork
    sweeps: tuple[tuple[str, Sweep], ...] = ()
    """What the worker runs, in order: (name, sweep)."""
    stopping: Event = field(default_factory=Event)
    """Set when this process is to end: what is under way is finished, nothing new is begun."""
    tally: Tally = field(default_factory=Tally)

    def look(self, instance_id: int) -> None:
        """Do what one instance leaves to a worker, one job after the other; after some turns others come first."""
        from bpm import processes
        from bpm.engine import api as engine

        own = OwnWork(self.queue, instance_id)
        unit_of_work = replace(self.unit_of_work, queue=own)
        for _ in range(TURNS):
            own.left = False
            done = engine.sweep_jobs(
                unit_of_work, processes.SERVICE_TASKS, instance_id=instance_id, stopping=self.stopping.is_set
            )
            self.tally.add(done)
            if not own.left and done < engine.JOBS_AT_ONCE:
                return
            if self.stopping.is_set():
                break
        with self.unit_of_work() as work:
            work.nudge("jobs", instance_id)

    def sweep_jobs(self) -> int:
        """Do jobs wherever they are; those that just fell due are left to the look that was deferred for them."""
        from bpm import processes
        from bpm.engine import api as engine

        return engine.sweep_jobs(
            self.unit_of_work,
            processes.SERVICE_TASKS,
            overdue_by=self.queue.grace,
            stopping=self.stopping.is_set,
        )

    def beat(self, *, every: float = 10.0, leaving: bool = False) -> int:
        """Say that this process works, or that it leaves, with how far its clock is off; gives 0: it is no work."""
        from bpm.engine import api as engine

        done = self.tally.take(every=every)
        return engine.beat(self.unit_of_work, done=done, skew=self.skew(), leaving=leaving)

    def clock_problem(self) -> str:
        """Why this process's clock is not to be worked by, or nothing."""
        skew, most = self.skew(), timedelta(seconds=self.settings.most_clock_skew)
        if skew is None or abs(skew) <= most:
            return ""
        way = "ahead of" if skew > timedelta(0) else "behind"
        off, allowed = abs(skew.total_seconds()), most.total_seconds()
        return f"its clock is {off:.0f} s {way} the database's; {allowed:.0f} s are allowed"

    def skew(self) -> timedelta | None:
        """How far this process's clock is ahead of the database's, measured lately; None for a clock of a test."""
        if isinstance(self.clock, DatabaseClock):
            return self.clock.measure(unless_within=MEASURED_EVERY)
        return None

    def close(self) -> None:
        """Let go of all connections."""
        self.queue.close()
        self.database.dispose()
