"""Many items given to one person in one act, with one undo that gives each back to whose it was."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.models import ItemAssignment
from bpm.processes.routing.assignments import assign, give_up

MOST = 200


@dataclass(frozen=True)
class AssignedTogether:
    """What one act gave: assignments after `behind` up to `upto`, by this person."""

    items: int
    behind: int
    upto: int


def assign_many(work: Work, item_ids: Sequence[int], user_id: int, *, override: str = "") -> AssignedTogether:
    """Give each item to the person, as alone: an untrained one gets none of them without a reason."""
    demand(work.actor, Permission.ANSWER)
    ids = list(dict.fromkeys(item_ids))
    if not 1 <= len(ids) <= MOST:
        said = _("Choose 1 to %(most)s items.") % {"most": MOST}
        raise InvalidInputError(_("Nothing was done."), remedy=said, fields={"item": said})
    behind = work.session.scalar(select(func.max(ItemAssignment.id))) or 0
    for item_id in ids:
        assign(work, item_id, user_id, override=override)
    mine = (ItemAssignment.id > behind, ItemAssignment.by_id == work.actor.user_id)
    number, upto = work.session.execute(select(func.count(), func.max(ItemAssignment.id)).where(*mine)).one()
    return AssignedTogether(number, behind, upto or behind)


def undo_assignments(work: Work, *, behind: int, upto: int) -> int:
    """Give back what this person's act gave; how many items. Those that went on to somebody else since are left."""
    demand(work.actor, Permission.ANSWER)
    row = ItemAssignment
    given = list(
        work.session.scalars(select(row).where(row.id > behind, row.id <= upto, row.by_id == work.actor.user_id))
    )
    standing = [each for each in given if each.ended_at is None]
    if not given:
        raise ConflictError(_("There is nothing to undo."), remedy=_("It was undone already, or somebody else did it."))
    for each in standing:
        former = select(row).where(row.item_id == each.item_id, row.id < each.id, row.ended_at == each.at)
        before = work.session.scalars(former.order_by(row.id.desc()).limit(1)).first()
        if before is None:
            give_up(work, each.item_id)
        else:
            assign(work, each.item_id, before.user_id, override=before.override)
    return len(standing)
