"""`python -m tools.volume.updates`: one act tells 1,000 linked customers; what the worker needs for it, each once.

A local mail server takes the letters. Measured are the act itself, the hand-over to the outbox and the sending, by the
clock and in processor time of this process, the mail server's part in it.
"""

import socketserver
import tempfile
import threading
from collections import Counter
from datetime import timedelta
from pathlib import Path
from time import perf_counter, process_time

import click
from sqlalchemy import func, select

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


@click.command()
@click.option("--people", default=1_000, show_default=True)
@click.option("--database", default="", help="SQLAlchemy URL of an empty database; else SQLite in a new folder.")
def main(people: int, database: str) -> None:
    """Prints a row for each part, and how often anybody was told."""
    with tempfile.TemporaryDirectory() as folder, _Server() as server:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        app = to_product(database, Path(folder))
        settings = app.settings.model_copy(
            update={"smtp_host": "127.0.0.1", "smtp_port": server.server_address[1], "smtp_tls": "none",
                    "smtp_from": "Shop <post@shop.example>", "quiet_hours": ""}
        )  # fmt: skip
        clock = FixedClock(SystemClock().now().replace(hour=12, minute=0, second=0, microsecond=0))
        app = build(settings, clock=clock)
        click.echo(machine())
        _measure(app, clock, people)
        once = Counter(server.told.values())
        letters = sum(server.told.values())
        click.echo(f"letters: {letters:,} to {len(server.told):,} people; times told -> people: {dict(once)}")
        if once != {1: people}:
            raise click.ClickException("Somebody was not told exactly once.")
        server.shutdown()


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

    worked = 0.0
    for name, do in (("act", act), ("handed to the outbox", hand_over), ("sent", send)):
        begun, began = perf_counter(), process_time()
        do()
        took, used = perf_counter() - begun, process_time() - began
        worked += took if do is not act else 0
        click.echo(f"{name}: {took:.1f} s by the clock, {used:.1f} s worked, {took / people * 1000:.1f} ms a person")
    click.echo(f"the worker in all: {worked:.1f} s for {people:,} people")
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
