"""How a playbook is used: by version, how often, what is done of it and what is skipped, with n and interval."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from bpm.feedback.models import PlaybookStep, PlaybookUse, PlaybookVersion
from bpm.feedback.playbooks.books import versions_of
from bpm.feedback.status import StepState
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.statistics import Durations, Share, durations, share

MOST_WHYS = 5
"""Newest reasons of a step that are shown."""
MOST_ROWS = 100


@dataclass(frozen=True)
class StepFigures:
    """One step of a version: of the uses that ended, in how many it was done; why it was skipped elsewhere."""

    number: int
    text: str
    done: Share
    whys: tuple[tuple[int, str], ...]
    """(item, why), the newest first."""


@dataclass(frozen=True)
class VersionFigures:
    """One version: uses that were begun and that ended, how long they took, and its steps."""

    id: int
    number: int
    reason: str
    by: str
    at: datetime
    begun: int
    ended: int
    took: Durations
    steps: tuple[StepFigures, ...]


@dataclass(frozen=True)
class UseRow:
    """One use, as the rows behind the figures show it."""

    item_id: int
    number: int
    who: str
    begun_at: datetime
    ended_at: datetime | None
    done: int
    of: int


def figures_of(work: Work, playbook_id: int) -> tuple[VersionFigures, ...]:
    """Of each version, the newest first; versions are never added up."""
    times: dict[int, list[tuple[datetime, datetime | None]]] = {}
    uses = select(PlaybookUse.version_id, PlaybookUse.begun_at, PlaybookUse.ended_at).where(_of(playbook_id))
    for version_id, begun, ended in work.session.execute(uses):
        times.setdefault(version_id, []).append((begun, ended))
    hits, whys = _steps(work, playbook_id)
    found = []
    for row in versions_of(work, playbook_id):
        took = times.get(row.id, [])
        over = [end - begun for begun, end in took if end is not None]
        steps = tuple(
            StepFigures(
                number, text, share(hits.get((row.id, number), 0), len(over)),
                tuple(whys.get((row.id, number), ())[:MOST_WHYS]),
            )
            for number, text in enumerate(row.steps, 1)
        )  # fmt: skip
        found.append(
            VersionFigures(
                row.id, row.number, row.reason, row.by, row.at, len(took), len(over),
                durations(over, running=len(took) - len(over)), steps,
            )
        )  # fmt: skip
    return tuple(found)


def uses_of(work: Work, playbook_id: int, *, version: int | None = None) -> tuple[UseRow, ...]:
    """The newest uses of a playbook, or of one version of it (by number)."""
    done = (
        select(func.count())
        .where(PlaybookStep.use_id == PlaybookUse.id, PlaybookStep.state == StepState.DONE)
        .correlate(PlaybookUse)
        .scalar_subquery()
    )
    query = (
        select(PlaybookUse, PlaybookVersion, User.display_name, done)
        .select_from(PlaybookUse)
        .join(PlaybookVersion, PlaybookVersion.id == PlaybookUse.version_id)
        .join(User, User.id == PlaybookUse.user_id)
        .where(PlaybookVersion.playbook_id == playbook_id)
        .order_by(PlaybookUse.id.desc())
        .limit(MOST_ROWS)
    )
    if version is not None:
        query = query.where(PlaybookVersion.number == version)
    return tuple(
        UseRow(use.item_id, row.number, who, use.begun_at, use.ended_at, number, len(row.steps))
        for use, row, who, number in work.session.execute(query)
    )


def _of(playbook_id: int) -> ColumnElement[bool]:
    return PlaybookUse.version_id.in_(select(PlaybookVersion.id).where(PlaybookVersion.playbook_id == playbook_id))


def _steps(
    work: Work, playbook_id: int
) -> tuple[dict[tuple[int, int], int], dict[tuple[int, int], list[tuple[int, str]]]]:
    """(version, step) -> how often it was done in uses that ended, and (item, why) where it was skipped."""
    rows = work.session.execute(
        select(PlaybookUse.version_id, PlaybookStep.number, PlaybookStep.state, PlaybookUse.item_id, PlaybookStep.why)
        .join(PlaybookUse, PlaybookUse.id == PlaybookStep.use_id)
        .where(_of(playbook_id), PlaybookUse.ended_at.is_not(None))
        .order_by(PlaybookStep.id.desc())
    )
    hits: dict[tuple[int, int], int] = {}
    whys: dict[tuple[int, int], list[tuple[int, str]]] = {}
    for version_id, number, state, item_id, why in rows:
        if state == StepState.DONE:
            hits[version_id, number] = hits.get((version_id, number), 0) + 1
        else:
            whys.setdefault((version_id, number), []).append((item_id, why))
    return hits, whys
