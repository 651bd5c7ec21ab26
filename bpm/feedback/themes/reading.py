"""Themes as lists and pages show them: how many items, how they grow by week, what people decided."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, Literal, cast

from sqlalchemy import Table, case, func, select

from bpm.feedback.models import FeedbackItem, Theme, ThemeChange, ThemeItem
from bpm.foundation.db import Page
from bpm.foundation.errors import NotFoundError
from bpm.foundation.work import Work

ITEM = cast("Table", FeedbackItem.__table__)
PLACE = cast("Table", ThemeItem.__table__)
THEME = cast("Table", Theme.__table__)

WEEKS = 12
LISTED = 200
ONE_SIDED_AFTER = timedelta(days=30)
View = Literal["growing", "all", "approved", "one_sided", "hidden"]
VIEWS: tuple[View, ...] = ("growing", "all", "approved", "one_sided", "hidden")


@dataclass(frozen=True)
class ThemeRow:
    """A theme; `weeks` are the items of the last twelve weeks, the oldest first, the last one up to now."""

    id: int
    name: str
    items: int
    people: int
    weeks: tuple[int, ...]
    first_at: datetime
    last_at: datetime
    hidden: bool
    approved: bool
    learnt: str
    told: str
    one_sided: bool
    """Something was learnt 30 days ago or more, and customers were told nothing."""

    @property
    def growth(self) -> float:
        """This week against the mean of the four before, as a factor; one item is added to both."""
        before = self.weeks[-5:-1]
        return (self.weeks[-1] + 1) / (sum(before) / max(1, len(before)) + 1)


@dataclass(frozen=True)
class ChangeRow:
    """What somebody did to a theme."""

    id: int
    verb: str
    user_id: int | None
    at: datetime
    before: dict[str, Any]
    after: dict[str, Any]
    undone: bool


def list_themes(work: Work, view: View = "growing") -> list[ThemeRow]:
    """The themes of a view; growing ones by their growth, the others by their items. At most LISTED, the liveliest."""
    now = work.now()
    conditions: list[Any] = [THEME.c.counts_in_id == THEME.c.id]
    conditions.append(THEME.c.hidden_at.is_not(None) if view == "hidden" else THEME.c.hidden_at.is_(None))
    if view == "approved":
        conditions.append(THEME.c.approved_at.is_not(None))
    if view == "one_sided":
        conditions += [THEME.c.learnt != "", THEME.c.told == "", THEME.c.told_at.is_(None)]
        conditions.append(THEME.c.learnt_at <= now - ONE_SIDED_AFTER)
    chosen = select(THEME.c.id).where(*conditions).order_by(THEME.c.last_at.desc(), THEME.c.id.desc()).limit(LISTED)
    ids = list(work.session.scalars(chosen))
    rows = [row for row in _rows(work, ids) if row.items]
    if view == "growing":
        return sorted(rows, key=lambda row: (-row.growth, -row.items, row.id))
    return sorted(rows, key=lambda row: (-row.items, row.id))


def list_approved(work: Work) -> list[ThemeRow]:
    """What the public may see, the largest first."""
    return list_themes(work, "approved")


def get_theme(work: Work, theme_id: int) -> ThemeRow:
    """The theme, or the one that it was merged into; NotFoundError when there is none."""
    row = work.session.get(Theme, theme_id)
    if row is None or row.counts_in_id is None:
        raise NotFoundError(f"There is no theme {theme_id}.")
    return _rows(work, [row.counts_in_id])[0]


def theme_of(work: Work, item_id: int) -> ThemeRow | None:
    """The theme in which an item counts, if any."""
    joined = select(THEME.c.counts_in_id).join(PLACE, PLACE.c.theme_id == THEME.c.id).where(PLACE.c.item_id == item_id)
    theme_id = work.session.scalar(joined)
    return _rows(work, [theme_id])[0] if theme_id is not None else None


def items_of(work: Work, theme_id: int, *, limit: int = 50, after: int | None = None) -> Page[int]:
    """Ids of the theme's items, those of themes merged into it too, the newest first; `after` is an item's id."""
    wanted = (
        select(PLACE.c.item_id, PLACE.c.placed_at)
        .join(ITEM, ITEM.c.id == PLACE.c.item_id)
        .where(PLACE.c.theme_id.in_(_members(theme_id)), ITEM.c.current)
        .order_by(PLACE.c.placed_at.desc(), PLACE.c.item_id.desc())
        .limit(limit + 1)
    )
    if after is not None:
        at = work.session.scalar(select(PLACE.c.placed_at).where(PLACE.c.item_id == after))
        if at is not None:
            wanted = wanted.where((PLACE.c.placed_at < at) | ((PLACE.c.placed_at == at) & (PLACE.c.item_id < after)))
    found = list(work.session.scalars(wanted))
    return Page(tuple(found[:limit]), found[limit - 1] if len(found) > limit else None)


def changes_of(work: Work, theme_id: int, limit: int = 20) -> list[ChangeRow]:
    """What people did to the theme, the newest first."""
    rows = work.session.scalars(
        select(ThemeChange).where(ThemeChange.theme_id == theme_id).order_by(ThemeChange.id.desc()).limit(limit)
    )
    return [
        ChangeRow(row.id, row.verb, row.user_id, row.at, row.before, row.after, row.undone_at is not None)
        for row in rows
    ]


def _members(theme_id: int) -> Any:
    return select(THEME.c.id).where(THEME.c.counts_in_id == theme_id)


def _rows(work: Work, ids: Sequence[int]) -> list[ThemeRow]:
    """The themes of these ids, in their order, with their figures."""
    if not ids:
        return []
    now = work.now()
    edges = [now - timedelta(weeks=each) for each in range(WEEKS, -1, -1)]
    weeks = [
        func.sum(case(((PLACE.c.placed_at > begin) & (PLACE.c.placed_at <= end), 1), else_=0)).label(f"week_{place}")
        for place, (begin, end) in enumerate(pairwise(edges))
    ]
    counted = (
        select(
            THEME.c.counts_in_id,
            func.count().label("items"),
            func.count(ITEM.c.customer_id.distinct()).label("people"),
            *weeks,
        )
        .join(PLACE, PLACE.c.theme_id == THEME.c.id)
        .join(ITEM, ITEM.c.id == PLACE.c.item_id)
        .where(THEME.c.counts_in_id.in_(list(ids)), ITEM.c.current)
        .group_by(THEME.c.counts_in_id)
    )
    figures = {row.counts_in_id: row for row in work.session.execute(counted)}
    themes = {row.id: row for row in work.session.scalars(select(Theme).where(Theme.id.in_(list(ids))))}
    return [_row(themes[each], figures.get(each), now) for each in ids if each in themes]


def _row(theme: Theme, figures: Any, now: datetime) -> ThemeRow:
    weeks = tuple(int(getattr(figures, f"week_{place}") or 0) for place in range(WEEKS)) if figures else (0,) * WEEKS
    learnt_at = theme.learnt_at
    return ThemeRow(
        id=theme.id,
        name=theme.name,
        items=figures.items if figures else 0,
        people=figures.people if figures else 0,
        weeks=weeks,
        first_at=theme.first_at,
        last_at=theme.last_at,
        hidden=theme.hidden_at is not None,
        approved=theme.approved_at is not None,
        learnt=theme.learnt,
        told=theme.told,
        one_sided=bool(learnt_at and not theme.told and theme.told_at is None and learnt_at <= now - ONE_SIDED_AFTER),
    )
