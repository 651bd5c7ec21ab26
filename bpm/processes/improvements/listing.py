"""Improvements as lists and pages show them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.improvements.owners import owned_by_few
from bpm.processes.improvements.records import origin_of
from bpm.processes.models import Improvement, ImprovementSheet, ImprovementSupport, ImprovementVoice
from bpm.processes.models.register_lists import Origin
from bpm.processes.status import VoiceKind

MOST_VOICES = 200


@dataclass(frozen=True)
class ImprovementFilter:
    """Which are wanted; `after` is the id of the last one of the page before."""

    status: str | None = None
    definition_key: str | None = None
    owner_id: int | None = None
    one_function: bool = False
    """Owned by fewer than two functions, and under way."""
    after: int | None = None


@dataclass(frozen=True)
class ImprovementRow:
    """One improvement; `voices` counts items that speak for it, `people` those who said them, `supporters` votes."""

    id: int
    title: str
    definition_key: str
    process_name: str
    element: str
    status: str
    status_at: datetime | None
    owner: str
    owner_id: int | None
    voices: int
    people: int
    supporters: int
    created_at: datetime


@dataclass(frozen=True)
class VoiceRow:
    """An item that speaks for an improvement."""

    item_id: int
    kind: str
    text: str
    channel: str
    said_at: datetime | None
    at: datetime


@dataclass(frozen=True)
class ImprovementDetail:
    """An improvement with everything around it; `version` is the number of what brought it about."""

    row: ImprovementRow
    description: str
    status_reason: str
    proposed_by: str
    instance_id: int | None
    version_id: int | None
    version: int | None
    versions: tuple[int, ...]
    """Numbers of the process's versions, the newest first."""
    frozen: tuple[VoiceRow, ...]
    """Those it was opened with."""
    since: tuple[VoiceRow, ...]
    """Those that were tied to it later."""
    origin: str
    """What it was opened from: see `Origin`."""
    origin_ref: str
    origin_label: str
    stage: str

    @property
    def voices(self) -> tuple[VoiceRow, ...]:
        return self.since + self.frozen


def _rows() -> Any:
    voices = (
        select(
            ImprovementVoice.improvement_id.label("of"),
            func.count().label("voices"),
            func.count(FeedbackItem.customer_id.distinct()).label("people"),
        )
        .join(FeedbackItem, FeedbackItem.id == ImprovementVoice.item_id)
        .group_by(ImprovementVoice.improvement_id)
        .subquery()
    )
    votes = (
        select(ImprovementSupport.improvement_id.label("of"), func.count().label("votes"))
        .group_by(ImprovementSupport.improvement_id)
        .subquery()
    )
    return (
        select(
            Improvement.id,
            Improvement.title,
            Improvement.definition_key,
            func.coalesce(ProcessDefinition.name, Improvement.definition_key),
            Improvement.element,
            Improvement.status,
            Improvement.status_at,
            func.coalesce(User.display_name, ""),
            Improvement.owner_id,
            func.coalesce(voices.c.voices, 0),
            func.coalesce(voices.c.people, 0),
            func.coalesce(votes.c.votes, 0),
            Improvement.created_at,
        )
        .outerjoin(ProcessDefinition, ProcessDefinition.key == Improvement.definition_key)
        .outerjoin(User, User.id == Improvement.owner_id)
        .outerjoin(voices, voices.c.of == Improvement.id)
        .outerjoin(votes, votes.c.of == Improvement.id)
    )


def list_improvements(work: Work, wanted: ImprovementFilter, *, limit: int = 50) -> Page[ImprovementRow]:
    """Improvements, the newest first."""
    found = work.session.execute(
        _rows().where(*_conditions(wanted)).order_by(Improvement.id.desc()).limit(limit + 1)
    ).all()
    rows = tuple(ImprovementRow(*row) for row in found[:limit])
    return Page(rows, rows[-1].id if len(found) > limit else None)


