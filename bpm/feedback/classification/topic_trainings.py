"""A company's own topics, learned by the worker from a file of examples, and older items read again with them.

1. A person uploads examples; the worker has a bounded child learn them and puts them in service when they are not worse
   than those of the same names that stand there.
2. Then the current readings of before are read again, some hundred at a time, the newest first; a person may pause it.
   A reading whose topic changes is kept and a new one takes its place; what a person said is left alone. No process
   starts from it: nothing was said anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from sqlalchemy import Table, func, insert, select, update

from bpm import audit
from bpm.feedback.classification.in_service import folder_of_topics
from bpm.feedback.classification.said import Said
from bpm.feedback.models import Classification, FeedbackItem, TopicTraining
from bpm.feedback.status import RereadStatus, TopicTrainingStatus
from bpm.feedback.triage.caring import care, decided_complexities
from bpm.foundation.bounded_child import BoundedChild, ChildLostError
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.settings import Settings
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, demand
from bpm.search import Changed

log = logger(__name__)

CLAIM = cast("Table", Classification.__table__)
ITEM = cast("Table", FeedbackItem.__table__)

MOST_BYTES = 50 << 20
LEARNS_FOR = 600.0
"""Seconds that the child may take for one step."""
LOST_AFTER = timedelta(minutes=25)
"""When a worker that was learning is taken to be gone."""
BATCH = 300
LISTED = 10
COPIED = (
    "item_id",
    "kinds",
    "primary",
    "sentiment",
    "urgency",
    "confidence",
    "abstained",
    "evidence",
    "aspects",
    "note",
)
"""Columns of a reading that a new topic leaves as they are."""


@dataclass(frozen=True)
class TrainingRow:
    """A file of examples as its page shows it."""

    id: int
    file_name: str
    status: TopicTrainingStatus
    report: dict[str, Any]
    problem: str
    created_at: datetime
    reread: RereadStatus
    total: int
    done: int
    changed: int


def start_topic_training(work: Work, content: bytes, *, file_name: str) -> int:
    """Have the worker learn the examples; the training's id. InvalidInputError for an empty or too large file."""
    demand(work.actor, Permission.IMPORT)
    if not content or len(content) > MOST_BYTES:
        raise InvalidInputError(
            _("The examples were not taken."),
            remedy=_("Choose a CSV file with the columns text and topic, of 50 MB at most."),
            fields={"file": _("Choose a CSV file with the columns text and topic, of 50 MB at most.")},
        )
    row = TopicTraining(
        file_name=file_name[:400] or "examples.csv",
        content=content,
        report={},
        created_at=work.now(),
        created_by=work.actor.user_id,
    )
    work.session.add(row)
    work.session.flush()
    audit.record(work, "topics.learn", _thing(row), before={"status": None}, after={"status": row.status})
    work.nudge("feedback")
    return row.id


def list_topic_trainings(work: Work) -> list[TrainingRow]:
    """The last files of examples, the newest first."""
    rows = work.session.scalars(select(TopicTraining).order_by(TopicTraining.id.desc()).limit(LISTED))
    return [
        TrainingRow(
            row.id,
            row.file_name,
            row.status,
            row.report,
            row.problem,
            row.created_at,
            row.reread,
            row.reread_total,
            row.reread_done,
            row.reread_changed,
        )
        for row in rows
    ]


def pause_rereading(work: Work, training_id: int, *, paused: bool) -> None:
    """Stop reading older items again, or go on; ConflictError when there is nothing to stop or go on with."""
    demand(work.actor, Permission.IMPORT)
    row = work.session.get(TopicTraining, training_id)
    if row is None:
        raise NotFoundError(_("There is no such training."))
    before = row.reread
    if before != (RereadStatus.RUNNING if paused else RereadStatus.PAUSED):
        raise ConflictError(_("There is nothing to pause or to go on with."), remedy=_("Look at the page again."))
    row.reread = RereadStatus.PAUSED if paused else RereadStatus.RUNNING
    verb = "topics.pause" if paused else "topics.go_on"
    audit.record(work, verb, _thing(row), before={"reread": before}, after={"reread": row.reread})
    work.nudge("feedback")


def _thing(row: TopicTraining) -> audit.Thing:
    return audit.Thing("topic_training", row.id, row.file_name)


