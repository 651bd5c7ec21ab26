"""A load on real processes over PostgreSQL: clients on loopback complete, start and read; workers drain the rest."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from bpm.app import App, build
from bpm.engine import api as engine
from bpm.engine.models import Job, WorkItem
from bpm.engine.status import JobStatus, WorkItemStatus
from bpm.foundation.settings import Settings
from bpm.schema import upgrade
from tools.bench import clients
from tools.bench.burst import burst
from tools.bench.cluster import free_port
from tools.bench.filling import copy_instance
from tools.bench.product import PASSWORD, add_person, put_live
from tools.bench.servers import earshot, memory_of
from tools.bench.workload import LOOKUP, LOOKUP_TOPIC, ROW, ROW_FORMS, typed

Turn = list[Any]


@dataclass(frozen=True)
class Size:
    """How large the load is. The figures of the product's promise are the defaults."""

    clients: int = 20
    seconds: float = 15.0
    instances: int = 10_000
    jobs: int = 1_500
    items: int = 10_000
    workers: int = 2


@dataclass(frozen=True)
class Reading:
    """What one kind of request did at the rate that was asked for, and how many a second there were at most."""

    name: str
    wanted: float
    rate: float
    p50: float
    p95: float
    limit: float
    failed: int
    errors: tuple[str, ...]
    most: float
    """Turns a second with nobody waiting between two."""

    @property
    def holds(self) -> bool:
        return self.failed == 0 and self.rate >= 0.98 * self.wanted and self.p95 <= self.limit


@dataclass(frozen=True)
class Findings:
    """All that a load brought out."""

    readings: tuple[Reading, ...]
    jobs_per_s: float
    burst_s: float
    burst_started: int
    """Instances that the burst's items started by a trigger."""
    web_mb: tuple[float, ...]
    worker_mb: tuple[float, ...]


@dataclass
class Ground:
    """The installation under load, and what was made for it."""

    app: App
    size: Size
    host: str = "127.0.0.1"
    port: int = 0
    items: Iterator[int] = field(default_factory=lambda: iter(()))
    """Open work items of the first task, each to be completed once."""

    @property
    def people(self) -> list[str]:
        return [f"client-{number}" for number in range(self.size.clients)]


def run_load(home: Path, database_url: str, size: Size, *, say: Callable[[str], None]) -> Findings:
    """Run everything on an empty PostgreSQL database; takes some minutes. `say` hears what is being done."""
    settings = Settings(home=home, database_url=database_url, secret_key=PASSWORD, embedded_worker=False)
    app = build(settings)
    upgrade(app.database)
    ground = Ground(app, size)
    say("filling the database")
    _fill(ground)
    with ExitStack() as stack:
        ground.port = free_port()
        server = stack.enter_context(
            earshot("serve", "--port", str(ground.port), settings=settings, says="Earshot is at")
        )
        readings = tuple(_read(ground, *each, say=say) for each in _kinds(ground))
        web_mb = tuple(memory_of(server))
        say("jobs")
        jobs_per_s, worker_mb = _jobs(ground)
        say("burst")
        drained = burst(app, f"http://{ground.host}:{ground.port}", items=size.items, workers=size.workers)
    app.close()
    most = tuple(max(pair) for pair in zip(worker_mb, drained.worker_mb, strict=True))
    return Findings(readings, jobs_per_s, drained.seconds, drained.started, web_mb, most)


def _fill(ground: Ground) -> None:
    app = ground.app
    put_live(app, ROW)
    put_live(app, LOOKUP)
    with app.unit_of_work() as work:
        for name in ground.people:
            add_person(work, name, roles=["staff"])
        sample = engine.start(work, "p1", {}).id
        copy_instance(work, sample, times=ground.size.instances - 1)
    with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    with app.unit_of_work.reading() as work:
        # From the end of the list, so that its first page stands still while it is read.
        query = select(WorkItem.id).where(WorkItem.status == WorkItemStatus.OPEN).order_by(WorkItem.id.desc())
        ground.items = iter(work.session.scalars(query).all())


