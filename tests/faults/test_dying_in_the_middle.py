"""A worker that dies in the middle of something long: whoever comes next goes on, and each piece is done once."""

import json
from abc import ABC, abstractmethod
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from sqlalchemy import func, select

from bpm import feedback, processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import Batch, BatchItem, ProcessInstance, ProcessVersion, StepRecord, WorkItem
from bpm.feedback.models import Classification, FeedbackItem, ImportRun
from bpm.foundation.clock import FixedClock
from bpm.processes.models import Attribution, TriggerFiring
from tests.engine import acting
from tests.engine.models import ONE_TASK, SIGNAL_WAITER, TWO_TASKS, flow, go_live
from tests.faults.conftest import Count
from tests.faults.crew import KILLED, Crew
from tests.faults.deaths import STATEMENT, Death
from tests.faults.world import broken, start_many, statuses
from tests.thoroughness import TIMES

pytestmark = pytest.mark.both_databases

PIECES = 30 if TIMES > 1 else 12


class Undertaking(ABC):
    """Something that a sweep does piece by piece."""

    sweep: str
    constants: ClassVar[dict[str, Any]] = {}
    stride = 7
    """SQL statements that each further worker lives longer than the one before."""

    @abstractmethod
    def begin(self, app: App) -> None:
        """Put `PIECES` pieces before the sweep."""

    @abstractmethod
    def check(self, app: App) -> None:
        """Assert that each piece was done exactly once."""


class Import(Undertaking):
    sweep = "imports"
    stride = 7 if TIMES > 1 else 17  # each worker starts a reader of its own
    constants: ClassVar = {"bpm.feedback.imports.runs:BATCH": 5}

    def begin(self, app: App) -> None:
        rows = ({"id": f"k{n}", "channel": "chat", "source": "s", "text": f"words {n}"} for n in range(PIECES))
        content = b"".join(json.dumps(row).encode() + b"\n" for row in rows)
        with app.unit_of_work() as work:
            feedback.start_import(
                work, content, file_name="said.jsonl", format_name="jsonl", mapping={}, channel="chat", source="s"
            )

    def check(self, app: App) -> None:
        with app.unit_of_work.reading() as work:
            run = work.session.scalars(select(ImportRun)).one()
            assert (run.status, run.done_rows, run.new, run.skipped, run.failed) == ("done", PIECES, PIECES, 0, 0)
            assert work.session.scalar(select(func.count()).select_from(FeedbackItem)) == PIECES


class ReadingAndTriggers(Undertaking):
    sweep = "classification"
    constants: ClassVar = {"bpm.feedback.classification.worker:BATCH": 5}
    stride = 25

    def begin(self, app: App) -> None:
        go_live(app, ONE_TASK)
        said = (
            feedback.RawItem(channel="chat", source="s", text=f"words {n}", natural_key=f"k{n}") for n in range(PIECES)
        )
        wanted = processes.TriggerDraft(definition_key="one", conditions=processes.Conditions(kinds=("complaint",)))
        with app.unit_of_work() as work:
            processes.switch_on(work, processes.save_trigger(work, wanted).id)
            feedback.receive_all(work, list(said))

    def check(self, app: App) -> None:
        with app.unit_of_work.reading() as work:
            read = list(work.session.scalars(select(Classification.item_id).where(Classification.current)))
            fired = Counter(work.session.scalars(select(TriggerFiring.outcome)))
            attributed = list(work.session.scalars(select(Attribution.item_id)))
        assert len(read) == len(set(read)) == PIECES
        assert fired == {"started": PIECES}
        assert sorted(attributed) == sorted(read)
        assert statuses(app) == {"active": PIECES}


class BatchAct(Undertaking):
    sweep = "batches"

    def begin(self, app: App) -> None:
        go_live(app, ONE_TASK)
        ids = start_many(app, "one", PIECES)
        with app.unit_of_work() as work:
            engine.begin_batch(work, "cancel", ids, {}, reason="The shop is closed.")

    def check(self, app: App) -> None:
        assert done_pieces(app) == {"done": PIECES}
        assert commands(app) == {"start": PIECES, "cancel": PIECES}
        assert statuses(app) == {"cancelled": PIECES}


