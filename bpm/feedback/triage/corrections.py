"""Claims about items: what a classifier read out of them, and what a person corrected."""

from collections.abc import Collection, Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, select, update

from bpm import audit
from bpm.feedback.classification_result import KINDS, ClassificationResult
from bpm.feedback.events import FeedbackClassified
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Classification, Correction, FeedbackItem
from bpm.feedback.triage.caring import care, decided_complexities
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Work
from bpm.search import Changed

READ_AGAIN = timedelta(hours=1)
"""How long an item that broke its reading is left alone."""
AT_ONCE = 500
_READ = {"unread_because": None, "read_again_at": None}


def record_classification(work: Work, item_id: int, reading: ClassificationResult) -> None:
    """Keep what a classifier makes of one item; see `record_classifications`. NotFoundError when there is none."""
    get_current(work, item_id)
    record_classifications(work, {item_id: reading})


def record_classifications(work: Work, readings: Mapping[int, ClassificationResult]) -> None:
    """Make each reading its item's current classification, in a handful of statements for the whole batch.

    A person's correction is never overruled by a machine: there the reading is kept, but not made current. Publishes
    FeedbackClassified for each item whose current classification changed. Items that are gone are left out.
    """
    now, ids = work.now(), list(readings)
    found = work.session.execute(select(FeedbackItem.id, FeedbackItem.text).where(FeedbackItem.id.in_(ids)))
    there: dict[int, str] = {row.id: row.text for row in found}
    decided = decided_complexities(work)
    human = set(
        work.session.scalars(
            select(Classification.item_id).where(
                Classification.item_id.in_(ids),
                Classification.current,
                Classification.model_version.startswith("human:"),
            )
        )
    )
    changed = [item_id for item_id in ids if item_id in there and item_id not in human]
    _retire(work, changed)
    rows = [
        _values(item_id, readings[item_id], now, current=item_id not in human)
        | care(there[item_id], readings[item_id].topic, decided)
        for item_id in ids
        if item_id in there
    ]
    if rows:
        work.session.execute(insert(Classification), rows)
        work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(there)).values(**_READ, classified_at=now))
    for item_id in changed:
        work.publish(FeedbackClassified(item_id))
    work.publish(Changed("item", tuple(changed)))
    if changed:
        work.nudge("feedback")


def put_off_reading(work: Work, item_id: int, because: str) -> None:
    """Try the item that broke its reading again later; until then it stands before the operators."""
    later = {"unread_because": because, "read_again_at": work.now() + READ_AGAIN}
    work.session.execute(update(FeedbackItem).where(FeedbackItem.id == item_id).values(later))
    work.nudge("failures")


def record_languages(work: Work, found: Mapping[int, tuple[str, float]]) -> None:
    """Keep the language (ISO 639-1, probability 0..1) of each item that came without one."""
    rows = [{"item": item_id, "code": code, "p": p} for item_id, (code, p) in found.items()]
    item = cast("Table", FeedbackItem.__table__)
    told: dict[Any, Any] = {"language": bindparam("code"), "language_p": bindparam("p")}
    unknown = update(item).where(item.c.id == bindparam("item"), item.c.language.is_(None)).values(told)
    if rows:
        work.session.connection().execute(unknown, rows)


def read_again(work: Work) -> int:
    """Let every item that broke its reading be tried at once; gives how many there are."""
    broken = (FeedbackItem.unread_because.is_not(None), FeedbackItem.classified_at.is_(None))
    ids = list(work.session.scalars(select(FeedbackItem.id).where(*broken)))
    work.session.execute(update(FeedbackItem).where(*broken).values(read_again_at=None))
    thing = audit.Thing("feedback", "unreadable", "Feedback that could not be read")
    audit.record(work, "feedback.read_again", thing, before={"put_off": len(ids)}, after={"put_off": 0})
    work.nudge("feedback")
    return len(ids)


def read_once_more(work: Work, item_ids: Collection[int]) -> int:
    """Let the worker read these items anew with the classifier in service; what it read stands until then. How many.

    What a person labelled keeps that label.
    """
    wanted, done = sorted(item_ids), 0
    for start in range(0, len(wanted), AT_ONCE):
        there = (FeedbackItem.id.in_(wanted[start : start + AT_ONCE]), FeedbackItem.current)
        done += len(list(work.session.scalars(select(FeedbackItem.id).where(*there))))
        work.session.execute(update(FeedbackItem).where(*there).values(**_READ, classified_at=None))
    work.nudge("feedback")
    return done


