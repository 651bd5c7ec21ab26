"""What people do to themes: name, merge, split, hide, approve, write what was learnt and told; each can be undone.

A merge moves no item: the theme says that it counts in another one. So what comes in later still finds it, and undoing
the merge brings everything back, however much came meanwhile. A split moves the chosen items into a theme of their own.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, select, update

from bpm import audit
from bpm.feedback.models import FeedbackItem, Theme, ThemeChange, ThemeItem
from bpm.feedback.themes.words import words_of
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

PLACE = cast("Table", ThemeItem.__table__)
LONGEST_NAME, LONGEST_TEXT, MOST_SPLIT = 120, 4000, 500


def rename_theme(work: Work, theme_id: int, name: str) -> int:
    """Give it a name that stays; the id of the change, with which it is undone, as of every function here."""
    wanted = " ".join(name.split())
    if not wanted or len(wanted) > LONGEST_NAME:
        said = _("A name has 1 to %(most)s characters.") % {"most": LONGEST_NAME}
        raise InvalidInputError(_("The theme was not renamed."), remedy=said, fields={"name": said})
    return _set(work, theme_id, "rename", {"name": wanted, "named": True})


def hide_theme(work: Work, theme_id: int, *, hidden: bool) -> int:
    """Take it out of the lists, or bring it back."""
    return _set(work, theme_id, "hide" if hidden else "show", {"hidden_at": work.now().isoformat() if hidden else None})


def approve_theme(work: Work, theme_id: int, *, approved: bool) -> int:
    """Let the public see it, or no more. ForbiddenError unless a person acts."""
    values = {
        "approved_at": work.now().isoformat() if approved else None,
        "approved_by": work.actor.user_id if approved else None,
    }
    return _set(work, theme_id, "approve" if approved else "withdraw", values)


def write_lessons(work: Work, theme_id: int, *, learnt: str, told: str) -> int:
    """Keep what the company learnt and what it told customers."""
    row = _theme(work, theme_id)
    now = work.now().isoformat()
    values: dict[str, Any] = {}
    for name, text in (("learnt", learnt.strip()), ("told", told.strip())):
        if len(text) > LONGEST_TEXT:
            said = _("At most %(most)s characters.") % {"most": LONGEST_TEXT}
            raise InvalidInputError(_("Not kept."), remedy=said, fields={name: said})
        if text != getattr(row, name):
            values |= {name: text, f"{name}_at": now if text else None}
    if not values:
        raise InvalidInputError(_("Nothing was changed."), remedy=_("Write what was learnt or told."))
    return _set(work, theme_id, "lessons", values)


def merge_themes(work: Work, theme_id: int, *, into: int) -> int:
    """`theme_id` counts in `into` from now on, with everything that was merged into it."""
    demand(work.actor, Permission.ANSWER)
    row, target = _theme(work, theme_id), _theme(work, into)
    target = _theme(work, target.counts_in_id or target.id)
    if row.counts_in_id != row.id:
        raise ConflictError(_("This theme is merged already."), remedy=_("Look at the list again."))
    if target.id == row.id:
        raise InvalidInputError(_("A theme cannot be merged with itself."), remedy=_("Choose another one."))
    moved = list(work.session.scalars(select(Theme).where(Theme.counts_in_id == row.id)))
    for each in moved:
        each.counts_in_id = target.id
    before = {"counts_in": {str(each.id): row.id for each in moved}}
    return _note(work, row, "merge", before, {"counts_in": {str(each.id): target.id for each in moved}})


def split_theme(work: Work, theme_id: int, item_ids: Sequence[int], *, name: str = "") -> int:
    """A theme of their own for some of its items; its id stands in the change's `after` as `theme`."""
    from bpm.feedback.themes.grouping import EXAMPLES, Group, signature_of

    demand(work.actor, Permission.ANSWER)
    row = _theme(work, theme_id)
    members = select(Theme.id).where(Theme.counts_in_id == row.id)
    chosen = work.session.execute(
        select(PLACE.c.item_id, PLACE.c.theme_id, FeedbackItem.text, FeedbackItem.subject, FeedbackItem.placed_at)
        .join(FeedbackItem, FeedbackItem.id == PLACE.c.item_id)
        .where(PLACE.c.item_id.in_(list(item_ids)[:MOST_SPLIT]), PLACE.c.theme_id.in_(members))
    ).all()
    if not chosen:
        raise InvalidInputError(_("Nothing was split off."), remedy=_("Choose items of this theme."))
    group = Group(0)
    for each in chosen:
        text = f"{each.subject}\n{each.text}" if each.subject else each.text
        signature = signature_of(text)
        if signature is not None:
            group.add(words_of(text), signature, likeness=0.0)
    given = " ".join(name.split())[:LONGEST_NAME]
    times = [each.placed_at for each in chosen]
    fresh = Theme(
        name=given or group.name() or row.name,
        named=bool(given),
        words=dict(group.words),
        exemplars=b"".join(each.tobytes() for each in group.examples[:EXAMPLES]),
        first_at=min(times),
        last_at=max(times),
        created_at=work.now(),
    )
    work.session.add(fresh)
    work.session.flush()
    fresh.counts_in_id = fresh.id
    ids = [each.item_id for each in chosen]
    work.session.execute(update(PLACE).where(PLACE.c.item_id.in_(ids)).values(theme_id=fresh.id, by_person=True))
    before = {"items": {str(each.item_id): each.theme_id for each in chosen}}
    return _note(work, row, "split", before, {"theme": fresh.id, "items": ids})


