"""`earshot serve` and `earshot worker`: the processes that stay."""

import contextlib
import signal
import threading
from types import FrameType

import click
from waitress import serve as serve_wsgi

from bpm import schema, telemetry
from bpm import worker as working
from bpm.app import build
from bpm.cli.opening import opened
from bpm.engine.checks import warm_up


@click.command()
@click.option("--host", default=None, help="Address to listen on; EARSHOT_HOST otherwise.")
@click.option("--port", type=int, default=None, help="Port to listen on; EARSHOT_PORT otherwise.")
def serve(host: str | None, port: int | None) -> None:
    """Run the product: web server and, unless EARSHOT_EMBEDDED_WORKER=false, the worker."""
    from web import create_app

    app = opened()
    telemetry.configure(app.settings)
    host, port = host or app.settings.host, app.settings.port if port is None else port
    stop = working.start_thread(app) if app.settings.embedded_worker else threading.Event()
    warm_up()
    click.echo(f"Earshot is at http://{host}:{port}")
    try:
        serve_wsgi(create_app(app), host=host, port=port, threads=app.settings.threads, ident="Earshot")
    finally:
        stop.set()


@click.command()
def worker() -> None:
    """Run one worker: jobs, timers, imports, classification. Start as many as there is work for."""
    app = build()
    telemetry.configure(app.settings)
    schema.demand_newest(app.database)
    stop = threading.Event()

    def end(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
    click.echo("The worker runs; stop it with Ctrl-C.")
    with contextlib.suppress(KeyboardInterrupt):
        working.run(app, stop)