def topics_wait(unit_of_work: Transactions) -> bool:
    """Whether examples wait to be learned or items to be read again."""
    with unit_of_work.reading() as work:
        return _waiting(work) is not None or _rereading(work) is not None


def sweep_topic_trainings(unit_of_work: Transactions) -> int:
    """Learn one file that waits, else read some older items again; 0 when there is nothing to do."""
    if not topics_wait(unit_of_work):
        return 0
    with unit_of_work() as work:
        claimed = _claim(work)
        settings = work.settings
    if claimed is not None:
        training_id, name, content = claimed
        _learn(unit_of_work, training_id, name, content, settings)
        return 1
    return _reread_some(unit_of_work)


def _waiting(work: Work) -> int | None:
    lost = (TopicTraining.status == TopicTrainingStatus.LEARNING) & (TopicTraining.begun_at < work.now() - LOST_AFTER)
    waits = TopicTraining.status == TopicTrainingStatus.WAITING
    wanted = select(TopicTraining.id).where(waits | lost, TopicTraining.content.is_not(None))
    return work.session.scalar(wanted.order_by(TopicTraining.id).limit(1))


def _claim(work: Work) -> tuple[int, str, bytes] | None:
    training_id = _waiting(work)
    if training_id is None:
        return None
    row = work.session.get_one(TopicTraining, training_id, with_for_update=True)
    row.status, row.begun_at = TopicTrainingStatus.LEARNING, work.now()
    return row.id, row.file_name, row.content or b""


def _learn(unit_of_work: Transactions, training_id: int, name: str, content: bytes, settings: Settings) -> None:
    child = BoundedChild("bpm.feedback.classification.train.topics_child")
    try:
        report, pipeline = _ask(unit_of_work, training_id, child, name, content)
    except InvalidInputError as error:
        _end(unit_of_work, training_id, TopicTrainingStatus.FAILED, problem=str(error.message))
        return
    except ChildLostError as lost:
        log.warning("topics could not be learned", training=training_id, because=lost.why)
        said = _("Learning stopped: it took too long or too much memory. Give fewer examples.")
        _end(unit_of_work, training_id, TopicTrainingStatus.FAILED, problem=said)
        return
    finally:
        child.stop()
    fit = _put_in_service(report, pipeline, settings)
    _end(unit_of_work, training_id, TopicTrainingStatus.IN_SERVICE if fit else TopicTrainingStatus.NOT_AS_GOOD, report)


def _ask(
    unit_of_work: Transactions, training_id: int, child: BoundedChild, name: str, content: bytes
) -> tuple[dict[str, Any], bytes]:
    with child.conversation() as talk:
        talk.send(name.encode())
        talk.send(content)
        while True:
            frame = talk.receive(LEARNS_FOR)
            told: dict[str, Any] = orjson.loads(frame[1:])
            if frame[:1] == b"f":
                talk.over = True
                raise InvalidInputError(told["problem"])
            with unit_of_work() as work:
                work.session.get_one(TopicTraining, training_id).report = told
                work.nudge("feedback")
            if frame[:1] == b"r":
                pipeline = talk.receive(LEARNS_FOR)
                talk.over = True
                return told, pipeline


def _put_in_service(report: dict[str, Any], content: bytes, settings: Settings) -> bool:
    from bpm.feedback.classification.pipeline.pipeline import blank_topics
    from bpm.feedback.classification.service import put_topics_in_service, topics_not_worse
    from bpm.feedback.classification.train.topics import TrainedTopics

    nlp = blank_topics().from_bytes(content)
    trained = TrainedTopics(nlp, report["items"], report["topics"], report["accuracy"], report["threshold"])
    if not topics_not_worse(trained, settings):
        return False
    put_topics_in_service(nlp, settings)
    return True


def _end(
    unit_of_work: Transactions,
    training_id: int,
    status: TopicTrainingStatus,
    report: dict[str, Any] | None = None,
    *,
    problem: str = "",
) -> None:
    with unit_of_work() as work:
        row = work.session.get_one(TopicTraining, training_id)
        row.status, row.problem, row.content, row.finished_at = status, problem, None, work.now()
        row.report = report or row.report
        after = {"status": status, **{name: row.report.get(name) for name in ("items", "topics", "accuracy")}}
        audit.record(work, "topics.learned", _thing(row), before={"status": "learning"}, after=after)
        if status is TopicTrainingStatus.IN_SERVICE:
            _begin_rereading(work, row)
        work.nudge("feedback")


