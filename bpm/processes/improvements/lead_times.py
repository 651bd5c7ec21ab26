"""How long it takes from a signal to a verified effect: four instants of each improvement, worked out from records.

Signal: the first voice it was opened with was heard (without any: it was opened). Decision: it was approved. Version:
the version that it names went live. Effect: a planned look of its verdict said "improved".
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, select

from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.verdict_reader import first_improved
from bpm.processes.models import Improvement, ImprovementEvent, ImprovementEvidence, ImprovementVoice
from bpm.processes.status import ImprovementStatus, VoiceKind
from bpm.statistics import PERCENTILES_FROM, percentile

MOST = 500
"""Improvements that are looked at, the newest."""
PERCENTILES = (0.25, 0.5, 0.75, 0.9)


@dataclass(frozen=True)
class LeadTime:
    """The four instants of one improvement; None: it did not come to that, or nobody wrote it down."""

    id: int
    title: str
    signal: datetime
    decision: datetime | None
    version: datetime | None
    effect: datetime | None


@dataclass(frozen=True)
class Stretch:
    """One way between two of them over all improvements, in days; `percentiles` empty below PERCENTILES_FROM."""

    name: str
    n: int
    percentiles: tuple[float, ...]
    """25, 50, 75 and 90 %."""


STRETCHES: tuple[tuple[str, str, str], ...] = (
    (_("Signal to decision"), "signal", "decision"),
    (_("Decision to new version"), "decision", "version"),
    (_("New version to verified effect"), "version", "effect"),
    (_("Signal to verified effect"), "signal", "effect"),
)


def list_lead_times(work: Work) -> tuple[LeadTime, ...]:
    """Of every improvement that was not declined, the newest first; at most MOST."""
    kept = Improvement.status != ImprovementStatus.DECLINED
    rows = work.session.scalars(select(Improvement).where(kept).order_by(Improvement.id.desc()).limit(MOST)).all()
    ids = [row.id for row in rows]
    heard, decided, effects = _heard(work, ids), _decided(work, ids), first_improved(work, ids)
    live = _live(work, rows)
    return tuple(
        LeadTime(
            row.id, row.title, min(heard.get(row.id, row.created_at), row.created_at),
            decided.get(row.id) or _of_before(row), live.get(row.id), effects.get(row.id),
        )
        for row in rows
    )  # fmt: skip


def _of_before(row: Improvement) -> datetime | None:
    """When one was approved that has no history: its state of today says it, while it stands."""
    return row.status_at if row.status is ImprovementStatus.APPROVED else None


def _heard(work: Work, ids: Sequence[int]) -> Mapping[int, datetime]:
    found = work.session.execute(
        select(ImprovementVoice.improvement_id, func.min(FeedbackItem.placed_at))
        .join(FeedbackItem, FeedbackItem.id == ImprovementVoice.item_id)
        .where(ImprovementVoice.improvement_id.in_(ids), ImprovementVoice.kind == VoiceKind.TAUGHT)
        .group_by(ImprovementVoice.improvement_id)
    )
    return {row[0]: row[1] for row in found}


def _decided(work: Work, ids: Sequence[int]) -> Mapping[int, datetime]:
    found = work.session.execute(
        select(ImprovementEvent.improvement_id, func.min(ImprovementEvent.at))
        .where(
            ImprovementEvent.improvement_id.in_(ids), ImprovementEvent.verb == "status",
            ImprovementEvent.after == str(ImprovementStatus.APPROVED),
        )
        .group_by(ImprovementEvent.improvement_id)
    )  # fmt: skip
    return {row[0]: row[1] for row in found}


def _live(work: Work, rows: Sequence[Improvement]) -> Mapping[int, datetime]:
    """When the version went live that brought it about, else the one that its gates name."""
    concluded = {row.version_id: row.id for row in rows if row.version_id is not None}
    found = {}
    for improvement_id, number, key in _named(work, [row.id for row in rows]):
        at = work.session.scalar(
            select(ProcessVersion.live_at)
            .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
            .where(ProcessDefinition.key == key, ProcessVersion.number == int(number))
        )
        if at is not None:
            found[improvement_id] = at
    named = select(ProcessVersion.id, ProcessVersion.live_at).where(ProcessVersion.id.in_(concluded))
    live = {row[0]: row[1] for row in work.session.execute(named)}
    return found | {row.id: at for row in rows if (at := live.get(row.version_id or 0)) is not None}


def _named(work: Work, ids: Sequence[int]) -> list[tuple[int, str, str]]:
    """(improvement, number, process) of versions that stand as evidence and that no conclusion names yet."""
    found = work.session.execute(
        select(Improvement.id, ImprovementEvidence.ref, Improvement.definition_key)
        .join(
            ImprovementEvidence,
            and_(ImprovementEvidence.improvement_id == Improvement.id, ImprovementEvidence.check_key == "version"),
        )
        .where(Improvement.id.in_(ids), Improvement.version_id.is_(None))
    )
    return [(row[0], row[1], row[2]) for row in found if row[1].isdecimal()]


def stretches(found: Sequence[LeadTime]) -> tuple[Stretch, ...]:
    """Percentiles of each way, over those that went it in this order; pure."""
    return tuple(Stretch(_(name), *_over(found, start, end)) for name, start, end in STRETCHES)


def _over(found: Sequence[LeadTime], start: str, end: str) -> tuple[int, tuple[float, ...]]:
    days = sorted(
        (until - since) / timedelta(days=1)
        for each in found
        if (since := getattr(each, start)) is not None and (until := getattr(each, end)) is not None and until >= since
    )
    if len(days) < PERCENTILES_FROM:
        return len(days), ()
    return len(days), tuple(percentile(days, q) for q in PERCENTILES)
