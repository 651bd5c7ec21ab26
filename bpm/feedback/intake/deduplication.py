"""New, changed or already known: what each item of a batch is beside the versions that are stored."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select

from bpm.feedback.conversations.conversations import Placement
from bpm.feedback.customers import Recognised
from bpm.feedback.intake.normalise import content_hash
from bpm.feedback.models import FeedbackItem
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Work

Outcome = Literal["new", "changed", "skipped"]


@dataclass(eq=False)
class Version:
    """One stored or coming version of an item."""

    id: int | None
    natural_key: str
    content_hash: str
    number: int
    first: "Version | None"
    current: bool
    revised_at: datetime | None
    customer_id: int | None = None
    conversation_id: int | None = None
    episode_id: int | None = None
    said_at: datetime | None = None
    placed_at: datetime | None = None
    run_id: int | None = None


@dataclass(eq=False)
class Plan:
    """What to do with one raw item of the batch."""

    raw: RawItem
    said_at: datetime | None
    placed_at: datetime
    version: Version
    outcome: Outcome
    before: Version | None = None
    """The version that this one supersedes."""
    restored: bool = False
    recognised: Recognised | None = None
    joined: Placement | None = None


def plan_all(work: Work, raws: Sequence[RawItem], now: datetime) -> list[Plan]:
    """What to do with each (already normalised) item, in order. Writes nothing."""
    known = _versions(work, raws)
    return [_plan_one(raw, known.setdefault((raw.source, raw.natural_key), []), now) for raw in raws]


def _versions(work: Work, raws: Sequence[RawItem]) -> dict[tuple[str, str], list[Version]]:
    known: dict[tuple[str, str], list[Version]] = {}
    for source, group in _by_source(raws).items():
        rows = work.session.execute(
            select(
                FeedbackItem.id,
                FeedbackItem.natural_key,
                FeedbackItem.content_hash,
                FeedbackItem.version,
                FeedbackItem.current,
                FeedbackItem.revised_at,
                FeedbackItem.customer_id,
                FeedbackItem.conversation_id,
                FeedbackItem.episode_id,
                FeedbackItem.said_at,
                FeedbackItem.placed_at,
                FeedbackItem.import_run_id,
            )
            .where(FeedbackItem.source == source, FeedbackItem.natural_key.in_({raw.natural_key for raw in group}))
            .order_by(FeedbackItem.version)
        )
        for row in rows:
            versions = known.setdefault((source, row.natural_key), [])
            first = versions[0] if versions else None
            versions.append(
                Version(
                    row.id, row.natural_key, row.content_hash, row.version, first, row.current, row.revised_at,
                    row.customer_id, row.conversation_id, row.episode_id, row.said_at,
                    row.placed_at, row.import_run_id,
                )
            )  # fmt: skip
    return known


def _plan_one(raw: RawItem, versions: list[Version], now: datetime) -> Plan:
    """Decide on one item and note the coming version, so that a repetition in the same batch finds it."""
    content, said_at = content_hash(raw), raw.said_at or (versions[0].said_at if versions else None)
    placed_at = said_at or (versions[0].placed_at if versions else None) or now
    last = versions[-1] if versions else None
    if last is not None:
        same = next((version for version in reversed(versions) if version.content_hash == content), None)
        later = bool(raw.revised_at and last.revised_at and raw.revised_at > last.revised_at)
        if same is last and not last.current:
            last.current = True
            return Plan(raw, said_at, placed_at, last, "new", restored=True)
        if same is last or (same is not None and not later) or _comes_late(raw, last):
            return Plan(raw, said_at, placed_at, last, "skipped")
    version = Version(
        None, raw.natural_key, content, last.number + 1 if last else 1, versions[0] if versions else None,
        current=True, revised_at=raw.revised_at, said_at=said_at, placed_at=placed_at,
    )  # fmt: skip
    if last is not None:
        version.customer_id, version.conversation_id = last.customer_id, last.conversation_id
        version.episode_id, last.current = last.episode_id, False
    versions.append(version)
    return Plan(raw, said_at, placed_at, version, "changed" if last else "new", before=last)


def _comes_late(raw: RawItem, last: Version) -> bool:
    """Whether the source's own time says that a newer version is here already."""
    return bool(raw.revised_at and last.revised_at and raw.revised_at < last.revised_at)


def _by_source(raws: Sequence[RawItem]) -> dict[str, list[RawItem]]:
    grouped: dict[str, list[RawItem]] = defaultdict(list)
    for raw in raws:
        grouped[raw.source].append(raw)
    return grouped
