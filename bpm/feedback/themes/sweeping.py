"""The worker's part: places each item that was classified into a theme, or founds one, some hundred at a time.

numpy is loaded when the first item comes: a web process never needs it. The reading of an item (its classification)
tells how far the sweep came: it goes on behind the newest one it looked at.
Examples of themes and the loose texts of the last weeks are read for each batch, so that what people merged or split a
moment ago counts, and several workers need to agree on nothing but the rows.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import Table, func, insert, select, update

from bpm.feedback.models import Classification, FeedbackItem, Theme, ThemeItem
from bpm.feedback.themes.words import words_of
from bpm.foundation.work import Transactions, Work

if TYPE_CHECKING:
    from bpm.feedback.themes.grouping import Group, Grouping, Loose

ITEM = cast("Table", FeedbackItem.__table__)
CLAIM = cast("Table", Classification.__table__)
PLACE = cast("Table", ThemeItem.__table__)
THEME = cast("Table", Theme.__table__)

BATCH = 400
LOOSE_FOR = timedelta(days=60)
"""How long a text that is alone waits for others like it."""


def sweep_themes(unit_of_work: Transactions) -> int:
    """Look at the next items that were classified; gives how many."""
    with unit_of_work.reading() as work:
        if not _waiting(work, 1):
            return 0
    with unit_of_work() as work:
        rows = _waiting(work, BATCH)
        _place(work, rows)
        return len(rows)


def _waiting(work: Work, most: int) -> Sequence[Any]:
    """What was classified since the sweep last looked, the oldest first."""
    seen = work.session.scalar(select(func.max(PLACE.c.classification_id))) or 0
    return work.session.execute(
        select(
            CLAIM.c.id, CLAIM.c.item_id, CLAIM.c.primary, ITEM.c.text, ITEM.c.subject, ITEM.c.placed_at, ITEM.c.current
        )
        .join(ITEM, ITEM.c.id == CLAIM.c.item_id)
        .where(CLAIM.c.id > seen)
        .order_by(CLAIM.c.id)
        .limit(most)
    ).all()


def _place(work: Work, rows: Sequence[Any]) -> None:
    newest = {row.item_id: row for row in rows}  # of several readings of one item the last one counts
    from bpm.feedback.themes.grouping import signature_of

    known = _known(work, newest)
    if known:
        seen = max(newest[item_id].id for item_id in known)
        # One row is enough to say how far the sweep came.
        last = max(known, key=lambda item_id: newest[item_id].id)
        work.session.execute(update(PLACE).where(PLACE.c.item_id == last).values(classification_id=seen))
    fresh = [row for item_id, row in newest.items() if item_id not in known]
    if not fresh:
        return
    grouping, keys = _grouping(work), _Keys(work)
    placed: list[dict[str, Any]] = []
    touched: dict[int, tuple[Group, datetime]] = {}
    for row in fresh:
        text = f"{row.subject}\n{row.text}" if row.subject else row.text
        telling = row.current and row.primary != "other"
        signature = signature_of(text) if telling else None
        found = grouping.place(row.item_id, text) if telling else None
        theme_id = None
        if found is not None:
            theme_id = keys.id_of(found.group, row.placed_at)
            touched[theme_id] = (found.group, max(row.placed_at, touched.get(theme_id, (None, row.placed_at))[1]))
            _adopt(work, placed, [each.id for each in found.founded], theme_id)
        placed.append(
            {
                "item_id": row.item_id,
                "theme_id": theme_id,
                "classification_id": row.id,
                "signature": b"" if signature is None else signature.tobytes(),
                "placed_at": row.placed_at,
                "by_person": False,
            }
        )
    work.session.execute(insert(PLACE), placed)
    for theme_id, (group, last_at) in touched.items():
        _write(work, theme_id, group, last_at)
    if touched:
        work.nudge("themes")


def _known(work: Work, ids: Iterable[int]) -> set[int]:
    return set(work.session.scalars(select(PLACE.c.item_id).where(PLACE.c.item_id.in_(list(ids)))))


def _adopt(work: Work, placed: list[dict[str, Any]], ids: list[int], theme_id: int) -> None:
    """Those that were loose belong to the theme now, those of this batch and those of before."""
    here = {row["item_id"]: row for row in placed}
    for item_id in ids:
        if item_id in here:
            here[item_id]["theme_id"] = theme_id
    before = [item_id for item_id in ids if item_id not in here]
    if before:
        work.session.execute(update(PLACE).where(PLACE.c.item_id.in_(before)).values(theme_id=theme_id))


class _Keys:
    """The database's ids of groups that are new in this batch."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self._new: dict[int, int] = {}

    def id_of(self, group: "Group", at: datetime) -> int:
        if group.key > 0:
            return group.key
        if group.key not in self._new:
            row = Theme(
                name=group.name()[:120], words={}, exemplars=b"", first_at=at, last_at=at, created_at=self._work.now()
            )
            self._work.session.add(row)
            self._work.session.flush()
            row.counts_in_id = row.id
            self._work.session.flush()
            self._new[group.key] = row.id
        return self._new[group.key]


def _write(work: Work, theme_id: int, group: "Group", last_at: datetime) -> None:
    from bpm.feedback.themes.grouping import EXAMPLES, MOST_WORDS

    row = work.session.get_one(Theme, theme_id)
    row.words = dict(group.words.most_common(2 * MOST_WORDS))
    row.exemplars = b"".join(each.tobytes() for each in group.examples[:EXAMPLES])
    row.last_at = max(row.last_at, last_at)
    if not row.named:
        row.name = group.name()[:120]


def _grouping(work: Work) -> "Grouping":
    from bpm.feedback.themes.grouping import MOST_THEMES, Group, Grouping

    themes = work.session.execute(
        select(THEME.c.id, THEME.c.words, THEME.c.exemplars).order_by(THEME.c.last_at.desc()).limit(MOST_THEMES)
    )
    groups = [
        Group(row.id, Counter(row.words), signatures_in(row.exemplars), max(row.words.values(), default=0))
        for row in themes
    ]
    return Grouping(groups, _loose(work))


def _loose(work: Work) -> list["Loose"]:
    from bpm.feedback.themes.grouping import MOST_LOOSE, Loose

    rows = work.session.execute(
        select(PLACE.c.item_id, PLACE.c.signature, ITEM.c.subject, ITEM.c.text)
        .join(ITEM, ITEM.c.id == PLACE.c.item_id)
        .where(PLACE.c.theme_id.is_(None), PLACE.c.signature != b"", PLACE.c.placed_at > work.now() - LOOSE_FOR)
        .order_by(PLACE.c.placed_at.desc(), PLACE.c.item_id.desc())
        .limit(MOST_LOOSE)
    ).all()
    return [
        Loose(row.item_id, tuple(words_of(f"{row.subject}\n{row.text}")), signatures_in(row.signature)[0])
        for row in reversed(rows)
    ]


def signatures_in(content: bytes) -> list[Any]:
    """The signatures that were written one after the other."""
    import numpy as np

    from bpm.feedback.themes.grouping import HASHES

    rows = np.frombuffer(content, dtype=np.uint32)
    return list(rows.reshape(-1, HASHES))
