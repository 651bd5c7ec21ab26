"""The processes that run while things break, and what must be true when it is over."""

from collections import Counter
from dataclasses import dataclass

from sqlalchemy import func, select, text

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import Failure, Job, ProcessInstance, StepRecord, WorkItem
from bpm.engine.queries import WorkerRow, list_workers
from tests.engine.models import flow, go_live, model

ASK = model(
    "asking",
    '<startEvent id="start"/><serviceTask id="Ask" camunda:type="external" camunda:topic="ask" e:retries="9"/>'
    '<userTask id="Read"/><endEvent id="end"/>' + flow("start", "Ask") + flow("Ask", "Read") + flow("Read", "end"),
)


def start_many(app: App, key: str, number: int, *, at_once: int = 50) -> list[int]:
    """Instances of the process `key`, some in each transaction."""
    ids: list[int] = []
    for begin in range(0, number, at_once):
        with app.unit_of_work() as work:
            ids += [
                engine.start(work, key, {"number": place}, business_key=f"case-{place}").id
                for place in range(begin, min(begin + at_once, number))
            ]
    return ids


def asking(app: App, number: int) -> list[int]:
    """That many instances that wait for a worker to ask."""
    go_live(app, ASK)
    return start_many(app, "asking", number)


@dataclass(frozen=True)
class Tally:
    """What became of the jobs: all three are 0 when all is well."""

    lost: int
    """Instances whose job had no effect."""
    doubled: int
    """Effects beyond the first of an instance."""
    stuck: int
    """Jobs that are not done, and failures."""


def jobs_left(app: App) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).where(Job.status != "done")) or 0


def effects(app: App) -> Counter[int]:
    """{instance: how often its job took effect}"""
    with app.unit_of_work.reading() as work:
        return Counter(work.session.scalars(text("SELECT instance_id FROM effect")))


def tally(app: App, instances: list[int]) -> Tally:
    done = effects(app)
    with app.unit_of_work.reading() as work:
        failures = work.session.scalar(select(func.count()).select_from(Failure)) or 0
    return Tally(
        lost=len(set(instances) - set(done)),
        doubled=sum(done.values()) - len(done),
        stuck=jobs_left(app) + failures,
    )


def broken(app: App) -> list[str]:
    """What the checker says that `earshot doctor` runs."""
    with app.unit_of_work.reading() as work:
        return engine.check_invariants(work)


def completed_steps(app: App) -> Counter[int]:
    """{instance: steps on record that completed a work item}"""
    with app.unit_of_work.reading() as work:
        return Counter(work.session.scalars(select(StepRecord.instance_id).where(StepRecord.command == "complete")))


def statuses(app: App) -> Counter[str]:
    """{status: instances}"""
    with app.unit_of_work.reading() as work:
        return Counter(work.session.scalars(select(ProcessInstance.status)))


def open_items(app: App) -> list[int]:
    with app.unit_of_work.reading() as work:
        return list(work.session.scalars(select(WorkItem.id).where(WorkItem.status == "open").order_by(WorkItem.id)))


def workers_heard_of(app: App) -> list[WorkerRow]:
    """Workers that have given a sign of life since the database was made."""
    with app.unit_of_work.reading() as work:
        return list_workers(work)
