"""`earshot bursts`: what the detector would have said of a stream of items, without a database."""

import gzip
import hashlib
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import click
import orjson

from bpm.cli import emit
from bpm.feedback.classification.said import Said
from bpm.feedback.classification_result import ClassificationResult
from bpm.feedback.language import detect
from bpm.feedback.themes import name_of, words_of
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.settings import Settings
from bpm.foundation.texts import _
from bpm.statistics.bursts import ALL, Burst, Detector, Report

BATCH = 512
REPORTS_FROM = 0.45
"""From this probability of a complaint or an outage on, an item is a report of something bad."""
CLEAR_WITHIN = timedelta(hours=24)
"""Praise that comes together so soon after an alarm hints at the all-clear."""


@dataclass(frozen=True, slots=True)
class _Item:
    id: str
    text: str
    at: datetime
    channel: str
    source: str
    author: str


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
def bursts(file: Path, as_json: bool) -> None:
    """Replay the items of FILE (JSON Lines, may be .gz: text said_at channel author) through the burst detector.

    Complaints and reports of outages count, each person once. An alert is "possible" first and "proposed" when it is
    surer; `expected` people were to be expected in `window_minutes` before `at`, `observed` came, and `items` are
    theirs. What would be an incident is proposed within the budget that `expected_false_per_week` states.
    """
    items, undated = _read(file)
    answer = _replay(items)
    answer["undated"] = undated
    if as_json:
        emit(answer)
        return
    for each in answer["alerts"]:
        click.echo(
            f"{each['at']}  {each['level']:<8}  {each['observed']} people in {each['window_minutes']} min, "
            f"{each['expected']} expected  {each['theme']}"
        )
    click.echo(
        f"{len(answer['alerts'])} alerts over {answer['reports']} reports of {answer['items']} items; "
        f"false alarms allowed: {answer['expected_false_per_week']} a week."
    )


@dataclass
class _Replay:
    """The detectors of trouble and of praise, and what is needed to name what they find."""

    trouble: Detector = field(default_factory=Detector)
    praise: Detector = field(default_factory=Detector)
    texts: dict[str, list[str]] = field(default_factory=dict)
    recent: deque[str] = field(default_factory=lambda: deque(maxlen=20_000))
    background: Counter[str] = field(default_factory=Counter)
    reports: int = 0
    alerts: list[dict[str, Any]] = field(default_factory=list)
    clear: list[dict[str, Any]] = field(default_factory=list)
    last: datetime | None = None

    def take(self, item: _Item, reading: ClassificationResult) -> None:
        if is_report(reading):
            self.reports += 1
            self._remember(item)
            for burst in self.trouble.feed(_report(item, reading.topic or "")):
                self.last = burst.at
                self.alerts.append(self._alert(burst))
        elif reading.primary == "praise" and not reading.abstained:
            for burst in self.praise.feed(_report(item, "")):
                if self.last and burst.at - self.last <= CLEAR_WITHIN:
                    self.clear.append({"at": _iso(burst.at), "observed": burst.observed, "items": list(burst.items)})

    def _remember(self, item: _Item) -> None:
        words = words_of(item.text)
        if len(self.recent) == self.recent.maxlen:
            self.background.subtract(set(self.texts.pop(self.recent[0], ())))
        self.recent.append(item.id)
        self.texts[item.id] = words
        self.background.update(set(words))

    def _alert(self, burst: Burst) -> dict[str, Any]:
        named = name_of([self.texts.get(each, []) for each in burst.items], self.background, len(self.recent))
        return {
            "at": _iso(burst.at),
            "theme": named or burst.theme or "complaints",
            "topic": None if burst.theme == ALL else burst.theme,
            "level": burst.level,
            "items": list(burst.items),
            "expected": round(burst.expected, 3),
            "observed": burst.observed,
            "window_minutes": int(burst.window // 60),
            "probability": burst.probability,
        }


def is_report(reading: ClassificationResult) -> bool:
    """Whether an item reports something bad: a complaint or an outage, or likely one of them."""
    chance = reading.kinds.get("complaint", 0.0) + reading.kinds.get("outage_report", 0.0)
    return reading.primary in ("complaint", "outage_report") or chance >= REPORTS_FROM


def _replay(items: list[_Item]) -> dict[str, Any]:
    from bpm.feedback.classification import service
    from bpm.feedback.classification.pipeline import pipeline

    nlp, replay = pipeline.load(service.path_in_service(Settings())), _Replay()
    for batch in _batches(items):
        said = [Said(item.text, item.channel, "", None, *detect(item.text)) for item in batch]
        for item, reading in zip(batch, pipeline.read(nlp, said), strict=True):
            replay.take(item, reading)
    return {
        "alerts": replay.alerts,
        "all_clear": replay.clear,
        "expected_false_per_week": replay.trouble.budget.possible,
        "items": len(items),
        "reports": replay.reports,
    }


def _report(item: _Item, theme: str) -> Report:
    """Who is not named is taken as somebody of their own, unless the same words came before."""
    words = " ".join(words_of(item.text)) or item.text
    person = item.author or hashlib.blake2b(words.encode(), digest_size=12).hexdigest()
    return Report(item.at, item.id, person, item.source, theme, known=bool(item.author))


def _read(file: Path) -> tuple[list[_Item], int]:
    """The items in the order of time, and how many have none and start nothing."""
    items: list[_Item] = []
    undated = 0
    with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            item = _item(line, number)
            if item is None:
                undated += 1
            else:
                items.append(item)
    items.sort(key=lambda each: each.at)
    return items, undated


def _item(line: bytes, number: int) -> _Item | None:
    try:
        record = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise InvalidInputError(_("line %(number)s is not JSON.") % {"number": number}) from error
    if not isinstance(record, dict) or not isinstance(record.get("text"), str):
        raise InvalidInputError(_('line %(number)s is no object with a string "text".') % {"number": number})
    at = _moment(record.get("said_at") or record.get("posted_at"))
    if at is None:
        return None
    channel = str(record.get("channel") or "")
    source = f"{record.get('source') or ''}/{channel}"
    return _Item(str(record.get("id") or number), record["text"], at, channel, source, str(record.get("author") or ""))


def _moment(value: Any) -> datetime | None:
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return None
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)


def _batches(items: Iterable[_Item]) -> Iterator[list[_Item]]:
    each = iter(items)
    while batch := list(islice(each, BATCH)):
        yield batch


def _iso(at: datetime) -> str:
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
