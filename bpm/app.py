"""The composition root: `build(settings)` names every concrete part once."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from bpm import engine, feedback, identity, processes
from bpm.clock import Clock, SystemClock
from bpm.db import connect
from bpm.events import Bus
from bpm.feedback import classification
from bpm.queue import EmbeddedQueue, Queue
from bpm.settings import Settings
from bpm.unit_of_work import UnitOfWork

Sweep = Callable[["App"], int]
"""Does a bounded amount of waiting work, each piece in its own transaction; gives how much it did."""


@dataclass(frozen=True)
class App:
    """Everything that a way in (web, CLI, worker) needs."""

    settings: Settings
    clock: Clock
    database: Engine
    queue: Queue
    bus: Bus
    unit_of_work: UnitOfWork
    sweeps: tuple[tuple[str, Sweep], ...]
    """What the worker runs, in order: (name, sweep)."""


def build(settings: Settings | None = None, *, clock: Clock | None = None) -> App:
    """The product, wired; `clock` is replaced in tests and dry runs."""
    settings = settings or Settings()
    settings.home.mkdir(parents=True, exist_ok=True)
    clock = clock or SystemClock()
    database, queue, bus = connect(settings.url), EmbeddedQueue(), Bus()
    engine.wire(bus)
    processes.wire(bus)
    return App(
        settings=settings,
        clock=clock,
        database=database,
        queue=queue,
        bus=bus,
        unit_of_work=UnitOfWork(database, clock, bus, queue, settings),
        sweeps=_sweeps(),
    )


def _sweeps() -> tuple[tuple[str, Sweep], ...]:
    return (
        ("timers", lambda app: engine.sweep_timers(app.unit_of_work)),
        ("jobs", lambda app: engine.sweep_jobs(app.unit_of_work, processes.SERVICE_TASKS)),
        ("batches", lambda app: engine.sweep_batches(app.unit_of_work)),
        ("imports", lambda app: feedback.sweep_imports(app.unit_of_work)),
        ("classification", lambda app: classification.sweep_classification(app.unit_of_work)),
        ("commands", lambda app: identity.forget_commands(app.unit_of_work)),
        ("heartbeat", lambda app: engine.beat(app.unit_of_work)),
    )