class Migration(Undertaking):
    sweep = "batches"
    stride = 14

    def begin(self, app: App) -> None:
        go_live(app, TWO_TASKS)
        ids = start_many(app, "two", PIECES)
        longer = TWO_TASKS.replace(flow("A", "B").encode(), (flow("A", "X") + flow("X", "B")).encode())
        go_live(app, longer.replace(b'<userTask id="B"', b'<userTask id="X"/><userTask id="B"'))
        with app.unit_of_work() as work:
            old, new = work.session.scalars(select(ProcessVersion.id).order_by(ProcessVersion.id))
            plan = engine.propose_plan(work, old, new).as_json()
            engine.begin_batch(work, "migrate", ids, {"plan": plan}, reason="It is better.")

    def check(self, app: App) -> None:
        assert done_pieces(app) == {"done": PIECES}
        assert commands(app) == {"start": PIECES, "migrate": PIECES}
        with app.unit_of_work.reading() as work:
            new = work.session.scalar(select(func.max(ProcessVersion.id)))
            assert set(work.session.scalars(select(ProcessInstance.version_id))) == {new}
            assert set(work.session.scalars(select(WorkItem.version_id))) == {new}


class Retention(Undertaking):
    sweep = "retention"
    constants: ClassVar = {"bpm.engine.definitions.retention.erasing:CHUNK": 5}
    stride = 5

    def begin(self, app: App) -> None:
        long_ago = replace(app, unit_of_work=app.unit_of_work.at(FixedClock(app.clock.now() - timedelta(days=9))))
        go_live(long_ago, ONE_TASK)
        for instance_id in start_many(long_ago, "one", PIECES):
            with long_ago.unit_of_work() as work:
                engine.cancel(work, instance_id, reason="It was a test.")
        with app.unit_of_work.reading() as work:
            version_id = work.session.scalars(select(ProcessVersion.id)).one()
        acting.keep(app, version_id, 7)

    def check(self, app: App) -> None:
        assert commands(app) == {}
        with app.unit_of_work.reading() as work:
            assert work.session.scalar(select(func.count()).where(ProcessInstance.erased_at.is_not(None))) == PIECES
            assert work.session.scalar(select(func.count()).select_from(WorkItem)) == 0


class Deliveries(Undertaking):
    """What one signal left to the worker, past the receivers that its own transaction reached."""

    sweep = "jobs"
    stride = 14
    constants: ClassVar = {"bpm.engine.jobs.jobs:LEASE_FOR": timedelta(milliseconds=1)}

    def begin(self, app: App) -> None:
        go_live(app, SIGNAL_WAITER)
        start_many(app, "listener", PIECES)
        with app.unit_of_work() as work, pytest.MonkeyPatch.context() as patch:
            patch.setattr("bpm.engine.instances.correlation.RECEIVERS_PER_TRANSACTION", 2)
            engine.broadcast(work, "alarm")

    def check(self, app: App) -> None:
        assert commands(app) == {"start": PIECES, "deliver": PIECES}
        with app.unit_of_work.reading() as work:
            assert Counter(work.session.scalars(select(WorkItem.element))) == {"Act": PIECES}


def commands(app: App) -> Counter[str]:
    with app.unit_of_work.reading() as work:
        return Counter(work.session.scalars(select(StepRecord.command)))


def done_pieces(app: App) -> Counter[str]:
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Batch.status)).one() == "done"
        return Counter(work.session.scalars(select(BatchItem.status)))


EVERY = (Import, ReadingAndTriggers, BatchAct, Migration, Retention, Deliveries)


@pytest.mark.parametrize("kind", EVERY, ids=lambda kind: kind.__name__)
def test_whoever_comes_after_a_death_goes_on_and_each_piece_is_done_once(
    live_app: App, staff: Crew, count: Count, kind: type[Undertaking]
) -> None:
    undertaking = kind()
    undertaking.begin(live_app)
    killed, lives_for = 0, 1
    while True:
        code = staff.run(
            f"sweep {undertaking.sweep}", death=Death(STATEMENT, lives_for), constants=undertaking.constants
        )
        if code != KILLED:
            break
        killed, lives_for = killed + 1, lives_for + undertaking.stride
    assert code == 0, staff.said()
    count(killed=killed, pieces=PIECES)
    assert killed >= 3
    undertaking.check(live_app)
    assert broken(live_app) == []
