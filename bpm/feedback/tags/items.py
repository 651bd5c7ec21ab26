"""Tags on items: put on one or many in one act, taken off, and the act undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from bpm import audit
from bpm.feedback.items import feedback_item
from bpm.feedback.models import FeedbackItem, ItemTag, Tag
from bpm.feedback.tags.tags import ensure_tag, get_tag
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand

MOST = 200


@dataclass(frozen=True)
class Tagged:
    """What one act put on: rows after `behind` up to `upto`, by this person."""

    items: int
    behind: int
    upto: int


def tag_items(work: Work, item_ids: Sequence[int], name: str, *, group_key: str = "") -> Tagged:
    """Put the tag of that name on each item; those that have it already are left. See `ensure_tag`."""
    demand(work.actor, Permission.ANSWER)
    lasting = _lasting(work, item_ids)
    tag = ensure_tag(work, name, group_key=group_key)
    have = set(
        work.session.scalars(select(ItemTag.item_id).where(ItemTag.tag_id == tag.id, ItemTag.item_id.in_(lasting)))
    )
    behind = work.session.scalar(select(func.max(ItemTag.id))) or 0
    new = [item_id for item_id in lasting if item_id not in have]
    for item_id in new:
        work.session.add(ItemTag(item_id=item_id, tag_id=tag.id, by_id=work.actor.user_id or 0, at=work.now()))
        audit.record(work, "feedback.tag", feedback_item(item_id), before={"tag": None}, after={"tag": tag.name})
    work.session.flush()
    work.nudge("feedback")
    return Tagged(len(new), behind, work.session.scalar(select(func.max(ItemTag.id))) or behind)


def untag(work: Work, item_id: int, tag_id: int) -> str:
    """Take a tag off an item (its first version); gives its name. ConflictError where it has none."""
    demand(work.actor, Permission.ANSWER)
    tag = get_tag(work, tag_id)
    gone = delete(ItemTag).where(ItemTag.item_id == item_id, ItemTag.tag_id == tag.id).returning(ItemTag.id)
    if work.session.scalar(gone) is None:
        raise ConflictError(_("It has no such tag."))
    audit.record(work, "feedback.untag", feedback_item(item_id), before={"tag": tag.name}, after={"tag": None})
    work.nudge("feedback")
    return tag.name


def undo_tags(work: Work, *, behind: int, upto: int) -> int:
    """Take off what this person's one act put on; how many items."""
    demand(work.actor, Permission.ANSWER)
    rows = work.session.scalars(
        select(ItemTag).where(ItemTag.id > behind, ItemTag.id <= upto, ItemTag.by_id == work.actor.user_id)
    ).all()
    if not rows:
        raise ConflictError(_("There is nothing to undo."), remedy=_("It was undone already, or somebody else did it."))
    names = dict(work.session.execute(select(Tag.id, Tag.name).where(Tag.id.in_({row.tag_id for row in rows}))).all())
    for row in rows:
        before = {"tag": names[row.tag_id]}
        audit.record(work, "feedback.untag", feedback_item(row.item_id), before=before, after={"tag": None})
        work.session.delete(row)
    work.session.flush()
    work.nudge("feedback")
    return len(rows)


def tags_of(work: Work, lasting_ids: Collection[int]) -> dict[int, tuple[tuple[int, str], ...]]:
    """Item (its first version) -> [(id, name)] of its tags that the reader may see, by name."""
    found: dict[int, list[tuple[int, str]]] = {}
    ids = sorted(set(lasting_ids))
    for start in range(0, len(ids), 500):
        rows = work.session.execute(
            select(ItemTag.item_id, Tag.id, Tag.name)
            .join(Tag, Tag.id == ItemTag.tag_id)
            .where(ItemTag.item_id.in_(ids[start : start + 500]), Tag.group_key.in_(["", *sorted(work.actor.groups)]))
            .order_by(Tag.name)
        )
        for item_id, tag_id, name in rows:
            found.setdefault(item_id, []).append((tag_id, name))
    return {item_id: tuple(names) for item_id, names in found.items()}


def _lasting(work: Work, item_ids: Sequence[int]) -> list[int]:
    ids = list(dict.fromkeys(item_ids))
    if not 1 <= len(ids) <= MOST:
        said = _("Choose 1 to %(most)s items.") % {"most": MOST}
        raise InvalidInputError(_("Nothing was done."), remedy=said, fields={"item": said})
    first = func.coalesce(FeedbackItem.first_id, FeedbackItem.id)
    return sorted(set(work.session.scalars(select(first).where(FeedbackItem.id.in_(ids)))))
