"""The tags there are: everybody's, and those of one's teams; made, renamed, merged."""

from dataclasses import dataclass

from sqlalchemy import delete, func, or_, select, update

from bpm import audit
from bpm.feedback.models import ItemTag, Tag
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand, may
from bpm.search import Changed

LONGEST, MOST = 60, 500


@dataclass(frozen=True)
class TagRow:
    """A tag, whose it is (empty: everybody's), and on how many items."""

    id: int
    name: str
    group_key: str
    items: int


def list_tags(work: Work) -> tuple[TagRow, ...]:
    """Everybody's and those of the reader's teams, by name; administrators see all."""
    query = (
        select(Tag.id, Tag.name, Tag.group_key, func.count(ItemTag.id))
        .outerjoin(ItemTag, ItemTag.tag_id == Tag.id)
        .where(Tag.merged_into_id.is_(None))
        .group_by(Tag.id, Tag.name, Tag.group_key)
        .order_by(Tag.name, Tag.group_key)
        .limit(MOST)
    )
    if not may(work.actor, Permission.ADMIN):
        query = query.where(or_(Tag.group_key == "", Tag.group_key.in_(sorted(work.actor.groups))))
    return tuple(TagRow(*row) for row in work.session.execute(query))


def ensure_tag(work: Work, name: str, *, group_key: str = "") -> Tag:
    """The tag of that name: the reader's team's, else everybody's; made where there is none (of `group_key`)."""
    demand(work.actor, Permission.ANSWER)
    assert work.actor.user_id is not None  # noqa: S101 (only people have the right)
    wanted = _name(name)
    if group_key and group_key not in work.actor.groups:
        raise ForbiddenError(_("You are not in this group."), remedy=_("Choose a group of yours, or everybody."))
    groups = [group_key] if group_key else ["", *sorted(work.actor.groups)]
    known = select(Tag).where(Tag.name == wanted, Tag.group_key.in_(groups), Tag.merged_into_id.is_(None))
    row = work.session.scalars(known.order_by(Tag.group_key.desc()).limit(1)).first()
    if row is None:
        row = Tag(name=wanted, group_key=group_key, created_by=work.actor.user_id, created_at=work.now())
        work.session.add(row)
        work.session.flush()
        audit.record(work, "tag.make", thing(row), before={"tag": None}, after={"tag": wanted, "group": group_key})
    return row


def get_tag(work: Work, tag_id: int) -> Tag:
    """A tag that the actor may use, or the one that it was merged into; NotFoundError for any other."""
    row = work.session.get(Tag, tag_id)
    if row is not None and row.merged_into_id is not None:
        row = work.session.get(Tag, row.merged_into_id)
    is_theirs = row is not None and (row.group_key in {"", *work.actor.groups} or may(work.actor, Permission.ADMIN))
    if row is None or not is_theirs:
        raise NotFoundError(_("There is no such tag of yours."))
    return row


def rename_tag(work: Work, tag_id: int, name: str) -> None:
    """Give it another name; ConflictError where there is such a one: merge them."""
    demand(work.actor, Permission.ANSWER)
    row, wanted = get_tag(work, tag_id), _name(name)
    taken = select(Tag.id).where(
        Tag.name == wanted, Tag.group_key == row.group_key, Tag.merged_into_id.is_(None), Tag.id != row.id
    )
    if work.session.scalar(taken) is not None:
        raise ConflictError(_("There is a tag %(name)s.") % {"name": wanted}, remedy=_("Merge the two."))
    before = row.name
    row.name = wanted
    work.session.flush()
    audit.record(work, "tag.rename", thing(row), before={"name": before}, after={"name": wanted})
    _changed(work, row.id)


def merge_tags(work: Work, tag_id: int, *, into: int) -> int:
    """Put its items under another tag; addresses and views that name it lead there. Gives how many items moved."""
    demand(work.actor, Permission.ANSWER)
    gone, kept = get_tag(work, tag_id), get_tag(work, into)
    if gone.id == kept.id:
        raise InvalidInputError(_("This is the same tag."), remedy=_("Choose another one."))
    if gone.group_key != kept.group_key and kept.group_key:
        raise InvalidInputError(
            _("A tag goes to one of the same team, or to one of everybody's."), remedy=_("Choose another one.")
        )
    there = select(ItemTag.item_id).where(ItemTag.tag_id == kept.id)
    work.session.execute(delete(ItemTag).where(ItemTag.tag_id == gone.id, ItemTag.item_id.in_(there)))
    moving = update(ItemTag).where(ItemTag.tag_id == gone.id).values(tag_id=kept.id).returning(ItemTag.item_id)
    moved = work.session.scalars(moving.execution_options(synchronize_session=False)).all()
    gone.merged_into_id = kept.id
    earlier = update(Tag).where(Tag.merged_into_id == gone.id).values(merged_into_id=kept.id)
    work.session.execute(earlier)  # so that every merged tag leads to a living one in one step
    work.session.flush()
    before, after = {"tag": gone.name}, {"tag": kept.name, "items": len(moved)}
    audit.record(work, "tag.merge", thing(gone), before=before, after=after)
    _changed(work, kept.id)
    return len(moved)


def thing(row: Tag) -> audit.Thing:
    """The tag as the audit trail names it."""
    return audit.Thing("tag", row.id, row.name)


def _changed(work: Work, tag_id: int) -> None:
    items = work.session.scalars(select(ItemTag.item_id).where(ItemTag.tag_id == tag_id)).all()
    work.publish(Changed("item", tuple(items)))
    work.nudge("feedback")


def _name(written: str) -> str:
    name = " ".join(written.casefold().split())
    if not name or len(name) > LONGEST:
        problem = _("A tag has 1 to %(most)s characters.") % {"most": LONGEST}
        raise InvalidInputError(_("Nothing was tagged."), remedy=problem, fields={"tag": problem})
    return name