def _conditions(wanted: ImprovementFilter) -> list[ColumnElement[bool]]:
    exact = (
        (Improvement.status, wanted.status),
        (Improvement.definition_key, wanted.definition_key),
        (Improvement.owner_id, wanted.owner_id),
    )
    found: list[ColumnElement[bool]] = [column == value for column, value in exact if value is not None]
    if wanted.one_function:
        found += owned_by_few()
    if wanted.after is not None:
        found.append(Improvement.id < wanted.after)
    return found


def get_improvement(work: Work, improvement_id: int) -> ImprovementDetail:
    """One improvement with its voices; NotFoundError when there is none."""
    proposer = aliased(User)
    found = work.session.execute(
        _rows()
        .add_columns(Improvement, proposer.display_name, ProcessVersion.number)
        .outerjoin(proposer, proposer.id == Improvement.proposed_by)
        .outerjoin(ProcessVersion, ProcessVersion.id == Improvement.version_id)
        .where(Improvement.id == improvement_id)
    ).one_or_none()
    if found is None:
        raise NotFoundError(_("There is no improvement %(number)s.") % {"number": improvement_id})
    *row, improvement, by, version = found
    numbers = (
        select(ProcessVersion.number)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == improvement.definition_key)
        .order_by(ProcessVersion.number.desc())
        .limit(50)
    )
    sheet = work.session.get(ImprovementSheet, improvement_id)
    origin, ref = (sheet.origin, sheet.origin_ref) if sheet is not None else origin_of(improvement)
    voices = _voices(work, improvement_id)
    return ImprovementDetail(
        row=ImprovementRow(*row),
        description=improvement.description,
        status_reason=improvement.status_reason,
        proposed_by=by or "",
        instance_id=improvement.instance_id,
        version_id=improvement.version_id,
        version=version,
        versions=tuple(work.session.scalars(numbers)),
        frozen=tuple(each for each in voices if each.kind == VoiceKind.TAUGHT),
        since=tuple(each for each in voices if each.kind != VoiceKind.TAUGHT),
        origin=origin,
        origin_ref=ref,
        origin_label=sheet.origin_label if sheet is not None else "",
        stage=str(sheet.stage) if sheet is not None else "define",
    )


def _voices(work: Work, improvement_id: int) -> tuple[VoiceRow, ...]:
    found = work.session.execute(
        select(
            FeedbackItem.id,
            ImprovementVoice.kind,
            FeedbackItem.text,
            FeedbackItem.channel,
            FeedbackItem.said_at,
            ImprovementVoice.at,
        )
        .join(FeedbackItem, FeedbackItem.id == ImprovementVoice.item_id)
        .where(ImprovementVoice.improvement_id == improvement_id)
        .order_by(ImprovementVoice.id.desc())
        .limit(MOST_VOICES)
    )
    return tuple(VoiceRow(*row) for row in found)


def improvements_of(work: Work, item_id: int) -> tuple[tuple[int, str, str], ...]:
    """(id, title, status) of those that an item speaks for."""
    found = work.session.execute(
        select(Improvement.id, Improvement.title, Improvement.status)
        .join(ImprovementVoice, ImprovementVoice.improvement_id == Improvement.id)
        .where(ImprovementVoice.item_id == item_id)
        .order_by(Improvement.id)
    )
    return tuple((row[0], row[1], row[2]) for row in found)


def opened_from(work: Work, origin: Origin, ref: str) -> tuple[tuple[int, str, str], ...]:
    """(id, title, status) of those that were opened from a thing, the newest first."""
    found = work.session.execute(
        select(Improvement.id, Improvement.title, Improvement.status)
        .join(ImprovementSheet, ImprovementSheet.improvement_id == Improvement.id)
        .where(ImprovementSheet.origin == origin, ImprovementSheet.origin_ref == ref)
        .order_by(Improvement.id.desc())
    )
    return tuple((row[0], row[1], row[2]) for row in found)