def undo_theme_change(work: Work, change_id: int) -> int:
    """Take one change back; the theme's id. ConflictError when it is undone, or a later one stands on it."""
    demand(work.actor, Permission.ANSWER)
    change = work.session.get(ThemeChange, change_id)
    if change is None:
        raise NotFoundError(_("There is no such change."))
    later = select(ThemeChange.id).where(
        ThemeChange.theme_id == change.theme_id, ThemeChange.id > change.id, ThemeChange.undone_at.is_(None)
    )
    alike = later.where(ThemeChange.verb == change.verb)
    if change.undone_at is not None or work.session.scalar(alike.limit(1)) is not None:
        raise ConflictError(
            _("This cannot be undone."), remedy=_("It is undone already, or was changed again: undo that first.")
        )
    row = _theme(work, change.theme_id)
    if change.verb == "merge":
        for theme_id, counted_in in change.before["counts_in"].items():
            _theme(work, int(theme_id)).counts_in_id = counted_in
    elif change.verb == "split":
        _put_back(work, change)
    else:
        _write(row, change.before)
    change.undone_at = work.now()
    _record(work, row, f"undo_{change.verb}", change.after, change.before)
    work.nudge("themes")
    return row.id


def _put_back(work: Work, change: ThemeChange) -> None:
    """Items that meanwhile were moved on stay where they are; what came to the new theme goes with them."""
    fresh_id = int(change.after["theme"])
    first = None
    for item_id, theme_id in change.before["items"].items():
        first = first or theme_id
        work.session.execute(
            update(PLACE)
            .where(PLACE.c.item_id == int(item_id), PLACE.c.theme_id == fresh_id)
            .values(theme_id=theme_id, by_person=False)
        )
    work.session.execute(update(PLACE).where(PLACE.c.theme_id == fresh_id).values(theme_id=first))
    _theme(work, fresh_id).counts_in_id = change.theme_id


def _set(work: Work, theme_id: int, verb: str, values: dict[str, Any]) -> int:
    demand(work.actor, Permission.ANSWER)
    row = _theme(work, theme_id)
    before = {name: _plain(getattr(row, name)) for name in values}
    _write(row, values)
    return _note(work, row, verb, before, values)


def _write(row: Theme, values: dict[str, Any]) -> None:

    for name, value in values.items():
        as_time = name.endswith("_at") and value is not None
        setattr(row, name, datetime.fromisoformat(value) if as_time else value)


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def _note(work: Work, row: Theme, verb: str, before: dict[str, Any], after: dict[str, Any]) -> int:
    change = ThemeChange(
        theme_id=row.id, verb=verb, before=before, after=after, user_id=work.actor.user_id, at=work.now()
    )
    work.session.add(change)
    work.session.flush()
    _record(work, row, verb, before, after)
    work.nudge("themes")
    return change.id


def _record(work: Work, row: Theme, verb: str, before: dict[str, Any], after: dict[str, Any]) -> None:
    audit.record(work, f"theme.{verb}", audit.Thing("theme", row.id, row.name), before=before, after=after)


def _theme(work: Work, theme_id: int) -> Theme:
    row = work.session.get(Theme, theme_id)
    if row is None:
        raise NotFoundError(_("There is no theme %(id)s.") % {"id": theme_id})
    return row