def _kinds(ground: Ground) -> list[tuple[str, float, float, Callable[[int], list[Turn]]]]:
    """(name, rate that is asked for, limit of p95 in ms, so many turns of it)."""
    form = typed(ROW_FORMS[0])

    def complete(number: int) -> list[Turn]:
        return [[["POST", f"/tasks/{item}/completion", form, 303]] for item in islice(ground.items, number)]

    def with_pages(number: int) -> list[Turn]:
        posts = complete(number)
        return [[["GET", post[1].removesuffix("/completion"), None, 200], post, listed] for (post,) in posts]

    listed = ["GET", "/tasks", None, 200]

    def start(number: int) -> list[Turn]:
        return [[["POST", "/processes/p1/start", {"free values": ""}, 303]]] * number

    def page(path: str) -> Callable[[int], list[Turn]]:
        return lambda number: [[["GET", path, None, 200]]] * number

    return [
        ("complete", 60, 250, complete),
        ("start", 100, 200, start),
        ("task list", 120, 200, page("/tasks")),
        ("inbox", 120, 200, page("/inbox")),
        ("open, complete, list", 20, 500, with_pages),
    ]


def _read(
    ground: Ground,
    name: str,
    wanted: float,
    limit: float,
    turns: Callable[[int], list[Turn]],
    *,
    say: Callable[[str], None],
) -> Reading:
    say(name)
    seconds = ground.size.seconds
    paced = _ask(ground, turns(int(wanted * seconds)), rate=wanted, seconds=seconds + 30)
    most = _ask(ground, turns(int(2 * wanted * seconds)), rate=None, seconds=seconds / 2)
    times = sorted(paced["times"])
    return Reading(
        name=name,
        wanted=wanted,
        rate=len(times) / paced["seconds"],
        p50=_share(times, 0.5),
        p95=_share(times, 0.95),
        limit=limit,
        failed=paced["failed"] + most["failed"],
        errors=tuple(paced["errors"] + most["errors"]),
        most=len(most["times"]) / most["seconds"],
    )


def _share(times: Sequence[float], part: float) -> float:
    return times[min(len(times) - 1, int(len(times) * part))] if times else float("inf")


def _ask(ground: Ground, turns: list[Turn], *, rate: float | None, seconds: float) -> dict[str, Any]:
    plan = {
        "host": ground.host,
        "port": ground.port,
        "people": ground.people,
        "password": PASSWORD,
        "seconds": seconds,
        "rate": rate,
        "turns": turns,
    }
    done = subprocess.run(  # noqa: S603
        [sys.executable, clients.__file__], input=json.dumps(plan), capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def _jobs(ground: Ground) -> tuple[float, list[float]]:
    """Jobs a second of two workers, from the tenth to the ninetieth of a hundred; and their memory."""
    app, total = ground.app, ground.size.jobs
    for start in range(0, total, 100):
        with app.unit_of_work() as work:
            for _ in range(min(100, total - start)):
                engine.start(work, "lookup", {"tracking_status": "received"})
    with ExitStack() as stack:
        workers = [
            stack.enter_context(earshot("worker", settings=app.settings, says="The worker runs"))
            for _ in range(ground.size.workers)
        ]
        marks = [_when(lambda part=part: _ended(app) >= total * part) for part in (0.1, 0.9, 1.0)]  # type: ignore[misc]  # a default binds the value of this round
        return 0.8 * total / (marks[1] - marks[0]), [max(memory_of(worker)) for worker in workers]


def _ended(app: App) -> int:
    with app.unit_of_work.reading() as work:
        done = select(func.count()).where(Job.topic == LOOKUP_TOPIC, Job.status == JobStatus.DONE)
        return work.session.scalar(done) or 0


def _when(holds: Callable[[], bool]) -> float:
    """The instant at which it first held, looking ten times a second."""
    while not holds():
        time.sleep(0.1)
    return time.perf_counter()
