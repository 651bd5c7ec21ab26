"""The worker: runs the sweeps over and over until told to stop; several may run at once."""

import threading

from bpm.app import App
from bpm.telemetry import logger

log = logger(__name__)

PAUSE = 1.0
"""Seconds between sweeps when nothing was nudged: what a lost nudge costs at most."""


def run(app: App, stop: threading.Event) -> None:
    """Sweep until `stop` is set. A sweep that fails is logged and tried again; it never stops the others."""
    seen = 0
    while not stop.is_set():
        if not sweep_once(app):
            seen = app.queue.wait(seen, timeout=PAUSE)


def sweep_once(app: App) -> int:
    """Every sweep once; how many pieces of work were done."""
    return sum(_run_one(app, name) for name, _ in app.sweeps)


def _run_one(app: App, name: str) -> int:
    sweep = dict(app.sweeps)[name]
    try:
        return sweep(app)
    except Exception:
        log.exception("sweep failed", sweep=name)
        return 0


def start_thread(app: App) -> threading.Event:
    """Run the worker in a background thread of this process; set the event that comes back to end it."""
    stop = threading.Event()
    threading.Thread(target=run, args=(app, stop), name="earshot-worker", daemon=True).start()
    return stop