def _values(item_id: int, reading: ClassificationResult, now: datetime, *, current: bool) -> dict[str, Any]:
    return {
        "item_id": item_id,
        "model_version": reading.model_version,
        "kinds": dict(reading.kinds),
        "primary": reading.primary,
        "sentiment": reading.sentiment,
        "urgency": reading.urgency,
        "topic": reading.topic,
        "confidence": reading.confidence,
        "abstained": reading.abstained,
        "evidence": [asdict(each) for each in reading.evidence],
        "aspects": [asdict(each) for each in reading.aspects],
        "note": reading.note,
        "classified_at": now,
        "current": current,
    }


def correct(
    work: Work,
    item_id: int,
    *,
    kinds: list[str] | None = None,
    primary: str | None = None,
    sentiment: float | None = None,
    urgency: int | None = None,
    topic: str | None = None,
) -> Classification:
    """Overrule the labels that are given; each one changed is kept as a Correction for training.

    `primary` alone makes it hold among the kinds too. `topic` "" says that there is none. ForbiddenError unless a
    person acts; InvalidInputError names the field that does not fit.
    """
    if work.actor.user_id is None:
        raise ForbiddenError("Only a person can correct a label.", remedy="Sign in.")
    item = get_current(work, item_id)
    _check(kinds, primary, sentiment, urgency)
    before = _current(work, item_id)
    old = _labels(before)
    new = _corrected(old, kinds=kinds, primary=primary, sentiment=sentiment, urgency=urgency, topic=topic)
    changed = [name for name in new if new[name] != old[name]]
    if before is not None and not changed and before.model_version.startswith("human:"):
        return before
    for name in changed:
        work.session.add(
            Correction(
                item_id=item_id,
                field=name,
                before=old[name],
                after=new[name],
                user_id=work.actor.user_id,
                at=work.now(),
            )
        )
    audit.record(work, "feedback.correct", feedback_item(item_id), before=old, after=new)
    _retire(work, [item_id])
    row = Classification(
        item_id=item_id,
        model_version=f"human:{work.actor.name}",
        kinds=dict.fromkeys(new["kinds"], 1.0),
        primary=new["primary"],
        sentiment=new["sentiment"],
        urgency=new["urgency"],
        topic=new["topic"],
        confidence=1.0,
        abstained=False,
        evidence=before.evidence if before else [],
        aspects=before.aspects if before else [],
        **care(item.text, new["topic"], decided_complexities(work)),
        classified_at=work.now(),
    )
    work.session.add(row)
    item.classified_at = work.now()
    work.session.flush()
    work.publish(FeedbackClassified(item_id, corrected=True))
    work.publish(Changed("item", (item_id,)))
    work.nudge("feedback")
    return row


def _check(kinds: list[str] | None, primary: str | None, sentiment: float | None, urgency: int | None) -> None:
    fields = {}
    unknown = [kind for kind in [*(kinds or []), *([primary] if primary is not None else [])] if kind not in KINDS]
    if unknown:
        fields["primary"] = f"{unknown[0]!r} is no kind; use one of {', '.join(KINDS)}."
    if sentiment is not None and not -1 <= sentiment <= 1:
        fields["sentiment"] = "Use a number from -1 to 1."
    if urgency is not None and urgency not in (0, 1, 2, 3):
        fields["urgency"] = "Use 0, 1, 2 or 3."
    if fields:
        raise InvalidInputError("The label was not changed.", remedy=" ".join(fields.values()), fields=fields)


def _labels(row: Classification | None) -> dict[str, Any]:
    if row is None:
        return {"kinds": [], "primary": "other", "sentiment": 0.0, "urgency": 0, "topic": None}
    holding = sorted(kind for kind, probability in row.kinds.items() if probability >= 0.5 or kind == row.primary)
    return {
        "kinds": holding,
        "primary": row.primary,
        "sentiment": row.sentiment,
        "urgency": row.urgency,
        "topic": row.topic,
    }


def _corrected(
    old: dict[str, Any],
    *,
    kinds: list[str] | None,
    primary: str | None,
    sentiment: float | None,
    urgency: int | None,
    topic: str | None,
) -> dict[str, Any]:
    first = primary or (old["primary"] if not kinds or old["primary"] in kinds else kinds[0])
    base = kinds if kinds is not None else [kind for kind in old["kinds"] if primary is None or kind != old["primary"]]
    return {
        "kinds": sorted({*base, first}),
        "primary": first,
        "sentiment": old["sentiment"] if sentiment is None else float(sentiment),
        "urgency": old["urgency"] if urgency is None else urgency,
        "topic": old["topic"] if topic is None else topic or None,
    }


def _current(work: Work, item_id: int) -> Classification | None:
    return work.session.scalar(select(Classification).where(Classification.item_id == item_id, Classification.current))


def _retire(work: Work, item_ids: list[int]) -> None:
    work.session.execute(
        update(Classification)
        .where(Classification.item_id.in_(item_ids), Classification.current)
        .values(current=False)
        .execution_options(synchronize_session="fetch")
    )
