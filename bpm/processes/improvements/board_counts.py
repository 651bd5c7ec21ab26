"""How many people stand behind an entry of the board, and whether its theme may be seen; as SQL of the entry's row."""

from sqlalchemy import ColumnElement, ScalarSelect, case, exists, func, select
from sqlalchemy.orm import aliased

from bpm.feedback.models import FeedbackItem, Theme, ThemeItem
from bpm.foundation.work import Work
from bpm.processes.models import BoardEntry, ImprovementSupport, ImprovementVoice

FEWEST = 5
"""People below whom a count is not told."""


def at_least(people: int | None) -> int | None:
    """A count as everybody may read it."""
    return people if people is not None and people >= FEWEST else None


def people_behind() -> ColumnElement[int]:
    """How many people's words are in its theme, else speak for its improvement; nobody known counts for none."""
    return case((BoardEntry.theme_id.is_not(None), _people_of_theme()), else_=_people_of_improvement())


def _people_of_improvement() -> ScalarSelect[int]:
    return (
        select(func.count(FeedbackItem.customer_id.distinct()))
        .join(ImprovementVoice, ImprovementVoice.item_id == FeedbackItem.id)
        .where(ImprovementVoice.improvement_id == BoardEntry.improvement_id)
        .scalar_subquery()
    )


def _people_of_theme() -> ScalarSelect[int]:
    """Of all items that count in the theme, or in the one that it was merged into."""
    mine, member = aliased(Theme), aliased(Theme)
    return (
        select(func.count(FeedbackItem.customer_id.distinct()))
        .select_from(mine)
        .join(member, member.counts_in_id == mine.counts_in_id)
        .join(ThemeItem, ThemeItem.theme_id == member.id)
        .join(FeedbackItem, FeedbackItem.id == ThemeItem.item_id)
        .where(mine.id == BoardEntry.theme_id, FeedbackItem.current)
        .correlate(BoardEntry)
        .scalar_subquery()
    )


def supporters_behind() -> ScalarSelect[int]:
    """How many customers support its proposal."""
    return (
        select(func.count(ImprovementSupport.id))
        .where(ImprovementSupport.improvement_id == BoardEntry.improvement_id)
        .scalar_subquery()
    )


def has_approved_theme() -> ColumnElement[bool]:
    """Whether the theme in which the entry's theme counts is approved now, and not hidden."""
    mine, seen = aliased(Theme), aliased(Theme)
    return exists().where(
        mine.id == BoardEntry.theme_id,
        seen.id == mine.counts_in_id,
        seen.approved_at.is_not(None),
        seen.hidden_at.is_(None),
    )


def is_approved(work: Work, theme_id: int) -> bool:
    """Whether the public may see the theme, or the one that it was merged into."""
    mine, seen = aliased(Theme), aliased(Theme)
    found = (
        select(seen.id)
        .join(mine, mine.counts_in_id == seen.id)
        .where(mine.id == theme_id, seen.approved_at.is_not(None), seen.hidden_at.is_(None))
    )
    return work.session.scalar(found) is not None
