"""`earshot serve` and `earshot worker`: the processes that stay."""

import importlib
import os
import signal
import socket
import threading
from collections.abc import Callable
from functools import partial
from types import FrameType

import click

from bpm import schema
from bpm import worker as working
from bpm.app import App, build
from bpm.cli.product import ready
from bpm.cli.server import demo_story, heap, prefork, production, web_server
from bpm.engine.checking import warm_up
from bpm.foundation import telemetry
from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings
from bpm.foundation.texts import _

Work = Callable[[App, threading.Event], None]
"""What a worker does until the event is set."""

FEWEST_THREADS = 4
"""Of each web process, however many there are."""


@click.command()
@click.option("--host", default=None, help="Address to listen on; EARSHOT_HOST otherwise.")
@click.option("--port", type=int, default=None, help="Port to listen on; EARSHOT_PORT otherwise.")
@click.option("--demo", "with_demo", is_flag=True, help="Load the demo story into an empty database, while it serves.")
@click.option("--items", type=click.IntRange(min=0), default=None, hidden=True, help="Of the demo, at most so many.")
def serve(host: str | None, port: int | None, with_demo: bool, items: int | None) -> None:
    """Run the product: web server and, unless EARSHOT_EMBEDDED_WORKER=false, the worker.

    SIGTERM or Ctrl-C: it answers what was asked, takes nothing new, and ends. The same again: it ends at once.
    """
    settings = Settings()
    production.demand_fit(settings)
    app = ready()
    telemetry.configure(app.settings)
    host, port = host or app.settings.host, app.settings.port if port is None else port
    processes = app.settings.processes()
    sockets = web_server.listen_together(host, port, processes) if processes > 1 else [web_server.listen(host, port)]
    if warning := production.advice(settings, host):
        click.echo(warning, err=True)
    work = _with_the_demo(app, items) if with_demo else working.run
    say = partial(click.echo, f"Earshot is at http://{host}:{sockets[0].getsockname()[1]}")
    if processes > 1:
        app.close()
        _load_what_is_shared()
        prefork.run(_children(app.settings, sockets, work), begun=say)
        return
    _end_on_signals(app)
    say()
    _answer(app, sockets[0], work)


def _with_the_demo(app: App, items: int | None) -> Work:
    """Its people, at once; gives what the worker is to do, which tells their story before it works.

    A worker that ran beside the story would find its timers due, weeks before they are.
    """
    from bpm import demo
    from bpm.cli.demo import name_people

    if not app.settings.embedded_worker:
        raise EarshotError(
            _("The demo is loaded by the worker that runs inside, and EARSHOT_EMBEDDED_WORKER is false."),
            remedy=_("Run earshot demo first, then earshot serve."),
        )
    now = demo.state(app)
    if now is demo.State.IN_USE:
        click.echo(_("The database is in use; the demo was not loaded."))
        return working.run
    if now is not demo.State.DEMO:
        demo.begin(app)
    name_people()
    return working.run if now is demo.State.DEMO else partial(_tell_and_work, items=items)


def _tell_and_work(app: App, stop: threading.Event, *, items: int | None) -> None:
    if demo_story.tell(stop, items=items):
        working.run(app, stop)


def _answer(app: App, listening: socket.socket, work: Work = working.run) -> None:
    """Answer in this process until told to end; `work`: what the worker does, where it runs inside."""
    from web import create_app

    warm_up()
    web = create_app(app)
    inside = working.start_thread(app, work) if app.settings.embedded_worker else None
    heap.settle()
    web_server.serve(app, web, listening)
    if inside is not None:
        inside.join()
    app.close()


def _load_what_is_shared() -> None:
    from web.app import SLICES

    for name in SLICES:
        importlib.import_module(name)
    heap.settle()


def _children(settings: Settings, sockets: list[socket.socket], work: Work) -> list[Callable[[], None]]:
    """What each child does: answer, or, where the worker is to be inside, be the worker."""
    threads = max(FEWEST_THREADS, -(-settings.threads // len(sockets)))
    share = settings.model_copy(update={"threads": threads, "embedded_worker": False})
    working_too = [partial(_work_alone, settings, work)] if settings.embedded_worker else []
    return [*(partial(_answer_alone, share, listening) for listening in sockets), *working_too]


def _answer_alone(settings: Settings, listening: socket.socket) -> None:
    app = build(settings)
    _end_on_signals(app)
    _answer(app, listening)


def _work_alone(settings: Settings, work: Work) -> None:
    app = build(settings)
    _end_on_signals(app)
    heap.settle()
    work(app, app.stopping)
    app.stopping.wait()  # where the demo could not be told, nobody works: what it left half done would go on
    app.close()


@click.command()
@click.option(
    "--concurrency",
    type=click.IntRange(1, 64),
    default=1,
    show_default=True,
    help="Instances worked on at a time, on PostgreSQL; SQLite lets one write at a time anyway.",
)
def worker(concurrency: int) -> None:
    """Run one worker: jobs, timers, imports, classification. Start as many as there is work for, on any machine.

    SIGTERM or Ctrl-C: it finishes what it does and ends. The same again: it ends at once, and what it did is taken
    over when its lease has run out.
    """
    production.demand_fit(Settings(), is_worker=True)
    app = build()
    telemetry.configure(app.settings)
    schema.demand_newest(app.database)
    _end_on_signals(app)
    heap.settle()
    click.echo("The worker runs; stop it with Ctrl-C.")
    working.run(app, app.stopping, concurrency=concurrency)
    app.close()


def _end_on_signals(app: App) -> None:
    def end(number: int, _frame: FrameType | None) -> None:
        if app.stopping.is_set():
            os._exit(128 + number)
        app.stopping.set()

    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, end)
