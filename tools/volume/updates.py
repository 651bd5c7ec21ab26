"""`python -m tools.volume.updates`: one act tells 1,000 linked customers; what the worker needs for it, each once.

A local mail server takes the letters, in a process of its own. Measured are the act itself, the hand-over to the outbox
and the sending: by the clock, in processor time of this process, and in statements.
"""

import multiprocessing
import socketserver
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing.connection import Connection as Pipe
from pathlib import Path
from time import perf_counter, process_time

import click
from sqlalchemy import event, func, select

from bpm import feedback, identity
from bpm.app import App, build
from bpm.feedback import incidents, outbound
from bpm.feedback.models import IncidentTold, OutboundMessage
from bpm.foundation.clock import FixedClock, SystemClock
from bpm.foundation.work import Actor
from tools.bench.report import machine
from tools.volume.__main__ import to_product

SAID = "We know that signing in fails. A new certificate comes within the hour."


class _Talk(socketserver.StreamRequestHandler):
    """Takes every letter, and notes to whom."""

    def handle(self) -> None:
        self._say("220 here")
        while line := self.rfile.readline():
            verb = line[:4].upper().strip()
            if verb == b"QUIT":
                return self._say("221 bye")
            if verb == b"RCPT":
                self.server.told[line.split(b"<")[1].split(b">")[0]] += 1  # type: ignore[attr-defined]  # the one below
            if verb == b"DATA":
                self._say("354 go on")
                while self.rfile.readline() not in (b".\r\n", b""):
                    pass
            self._say("250 ok")
        return None

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Talk)
        self.told: Counter[bytes] = Counter()
        self.connections = 0

    def process_request(self, request: object, client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)  # type: ignore[arg-type]  # as they came


@dataclass(frozen=True)
class Post:
    """What the mail server took: over how many connections, and how many letters to whom."""

    connections: int
    told: Counter[bytes]


def _serve(pipe: Pipe) -> None:
    with _Server() as server:
        pipe.send(server.server_address[1])
        server.timeout = 0.05
        while not pipe.poll():
            server.handle_request()
        pipe.send(Post(server.connections, server.told))


class _MailServer:
    def __init__(self, pipe: Pipe) -> None:
        self._pipe = pipe
        self.port: int = pipe.recv()

    def end(self) -> Post:
        self._pipe.send("end")
        taken: Post = self._pipe.recv()
        return taken


@contextmanager
def _mail_server() -> Iterator[_MailServer]:
    away = multiprocessing.get_context("spawn")
    ours, theirs = away.Pipe()
    process = away.Process(target=_serve, args=(theirs,), daemon=True)
    process.start()
    try:
        yield _MailServer(ours)
    finally:
        process.terminate()
        process.join()


@click.command()
@click.option("--people", default=1_000, show_default=True)
@click.option("--database", default="", help="SQLAlchemy URL of an empty database; else SQLite in a new folder.")
def main(people: int, database: str) -> None:
    """Prints a row for each part, and how often anybody was told."""
    with tempfile.TemporaryDirectory() as folder, _mail_server() as server:
        app = to_product(database, Path(folder))
        settings = app.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": server.port, "smtp_tls": "none",
                    "smtp_from": "Shop <post@shop.example>", "quiet_hours": ""}
        )  # fmt: skip
        clock = FixedClock(SystemClock().now().replace(hour=12, minute=0, second=0, microsecond=0))
        app = build(settings, clock=clock)
        click.echo(machine())
        _measure(app, clock, people)
        post = server.end()
        once, letters = Counter(post.told.values()), sum(post.told.values())
        click.echo(
            f"letters: {letters:,} to {len(post.told):,} people over {post.connections} connections;"
            f" times told -> people: {dict(once)}"
        )
        if once != {1: people}:
            raise click.ClickException("Somebody was not told exactly once.")


def _measure(app: App, clock: FixedClock, people: int) -> None:
    advocate, incident = _prepare(app, clock, people)

    def act() -> None:
        with app.unit_of_work(advocate) as work:
            incidents.acknowledge(work, incident, SAID, next_at=clock.now() + timedelta(hours=1))

    def hand_over() -> None:
        while incidents.sweep_updates(app.unit_of_work):
            pass

    def send() -> None:
        clock.advance(outbound.UNDO + timedelta(seconds=1))
        while outbound.sweep_outbound(app.unit_of_work):
            pass

    worked, statements = 0.0, 0

    def count(*_given: object) -> None:
        nonlocal statements
        statements += 1

    event.listen(app.database, "before_cursor_execute", count)
    for name, do in (("act", act), ("handed to the outbox", hand_over), ("sent", send)):
        begun, began, statements = perf_counter(), process_time(), 0
        do()
        took, used = perf_counter() - begun, process_time() - began
        worked += used if do is not act else 0
        click.echo(
            f"{name}: {took:.1f} s by the clock, {used:.1f} s worked, {used / people * 1000:.1f} ms a person worked,"
            f" {statements:,} statements"
        )
    click.echo(f"the worker in all: {worked:.1f} s worked for {people:,} people")
    with app.unit_of_work.reading() as work:
        told = work.session.execute(select(IncidentTold.status, func.count()).group_by(IncidentTold.status)).all()
        states = work.session.execute(select(OutboundMessage.state, func.count()).group_by(OutboundMessage.state)).all()
    click.echo(f"told: {[(str(state), n) for state, n in told]}; messages: {[(str(state), n) for state, n in states]}")


def _prepare(app: App, clock: FixedClock, people: int) -> tuple[Actor, int]:
    with app.unit_of_work() as work:
        person = identity.create_user(work, "maya", display_name="Maya Vogel", password="long enough, made up",  # noqa: S106
                                      roles=["advocate"], groups=[])  # fmt: skip
        advocate = identity.actor_of(person)
    rows = [
        feedback.RawItem(channel="email", source="mail", natural_key=f"m{n}", text=f"I cannot sign in, {n}.",
                         said_at=clock.now() - timedelta(hours=2), author_email=f"p{n}@example.org")
        for n in range(people)
    ]  # fmt: skip
    with app.unit_of_work() as work:
        ids = [got.item_id for got in feedback.receive_all(work, rows)]
    with app.unit_of_work(advocate) as work:
        return advocate, incidents.open_incident(work, "Signing in fails", item_ids=ids).id


if __name__ == "__main__":
    main()
