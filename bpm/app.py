"""The composition root: `build(settings)` names every concrete part once; who acts on what stands in `wiring`, what the
worker does in `sweeps`.
"""

from dataclasses import replace

from bpm.foundation.bus import Bus
from bpm.foundation.clock import Clock
from bpm.foundation.database_clock import DatabaseClock
from bpm.foundation.db import connect, connect_to_probe, sqlite_file
from bpm.foundation.home import prepare_home
from bpm.foundation.settings import Settings
from bpm.foundation.unit_of_work import UnitOfWork
from bpm.product import App
from bpm.queue import queue_for

__all__ = ["App", "build", "build_listening"]


def build(settings: Settings | None = None, *, clock: Clock | None = None) -> App:
    """The product, wired; `clock` is replaced in tests and dry runs."""
    from bpm.sweeps import all_sweeps
    from bpm.wiring import wire

    app = _parts(settings or Settings(), clock)
    wire(app.bus)
    return replace(app, sweeps=all_sweeps())


def build_listening(settings: Settings | None = None) -> App:
    """The product for a command that takes items in and does nothing else: other rooms cost neither time nor memory.

    It has no sweeps. What happens beside keeping items, as the notice of an import's end, loads the rest.
    """
    from bpm.listening import NOBODY_ACTS_ON, wire_listening

    app = _parts(settings or Settings(), None)
    wire_listening(app.bus)
    app.bus.leave_rest(_wire_rest, nobody_acts_on=NOBODY_ACTS_ON)
    return app


def _wire_rest(bus: Bus) -> None:
    from bpm.wiring import wire_rest

    wire_rest(bus)


def _parts(settings: Settings, clock: Clock | None) -> App:
    prepare_home(settings.home, sqlite_file(settings.url))
    database, bus = connect(settings.url, connections=settings.database_connections), Bus()
    clock = clock or DatabaseClock(database)
    queue = queue_for(database)
    return App(
        settings=settings,
        clock=clock,
        database=database,
        probe=connect_to_probe(settings.url),
        queue=queue,
        bus=bus,
        unit_of_work=UnitOfWork(database, clock, bus, queue, settings),
    )
