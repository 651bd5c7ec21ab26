"""Classifies what waits, in batches, in the worker; spaCy is loaded when the first item comes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy.exc import OperationalError

from bpm.feedback.classification.in_service import folder_of_topics
from bpm.feedback.classification.said import Said
from bpm.feedback.classification_result import ClassificationResult
from bpm.feedback.language import detect
from bpm.feedback.queries import UnreadItem, list_unclassified
from bpm.feedback.triage.corrections import put_off_reading, record_classifications, record_languages
from bpm.foundation.settings import Settings
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Transactions

if TYPE_CHECKING:
    from bpm.feedback.classification.pipeline.topics import TopicReading

log = logger(__name__)

BATCH = 256


def sweep_classification(unit_of_work: Transactions) -> int:
    """Classify the oldest items that wait, at most BATCH; how many there were.

    The texts are read outside the transaction that writes. An item that somebody labelled meanwhile keeps that label.
    An item that breaks the reading is put off and stands before the operators; the others are read without it.
    """
    with unit_of_work.reading() as work:
        waiting, settings = list_unclassified(work, BATCH), work.settings
    if not waiting:
        return 0
    waiting, found = _with_languages(waiting)
    list(read_items([], settings))  # a pipeline that cannot be loaded is no item's fault: it fails here, once
    if found:
        with unit_of_work() as work:
            record_languages(work, found)
    return _take(unit_of_work, waiting, settings)


def _with_languages(
    waiting: Sequence[UnreadItem],
) -> tuple[list[UnreadItem], dict[int, tuple[str, float]]]:
    """The items with the language of each that came without one, and what was found out: item -> (code, 0..1)."""
    told = {item.id: _language_of(item) for item in waiting if item.language is None}
    found = {item_id: (code, p) for item_id, (code, p) in told.items() if code is not None}
    complete = [
        replace(item, language=found[item.id][0], language_p=found[item.id][1]) if item.id in found else item
        for item in waiting
    ]
    return complete, found


def _language_of(item: UnreadItem) -> tuple[str | None, float]:
    """The language of the item's words; one that breaks the look at it goes on without."""
    try:
        return detect(item.text)
    except Exception:
        log.exception("language could not be found out", item=item.id)
        return None, 0.0


def _take(unit_of_work: Transactions, waiting: Sequence[UnreadItem], settings: Settings) -> int:
    """Read and record `waiting` together; when that fails, half by half, so that one item costs only itself."""
    try:
        readings = {item.id: reading for item, reading in zip(waiting, read_items(waiting, settings), strict=True)}
        with unit_of_work() as work:
            record_classifications(work, readings)
    except OperationalError:
        raise  # the database itself is in trouble: all of it is tried again
    except Exception as error:
        if len(waiting) == 1:
            log.exception("item could not be classified", item=waiting[0].id)
            with unit_of_work() as work:
                put_off_reading(work, waiting[0].id, f"{type(error).__name__}: {error}")
            return 0
        half = len(waiting) // 2
        return sum(_take(unit_of_work, part, settings) for part in (waiting[:half], waiting[half:]))
    return len(waiting)


def read_items(items: Sequence[UnreadItem], settings: Settings) -> Iterator[ClassificationResult]:
    """What the pipeline in service reads in each item; a subject is read with the text, but evidence is in the text."""
    from bpm.feedback.classification.pipeline.pipeline import load, read, read_topics
    from bpm.feedback.classification.service import path_in_service

    before = [f"{item.subject}\n" if item.subject else "" for item in items]
    said = [_said(head, item) for head, item in zip(before, items, strict=True)]
    readings = read(load(path_in_service(settings)), said)
    topics = folder_of_topics(settings)
    if (topics / "config.cfg").is_file():
        readings = _with_topics(readings, read_topics(load(topics), said))
    for head, reading in zip(before, readings, strict=True):
        yield _moved(reading, len(head)) if head else reading


def _with_topics(
    readings: Iterator[ClassificationResult], topics: Iterator["TopicReading"]
) -> Iterator[ClassificationResult]:
    """The company's own topics instead of the pipeline's; none where they are unsure."""
    for reading, topic in zip(readings, topics, strict=True):
        yield replace(reading, topic=None if topic.abstained else topic.topic)


def _said(head: str, item: UnreadItem) -> Said:
    sure = item.language_p or 0.0
    return Said(head + item.text, item.channel, item.question, item.rating, item.language, sure)


def _moved(reading: ClassificationResult, by: int) -> ClassificationResult:
    """Places in the text, not in the subject before it; what was read in the subject alone has no place."""
    kept = tuple(replace(one, start=one.start - by, end=one.end - by) for one in reading.evidence if one.start >= by)
    parts = [replace(one, start=max(0, one.start - by), end=one.end - by) for one in reading.aspects if one.end > by]
    return replace(reading, evidence=kept, aspects=tuple(parts) if len(parts) > 1 else ())
