"""The worker: runs the sweeps over and over and takes the looks of the queue; several may run at once."""

import threading
from collections.abc import Callable
from contextlib import nullcontext, suppress

from sqlalchemy.exc import SQLAlchemyError

from bpm.app import App
from bpm.foundation.telemetry import logger
from bpm.product import is_due

log = logger(__name__)

PAUSE = 1.0
"""Seconds between sweeps when nothing was nudged: what a lost nudge costs at most."""
UNTIL_MEASURED_AGAIN = 10.0
"""Seconds that a worker whose clock is too far off waits before it measures it again."""
TOPICS = frozenset({"jobs", "imports", "feedback", "batches", "notices", "mail"})
"""Topics that are work for a sweep. A timer that was just armed is none: it is due later."""
SHARED = frozenset({"jobs", "batches", "heartbeat"})
"""Sweeps whose pieces several workers can take side by side; of the others one worker at a time runs each."""


def run(app: App, stop: threading.Event, *, concurrency: int = 1) -> None:
    """Work until `stop` is set (usually `app.stopping`), then finish what is under way.

    `concurrency`: looks taken at a time, where the queue drives. A sweep that fails is logged and tried again; it
    never stops the others.
    """
    while not stop.is_set():
        if _clock_holds(app):
            _work(app, stop, concurrency)
        else:
            stop.wait(UNTIL_MEASURED_AGAIN)
    _say_goodbye(app)


def _work(app: App, stop: threading.Event, concurrency: int) -> None:
    """Work until `stop` is set, or until the process's clock is too far from the database's."""
    seen, topics = 0, TOPICS - app.queue.drives
    with app.queue.driving(lambda instance_id: _look(app, instance_id), concurrency=concurrency):
        while not (stop.is_set() or app.clock_problem()):
            if not sweep_once(app):
                seen = app.queue.wait(seen, timeout=PAUSE, topics=topics)


def _clock_holds(app: App) -> bool:
    """Measure the clock, say so with a heartbeat, and whether it may be worked by; the log names what is wrong."""
    _run_one(app, "heartbeat")
    problem = app.clock_problem()
    if problem:
        log.error("no work is taken", because=problem, remedy="Set this machine's clock, for one by NTP.")
    return not problem


def sweep_once(app: App) -> int:
    """Every sweep once; how many pieces of work were done. With a clock that is too far off nothing but a heartbeat."""
    if app.clock_problem():
        return _run_one(app, "heartbeat")
    return sum(_run_one(app, name) for name, _ in app.sweeps)


def _run_one(app: App, name: str) -> int:
    sweep = dict(app.sweeps)[name]
    if not is_due(sweep):
        return 0
    try:
        with nullcontext(enter_result=True) if name in SHARED else app.queue.alone(name) as mine:
            done = sweep(app) if mine else 0
    except Exception:
        log.exception("sweep failed", sweep=name)
        return 0
    app.tally.add(done)
    return done


def _say_goodbye(app: App) -> None:
    with suppress(SQLAlchemyError):
        app.beat(every=0, leaving=True)


def _look(app: App, instance_id: int) -> None:
    if problem := app.clock_problem():
        # A worker whose clock is right finds what was left by its sweep.
        log.error("a look was left", because=problem, instance=instance_id)
        return
    try:
        app.look(instance_id)
    except Exception:
        log.exception("look failed", instance=instance_id)


def start_thread(app: App, work: Callable[[App, threading.Event], None] = run) -> threading.Thread:
    """Run the worker in a background thread of this process, until `app.stopping` is set."""
    thread = threading.Thread(target=work, args=(app, app.stopping), name="earshot-worker", daemon=True)
    thread.start()
    return thread
