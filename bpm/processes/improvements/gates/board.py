"""The board: what is under way in its columns, with what each gate still asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm.foundation.work import Work
from bpm.processes.improvements.gates.checks import STAGES
from bpm.processes.improvements.owners import functions_of
from bpm.processes.models import Improvement, ImprovementEvent, ImprovementSheet, ImprovementVoice
from bpm.processes.models.register_lists import Stage
from bpm.processes.status import ImprovementStatus

MOST = 100
"""Cards of all columns; of more the newest."""


@dataclass(frozen=True)
class Card:
    """An improvement on the board; `since`: when it came into its column."""

    id: int
    title: str
    definition_key: str
    stage: Stage
    voices: int
    functions: tuple[str, ...]
    since: datetime


@dataclass(frozen=True)
class Column:
    """A stage and what stands in it."""

    stage: Stage
    cards: Sequence[Card]


def read_board(work: Work, *, definition_key: str | None = None) -> tuple[Column, ...]:
    """Define to Control, with what is proposed or approved; the longest in its column first."""
    voices = (
        select(func.count())
        .select_from(ImprovementVoice)
        .where(ImprovementVoice.improvement_id == Improvement.id)
        .scalar_subquery()
    )
    moved = (
        select(func.max(ImprovementEvent.at))
        .where(ImprovementEvent.improvement_id == Improvement.id, ImprovementEvent.verb == "gate")
        .scalar_subquery()
    )
    stage = func.coalesce(ImprovementSheet.stage, str(Stage.DEFINE))
    query = (
        select(Improvement, stage, voices, moved)
        .outerjoin(ImprovementSheet, ImprovementSheet.improvement_id == Improvement.id)
        .where(Improvement.status.in_((ImprovementStatus.PROPOSED, ImprovementStatus.APPROVED)))
        .order_by(Improvement.id.desc())
        .limit(MOST)
    )
    if definition_key is not None:
        query = query.where(Improvement.definition_key == definition_key)
    found = work.session.execute(query).all()
    owned = functions_of(work, [row.id for row, *_rest in found])
    cards = [
        Card(row.id, row.title, row.definition_key, Stage(at), count, owned.get(row.id, ()), since or row.created_at)
        for row, at, count, since in found
    ]
    return tuple(
        Column(each, sorted((card for card in cards if card.stage is each), key=lambda card: card.since))
        for each in STAGES
        if each is not Stage.DONE
    )
