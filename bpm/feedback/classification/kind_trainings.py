"""Kinds, sentiment and urgency learned anew from what people corrected: by the worker, beside its other work.

1. A person asks for it; the corrections are read when the worker begins.
2. A bounded child learns them with the shipped items and judges old and new on items that neither learned.
3. The new pipeline goes into service only when it is not worse; otherwise the old one stays, and the page says so.
"""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import func, select

from bpm import audit
from bpm.feedback.classification.in_service import path_in_service
from bpm.feedback.models import Classification, FeedbackItem, KindTraining
from bpm.feedback.status import TopicTrainingStatus
from bpm.foundation.bounded_child import BoundedChild, ChildLostError
from bpm.foundation.errors import ConflictError
from bpm.foundation.settings import Settings
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, demand

log = logger(__name__)

LEARNS_FOR = 2_400.0
"""Seconds that the child may take: it trains twice, the second time without the items it is judged on."""
LOST_AFTER = timedelta(hours=1)
"""When a worker that was learning is taken to be gone."""
LISTED = 5
_OPEN = (TopicTrainingStatus.WAITING, TopicTrainingStatus.LEARNING)


@dataclass(frozen=True)
class KindTrainingRow:
    """One retraining as the page of the model shows it."""

    id: int
    status: TopicTrainingStatus
    report: dict[str, Any]
    problem: str
    created_at: datetime


def count_corrected(work: Work) -> int:
    """Current items that a person labelled: what a training would learn beside the shipped items."""
    corrected = select(func.count()).select_from(Classification)
    corrected = corrected.join(FeedbackItem, Classification.item_id == FeedbackItem.id)
    by_people = Classification.model_version.startswith("human:")
    return work.session.scalar(corrected.where(FeedbackItem.current, Classification.current, by_people)) or 0


def start_kind_training(work: Work) -> int:
    """Have the worker learn the corrections; ConflictError while one is under way or when nothing was corrected."""
    demand(work.actor, Permission.IMPORT)
    if work.session.scalar(select(KindTraining.id).where(KindTraining.status.in_(_OPEN)).limit(1)) is not None:
        raise ConflictError(_("A model is being learned already."), remedy=_("Wait until it is done."))
    if not count_corrected(work):
        raise ConflictError(_("There is no correction to learn from."), remedy=_("Correct labels in the inbox first."))
    row = KindTraining(report={}, created_at=work.now(), created_by=work.actor.user_id)
    work.session.add(row)
    work.session.flush()
    audit.record(work, "model.learn", _thing(row), before={"status": None}, after={"status": row.status})
    work.nudge("feedback")
    return row.id


def list_kind_trainings(work: Work) -> list[KindTrainingRow]:
    """The last trainings, the newest first."""
    rows = work.session.scalars(select(KindTraining).order_by(KindTraining.id.desc()).limit(LISTED))
    return [KindTrainingRow(row.id, row.status, row.report, row.problem, row.created_at) for row in rows]


def kinds_wait(unit_of_work: Transactions) -> bool:
    """Whether somebody asked for a training that nobody does."""
    with unit_of_work.reading() as work:
        return _waiting(work) is not None


def sweep_kind_trainings(unit_of_work: Transactions) -> int:
    """Do one training that waits; 0 when there is none."""
    if not kinds_wait(unit_of_work):
        return 0
    with unit_of_work() as work:
        training_id = _waiting(work)
        if training_id is None:
            return 0
        row = work.session.get_one(KindTraining, training_id, with_for_update=True)
        row.status, row.begun_at = TopicTrainingStatus.LEARNING, work.now()
        lessons, settings = _lessons(work), work.settings
    _learn(unit_of_work, training_id, lessons, settings)
    return 1


def _thing(row: KindTraining) -> audit.Thing:
    return audit.Thing("kind_training", row.id, "")


def _waiting(work: Work) -> int | None:
    lost = (KindTraining.status == TopicTrainingStatus.LEARNING) & (KindTraining.begun_at < work.now() - LOST_AFTER)
    waits = KindTraining.status == TopicTrainingStatus.WAITING
    return work.session.scalar(select(KindTraining.id).where(waits | lost).order_by(KindTraining.id).limit(1))


def _lessons(work: Work) -> list[dict[str, Any]]:
    from bpm.feedback.classification.train.corrected_items import corrections

    return [asdict(item) for item in corrections(work)]


def _learn(unit_of_work: Transactions, training_id: int, lessons: list[dict[str, Any]], settings: Settings) -> None:
    child = BoundedChild("bpm.feedback.classification.train.kinds_child")
    try:
        with child.conversation() as talk:
            talk.send(str(path_in_service(settings)).encode())
            talk.send(orjson.dumps(lessons))
            report: dict[str, Any] = orjson.loads(talk.receive(LEARNS_FOR))
            pipeline = talk.receive(LEARNS_FOR)
            talk.over = True
    except ChildLostError as lost:
        log.warning("kinds could not be learned", training=training_id, because=lost.why)
        said = _("Learning stopped: it took too long or too much memory. Use “earshot train” on a larger machine.")
        _end(unit_of_work, training_id, TopicTrainingStatus.FAILED, {}, problem=said)
        return
    finally:
        child.stop()
    if report["not_worse"]:
        _put_in_service(pipeline, settings)
    status = TopicTrainingStatus.IN_SERVICE if report["not_worse"] else TopicTrainingStatus.NOT_AS_GOOD
    _end(unit_of_work, training_id, status, report)


def _put_in_service(content: bytes, settings: Settings) -> None:
    from bpm.feedback.classification.pipeline.pipeline import blank
    from bpm.feedback.classification.service import put_in_service

    put_in_service(blank().from_bytes(content), settings)


def _end(
    unit_of_work: Transactions,
    training_id: int,
    status: TopicTrainingStatus,
    report: dict[str, Any],
    *,
    problem: str = "",
) -> None:
    with unit_of_work() as work:
        row = work.session.get_one(KindTraining, training_id)
        row.status, row.problem, row.report, row.finished_at = status, problem, report, work.now()
        audit.record(
            work,
            "model.learned",
            _thing(row),
            before={"status": TopicTrainingStatus.LEARNING},
            after={"status": status, **report},
        )
        work.nudge("feedback")
