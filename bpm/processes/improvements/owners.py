"""The functions that own an improvement: two or more of them, each with a person where one is named."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, delete, func, select

from bpm import audit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import Group, Membership, User
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.models import Improvement, ImprovementOwner
from bpm.processes.status import ImprovementStatus

ENOUGH = 2
"""Functions that own one together: goals that one function sets alone stop at its border."""


@dataclass(frozen=True)
class OwnerRow:
    """A function that owns it; `person` is empty where nobody of it is named."""

    group_id: int
    function: str
    user_id: int | None
    person: str


def set_owners(work: Work, improvement_id: int, owners: Iterable[tuple[int, int | None]]) -> bool:
    """Exactly these (group, person of it or None) own it; False, with all kept, where they are of one function alone.

    InvalidInputError (field `owners`) for a group that is none, and for a person who is not of the group.
    """
    row, wanted = get_row(work, improvement_id), dict(owners)
    _check(work, wanted)
    before = _told(owners_of(work, row.id))
    work.session.execute(delete(ImprovementOwner).where(ImprovementOwner.improvement_id == row.id))
    work.session.add_all(
        ImprovementOwner(improvement_id=row.id, group_id=group, user_id=user) for group, user in sorted(wanted.items())
    )
    work.session.flush()
    after = _told(owners_of(work, row.id))
    if before != after:
        note(work, row, "owners", before=before, after=after)
        audit.record(work, "improvement.owners", thing(row), before={"owners": before}, after={"owners": after})
    return len(wanted) >= ENOUGH


def _check(work: Work, wanted: dict[int, int | None]) -> None:
    known = {row.id: row.name for row in work.session.execute(select(Group.id, Group.name).where(Group.id.in_(wanted)))}
    members = select(Membership.user_id).join(User, User.id == Membership.user_id).where(User.active)
    for group, user in wanted.items():
        if group not in known:
            problem = _("Choose functions of the list.")
        elif user is not None and user not in set(work.session.scalars(members.where(Membership.group_id == group))):
            problem = _("Choose a person of %(function)s.") % {"function": known[group]}
        else:
            continue
        raise InvalidInputError(_("The owners were not kept."), remedy=problem, fields={"owners": problem})


def owners_of(work: Work, improvement_id: int) -> tuple[OwnerRow, ...]:
    """The functions that own it, by name."""
    found = work.session.execute(
        select(Group.id, Group.name, ImprovementOwner.user_id, func.coalesce(User.display_name, ""))
        .join(ImprovementOwner, ImprovementOwner.group_id == Group.id)
        .outerjoin(User, User.id == ImprovementOwner.user_id)
        .where(ImprovementOwner.improvement_id == improvement_id)
        .order_by(Group.name)
    )
    return tuple(OwnerRow(*row) for row in found)


def functions_of(work: Work, improvement_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    """{improvement: the functions that own it}; those that nobody owns are not in it."""
    found: dict[int, tuple[str, ...]] = {}
    rows = work.session.execute(
        select(ImprovementOwner.improvement_id, Group.name)
        .join(Group, Group.id == ImprovementOwner.group_id)
        .where(ImprovementOwner.improvement_id.in_(improvement_ids))
        .order_by(Group.name)
    )
    for improvement_id, name in rows:
        found[improvement_id] = (*found.get(improvement_id, ()), name)
    return found


def owned_by_few() -> list[ColumnElement[bool]]:
    """Conditions on those that are under way and owned by one function alone, or by none."""
    owned = (
        select(func.count())
        .select_from(ImprovementOwner)
        .where(ImprovementOwner.improvement_id == Improvement.id)
        .scalar_subquery()
    )
    return [Improvement.status.in_((ImprovementStatus.PROPOSED, ImprovementStatus.APPROVED)), owned < ENOUGH]


def with_one_function(work: Work) -> int:
    """How many those are."""
    return work.session.scalar(select(func.count()).select_from(Improvement).where(*owned_by_few())) or 0


def _told(owners: Sequence[OwnerRow]) -> str:
    return ", ".join(f"{each.function} ({each.person})" if each.person else each.function for each in owners)
