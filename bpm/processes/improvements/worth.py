"""What an improvement is worth to customers and to the company, and how it looks from four viewpoints.

What nobody measured is "not measured", and whom nobody asked is "not asked": neither is ever a zero.
"""

import math
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm import audit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.models import ImprovementValue, ImprovementView
from bpm.processes.models.register_lists import Perspective, ValueKind, ValueSide

LONGEST = 2_000
SCORES = range(-2, 3)


@dataclass(frozen=True)
class ValueDraft:
    """What a person fills in; an empty amount takes it back to "not measured"."""

    side: str
    kind: str
    amount: str
    unit: str
    how: str
    measured: bool = False
    """False: an estimate."""


@dataclass(frozen=True)
class ValueCell:
    """What one side gets of one kind; `amount` None: not measured."""

    side: ValueSide
    kind: ValueKind
    amount: float | None = None
    unit: str = ""
    measured: bool = False
    how: str = ""
    who: str = ""
    at: datetime | None = None


@dataclass(frozen=True)
class ViewCell:
    """How it looks from one viewpoint; `score` None: not asked."""

    perspective: Perspective
    score: int | None = None
    words: str = ""
    who: str = ""
    at: datetime | None = None


def set_value(work: Work, improvement_id: int, draft: ValueDraft) -> None:
    """Keep what it is worth to one side; InvalidInputError with `fields` (amount, unit, how)."""
    row = get_row(work, improvement_id)
    side = next((each for each in ValueSide if each == draft.side), None)
    kind = next((each for each in ValueKind if each == draft.kind), None)
    if side is None or kind is None:
        raise InvalidInputError(_("This was not kept."), remedy=_("Choose a side and what it gets."))
    known = work.session.scalar(
        select(ImprovementValue).where(
            ImprovementValue.improvement_id == row.id, ImprovementValue.side == side, ImprovementValue.kind == kind
        )
    )
    before = f"{known.amount:g} {known.unit}" if known else ""
    if not draft.amount.strip():
        if known is not None:
            work.session.delete(known)
        after = ""
    else:
        amount = _amount(draft)
        if known is None:
            known = ImprovementValue(improvement_id=row.id, side=side, kind=kind)
            work.session.add(known)
        known.amount, known.unit, known.how = amount, draft.unit.strip(), draft.how.strip()
        known.measured, known.user_id, known.at = draft.measured, work.actor.user_id, work.now()
        after = f"{known.amount:g} {known.unit}"
    work.session.flush()
    note(work, row, "value", before=before, after=f"{side} {kind}: {after}", reason=draft.how.strip())
    told = {"side": side, "kind": kind, "worth": after, "measured": draft.measured}
    audit.record(work, "improvement.value", thing(row), before={"worth": before}, after=told)


def _amount(draft: ValueDraft) -> float:
    problems = {}
    try:
        amount = float(draft.amount.strip().replace(",", "."))
    except ValueError:
        amount = math.nan
    if not math.isfinite(amount):
        problems["amount"] = _("Write it as a number.")
    if not 0 < len(draft.unit.strip()) <= 60:
        problems["unit"] = _("Say of what, as “hours a year”.")
    if not 0 < len(draft.how.strip()) <= LONGEST:
        problems["how"] = _("Say how one knows.")
    if problems:
        raise InvalidInputError(
            _("This was not kept."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    return amount


def values_of(work: Work, improvement_id: int) -> tuple[ValueCell, ...]:
    """Both sides with effort, time and money each, those that nobody measured, too."""
    found = work.session.execute(
        select(ImprovementValue, func.coalesce(User.display_name, ""))
        .outerjoin(User, User.id == ImprovementValue.user_id)
        .where(ImprovementValue.improvement_id == improvement_id)
    )
    known = {
        (row.side, row.kind): ValueCell(
            row.side, row.kind, row.amount, row.unit, row.measured, row.how, who, row.at
        )
        for row, who in found
    }  # fmt: skip
    return tuple(known.get((side, kind)) or ValueCell(side, kind) for side in ValueSide for kind in ValueKind)


def set_view(work: Work, improvement_id: int, perspective: str, *, score: str, words: str) -> None:
    """Keep how it looks from one viewpoint; an empty score takes it back to "not asked".

    InvalidInputError with `fields` for a score that is none (-2 to 2), or without their words.
    """
    row = get_row(work, improvement_id)
    whose = next((each for each in Perspective if each == perspective), None)
    if whose is None:
        raise InvalidInputError(_("This was not kept."), remedy=_("Choose whose viewpoint it is."))
    known = work.session.scalar(
        select(ImprovementView).where(
            ImprovementView.improvement_id == row.id, ImprovementView.perspective == whose
        )
    )  # fmt: skip
    before = f"{known.score:+d}" if known else ""
    if not score.strip():
        if known is not None:
            work.session.delete(known)
        after = ""
    else:
        number = _score(score, words)
        if known is None:
            known = ImprovementView(improvement_id=row.id, perspective=whose)
            work.session.add(known)
        known.score, known.words = number, words.strip()
        known.user_id, known.at = work.actor.user_id, work.now()
        after = f"{number:+d}"
    work.session.flush()
    note(work, row, "view", before=before, after=f"{whose}: {after}", reason=words.strip())
    audit.record(
        work, "improvement.view", thing(row), before={"score": before}, after={"viewpoint": whose, "score": after}
    )


def _score(score: str, words: str) -> int:
    problems = {}
    if score.strip() not in {str(each) for each in SCORES}:
        problems["score"] = _("Choose from much worse to much better.")
    if not 0 < len(words.strip()) <= LONGEST:
        problems["words"] = _("Say in whose words, and whom you asked.")
    if problems:
        raise InvalidInputError(
            _("This was not kept."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    return int(score)


def views_of(work: Work, improvement_id: int) -> tuple[ViewCell, ...]:
    """All four viewpoints, those that nobody asked, too."""
    found = work.session.execute(
        select(ImprovementView, func.coalesce(User.display_name, ""))
        .outerjoin(User, User.id == ImprovementView.user_id)
        .where(ImprovementView.improvement_id == improvement_id)
    )
    known = {row.perspective: ViewCell(row.perspective, row.score, row.words, who, row.at) for row, who in found}
    return tuple(known.get(each) or ViewCell(each) for each in Perspective)
