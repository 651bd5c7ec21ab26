"""What the processes of these tests do: the product's own commands, each with a death planned for it or none.

They are forked from one process that has imported everything, so that starting one costs milliseconds.
"""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

import bpm.app
from bpm import processes
from bpm.cli import serve
from bpm.engine import api as engine
from bpm.feedback import connectors, outbound
from bpm.feedback.classification import worker
from bpm.feedback.classification_result import ClassificationResult
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work
from tests.faults import deaths
from tests.faults.deaths import Death

for _name in (
    "bpm.worker",
    "bpm.engine.jobs.runner",
    "bpm.engine.timers.timers",
    "bpm.engine.definitions.deployment",
    "web",
):
    import_module(_name)

EFFECT = text("INSERT INTO effect (instance_id, job_id, pid) VALUES (:instance_id, :job_id, :pid)")


@dataclass(frozen=True)
class Order:
    """Which command to run, where, and how it ends."""

    command: str
    """worker | serve | sweep NAME | …: a name of `COMMANDS`, and its argument."""
    settings: Mapping[str, str]
    """Environment variables of the product."""
    log: Path
    death: Death | None = None
    constants: Mapping[str, Any] = field(default_factory=dict)
    """{"module:NAME": value}: what would make the tests slow."""


def obey(order: Order) -> None:
    """Run the command of `order` in this fresh process."""
    with order.log.open("ab", buffering=0) as log:
        os.dup2(log.fileno(), 1)
        os.dup2(log.fileno(), 2)
    os.environ.update(order.settings)
    for place, value in order.constants.items():
        module, _, name = place.partition(":")
        setattr(import_module(module), name, value)
    _prepare(order.death)
    command, _, argument = order.command.partition(" ")
    COMMANDS[command](*([argument] if argument else []))


def _prepare(death: Death | None) -> None:
    connect = bpm.app.connect

    def watched(url: str, *rest: Any, **options: Any) -> Any:
        made = connect(url, *rest, **options)
        deaths.watch(made)
        return made

    bpm.app.connect = watched  # type: ignore[attr-defined]  # the point of it: the names are bound anew
    deaths.watch_nudges()
    deaths.plan(death)
    tasks: dict[str, Any] = processes.SERVICE_TASKS  # type: ignore[assignment]  # the point of it: the names are bound anew
    tasks["ask"], tasks["call"] = ask, engine.Outside(call)
    worker.read_items = lambda items, _settings: [READ for _ in items]  # type: ignore[assignment,misc]  # the point of it: the names are bound anew


def ask(work: Work, call: engine.JobCall) -> Mapping[str, Any]:
    """The service task: its effect is a row that is written in the job's own transaction."""
    effect = {"instance_id": call.instance_id, "job_id": call.job_id, "pid": os.getpid()}
    work.session.execute(EFFECT, effect)
    deaths.passing(deaths.TASK)
    return {"asked": True}


def call(order: engine.JobCall) -> Mapping[str, Any]:
    """The service task that calls the outside: a line of its key in a file that no transaction covers."""
    with (Path(os.environ["EARSHOT_HOME"]) / "outside").open("a") as outside:
        outside.write(order.idempotency_key + "\n")
    deaths.passing(deaths.TASK)
    return {"called": True}


READ = ClassificationResult(
    model_version="m1", kinds={"complaint": 0.9}, primary="complaint", sentiment=-0.8, urgency=2, topic="delivery",
    confidence=0.9, abstained=False,
)  # fmt: skip
"""What every item is read as: reading is pure, what is tried here is what is written."""


def _worker() -> None:
    serve.worker.main(args=[], standalone_mode=False)


def _serve(port: str) -> None:
    serve.serve.main(args=["--port", port], standalone_mode=False)


def _sweep(name: str) -> None:
    """One sweep of the worker until it finds nothing more to do."""
    app = bpm.app.build()
    sweep = dict(app.sweeps)[name]
    for turn in count():
        try:
            if not sweep(app):
                return
        except OperationalError as error:
            # As the worker does: on SQLite others may keep the only place to write for longer than one waits for it.
            if turn > 20 or "locked" not in str(error):
                raise


def _send_out() -> None:
    """Send what is due in the outbox; where the words were said and nothing is on record yet, the process may die."""
    open_way = connectors.open_way

    def watched(*given: Any, **named: Any) -> Any:
        way_out, connection = open_way(*given, **named)

        def send(where: Any, outgoing: Any) -> Any:
            accepted = way_out.send(where, outgoing)
            deaths.passing(deaths.SAID)
            return accepted

        return replace(way_out, send=send), connection

    connectors.open_way = watched  # type: ignore[assignment]  # the point of it: the names are bound anew
    app = bpm.app.build()
    while outbound.sweep_outbound(app.unit_of_work):
        pass


def _complete(argument: str) -> None:
    """Complete the work items of "FIRST LAST FILE"; what came of each goes to FILE as a line of JSON."""
    app = bpm.app.build()
    first, last, out = argument.split(maxsplit=2)
    with Path(out).open("a") as lines:
        for item in range(int(first), int(last) + 1):
            said = "won"
            try:
                with app.unit_of_work() as work:
                    engine.complete(work, item, {"by": os.getpid()})
            except ConflictError as conflict:
                said = conflict.message
            lines.write(json.dumps([item, said]) + "\n")


COMMANDS = {"complete": _complete, "outbox": _send_out, "worker": _worker, "serve": _serve, "sweep": _sweep}


def _nothing() -> None:
    """Nobody uploads a model here: the child that reads them is not needed."""


IN_A_HURRY = {
    "bpm.engine.jobs.jobs:LEASE_FOR": timedelta(seconds=1),
    "bpm.engine.jobs.jobs:FIRST_WAIT": timedelta(milliseconds=50),
    "bpm.worker:PAUSE": 0.25,
    "bpm.cli.serve:warm_up": _nothing,
}
