"""How much of their open hours people have for tasks, how many they are, and how much work may lie at once."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User
from bpm.processes.economics.plans import reason_of
from bpm.processes.models import CapacityPlanRow

MOST_PEOPLE, MOST_WIP = Decimal(10_000), 1_000_000
USUAL = Decimal(1)
LISTED = 20


@dataclass(frozen=True)
class Staffing:
    """Of one group: `share` of open hours that is for tasks; `people`, where it is not who is in the group."""

    share: Decimal = USUAL
    people: Decimal | None = None
    wip: int | None = None
    """Tasks that may be open at once; None: no limit."""

    @property
    def says_nothing(self) -> bool:
        return self == Staffing()


Plan = Mapping[str, Staffing]


@dataclass(frozen=True)
class StaffingVersion:
    """A plan that held from `at` on until the next."""

    number: int
    plan: Plan
    reason: str
    by: str
    at: datetime


def get_staffing(work: Work) -> Plan:
    """Group -> what holds now; groups that nobody said anything of are not in it."""
    stored = work.session.scalar(select(CapacityPlanRow.plan).order_by(CapacityPlanRow.id.desc()).limit(1))
    return staffing_of(stored or {})


def list_staffing(work: Work) -> tuple[StaffingVersion, ...]:
    """The newest first."""
    rows = work.session.execute(
        select(CapacityPlanRow, User.display_name)
        .outerjoin(User, User.id == CapacityPlanRow.user_id)
        .order_by(CapacityPlanRow.id.desc())
        .limit(LISTED)
    )
    return tuple(StaffingVersion(row.id, staffing_of(row.plan), row.reason, name or "", row.at) for row, name in rows)


def save_staffing(work: Work, plan: Plan, *, reason: str) -> None:
    """Let it hold from now on; for managers, with a reason. InvalidInputError for what cannot be."""
    demand(work.actor, Permission.SIGN)
    why = reason_of(reason)
    for group, each in plan.items():
        _demand_usable(group, each)
    before, after = as_plain(get_staffing(work)), as_plain(plan)
    row = CapacityPlanRow(plan=after, reason=why, user_id=work.actor.user_id, at=work.now())
    work.session.add(row)
    work.session.flush()
    thing = audit.Thing("capacity plan", row.id)
    audit.record(work, "capacity.plan", thing, before=before, after=after, reason=why)


def _demand_usable(group: str, each: Staffing) -> None:
    words = {"group": group}
    if not 0 < each.share <= 1:
        raise InvalidInputError(
            _("%(group)s: the part of hours for tasks lies above 0 and up to 100 %%.") % words,
            remedy=_("Write a number such as 80."), fields={f"share-{group}": "?"},
        )  # fmt: skip
    if each.people is not None and not 0 <= each.people <= MOST_PEOPLE:
        raise InvalidInputError(
            _("%(group)s: so many people there are not.") % words, remedy=_("Write a number such as 3 or 2.5.")
        )
    if each.wip is not None and not 0 <= each.wip <= MOST_WIP:
        raise InvalidInputError(
            _("%(group)s: a limit of open tasks is a number from 0 on.") % words, remedy=_("Leave it empty for none.")
        )


def as_plain(plan: Plan) -> dict[str, Any]:
    """As it is stored."""
    return {
        group: {
            "share": str(each.share), "people": None if each.people is None else str(each.people), "wip": each.wip
        }
        for group, each in sorted(plan.items())
        if not each.says_nothing
    }  # fmt: skip


def staffing_of(stored: Mapping[str, Any]) -> Plan:
    """As it was stored."""
    return {
        group: Staffing(
            Decimal(each["share"]), None if each["people"] is None else Decimal(each["people"]), each["wip"]
        )
        for group, each in stored.items()
    }  # fmt: skip