def _begin_rereading(work: Work, row: TopicTraining) -> None:
    """Older items are read again with these topics; what others had begun is over with it."""
    under_way = TopicTraining.reread.in_((RereadStatus.RUNNING, RereadStatus.PAUSED))
    work.session.execute(update(TopicTraining).where(under_way).values(reread=RereadStatus.DONE))
    newest, count = work.session.execute(
        select(func.max(CLAIM.c.id), func.count()).where(CLAIM.c.current, ~CLAIM.c.model_version.startswith("human:"))
    ).one()
    row.reread_upto, row.reread_behind, row.reread_total = newest or 0, (newest or 0) + 1, count
    row.reread = RereadStatus.RUNNING if count else RereadStatus.DONE


def _rereading(work: Work) -> int | None:
    running = TopicTraining.reread == RereadStatus.RUNNING
    return work.session.scalar(select(TopicTraining.id).where(running).order_by(TopicTraining.id.desc()).limit(1))


def _reread_some(unit_of_work: Transactions) -> int:
    with unit_of_work.reading() as work:
        training_id = _rereading(work)
        if training_id is None:
            return 0
        behind = work.session.get_one(TopicTraining, training_id).reread_behind or 0
        rows, settings = _to_read(work, behind), work.settings
    topics = _topics_of(rows, settings)
    with unit_of_work() as work:
        row = work.session.get_one(TopicTraining, training_id, with_for_update=True)
        if row.reread_behind != behind or row.reread != RereadStatus.RUNNING:
            return 0  # another worker did these, or somebody paused it
        changed = {each.id: topics[each.id] for each in rows if topics[each.id] != each.topic}
        _replace(work, changed, str(row.report.get("version", "topics")))
        row.reread_done += len(rows)
        row.reread_changed += len(changed)
        row.reread_behind = rows[-1].id if rows else 0
        if not rows:
            row.reread = RereadStatus.DONE
        work.nudge("feedback")
    return len(rows)


def _to_read(work: Work, behind: int) -> list[Any]:
    columns = (CLAIM.c.id, CLAIM.c.topic, ITEM.c.text, ITEM.c.subject, ITEM.c.question, ITEM.c.channel, ITEM.c.rating)
    wanted = (
        select(*columns)
        .join(ITEM, ITEM.c.id == CLAIM.c.item_id)
        .where(CLAIM.c.id < behind, CLAIM.c.current, ~CLAIM.c.model_version.startswith("human:"))
        .order_by(CLAIM.c.id.desc())
        .limit(BATCH)
    )
    return list(work.session.execute(wanted))


def _topics_of(rows: list[Any], settings: Settings) -> dict[int, str | None]:
    from bpm.feedback.classification.pipeline.pipeline import load, read_topics

    said = [
        Said(f"{row.subject}\n{row.text}" if row.subject else row.text, row.channel, row.question, row.rating)
        for row in rows
    ]
    found = read_topics(load(folder_of_topics(settings)), said) if rows else iter(())
    return {row.id: None if topic.abstained else topic.topic for row, topic in zip(rows, found, strict=True)}


def _replace(work: Work, changed: dict[int, str | None], version: str) -> None:
    """A new reading with the new topic for each; the old one stays behind it, no longer current."""
    kept = [CLAIM.c[name] for name in COPIED]
    old = work.session.execute(
        select(CLAIM.c.id, CLAIM.c.model_version, *kept, ITEM.c.text)
        .join(ITEM, ITEM.c.id == CLAIM.c.item_id)
        .where(CLAIM.c.id.in_(changed), CLAIM.c.current)
    ).all()
    if not old:
        return
    decided, now = decided_complexities(work), work.now()
    fresh = []
    for row in old:
        topic = changed[row.id]
        values = {name: getattr(row, name) for name in COPIED}
        values |= {"topic": topic, "classified_at": now, "current": True}
        base = row.model_version.split(" + ")[0]
        values |= {"model_version": f"{base} + {version}"[:120]} | care(row.text, topic, decided)
        fresh.append(values)
    ids = [row.id for row in old]
    work.session.execute(update(CLAIM).where(CLAIM.c.id.in_(ids)).values(current=False))
    work.session.execute(insert(CLAIM), fresh)
    work.publish(Changed("item", tuple(row.item_id for row in old)))
