"""An item becomes one person's, by hand or by itself: never somebody's untrained unless a reason is on record."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import exists, func, select, update

from bpm import audit, notices
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.engine.task_models import Absence
from bpm.feedback.events import ItemDecided
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Classification
from bpm.feedback.queries import list_oldest_untouched
from bpm.feedback.queries.item_rows import ITEM
from bpm.foundation.bus import Bus
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import SYSTEM, Transactions, Work, affected
from bpm.identity import Permission, actor_of, demand, get_user, list_users, may
from bpm.identity.models import User
from bpm.processes.models import ItemAssignment, Presence
from bpm.processes.routing.choosing import Candidate, Choice, Need, choose
from bpm.processes.routing.skills import asked_skill, list_trainings, trained, untrained_because
from bpm.processes.routing.store import get_table, lands_in
from bpm.processes.routing.table import ADVOCATES

AT_ONCE = 50
LOOKED_BACK = timedelta(days=30)
"""Older items are given to nobody by themselves."""


class UntrainedError(InvalidInputError):
    """Somebody without the training that counts today is not given the item, unless a reason is said."""


@dataclass(frozen=True)
class Owner:
    """Whose an item is."""

    user_id: int
    name: str
    since: datetime
    why: str
    override: str


def assign(work: Work, item_id: int, user_id: int, *, override: str = "") -> None:
    """Give an item to a person. UntrainedError names what is missing; with `override` it is given all the same."""
    demand(work.actor, Permission.ANSWER)
    item, person = get_current(work, item_id), get_user(work, user_id)
    if not person.active or not may(actor_of(person), Permission.ANSWER):
        other = _("Choose somebody else.")
        told = _("%(name)s does not answer customers.") % {"name": person.display_name}
        raise InvalidInputError(told, remedy=other, fields={"person": f"{told} {other}"})
    missing = demand_training(work, person, item.id, override=override)
    why = override.strip()[:600] if missing else ""
    _give(work, item.first_id or item.id, person, Choice(user_id, ""), override=why)


def demand_training(work: Work, person: User, item_id: int, *, override: str) -> bool:
    """Whether the person lacks the training that the item's topic asks for, and gets it for the reason `override`.

    UntrainedError without a reason.
    """
    missing = untrained_because(person.id, topic_of(work, item_id), list_trainings(work), on=work.now().date())
    if missing is None:
        return False
    if override.strip():
        return True
    ended = f" ({_('expired on')} {missing['expired_on']})" if missing["expired_on"] else ""
    words = {"name": person.display_name, "skill": missing["skill"], "ended": ended}
    told = _("%(name)s is not trained for %(skill)s%(ended)s.") % words
    remedy = _("Choose somebody who is, or say why all the same.")
    raise UntrainedError(told, remedy=remedy, fields={"override": f"{told} {remedy}"})


def give_up(work: Work, item_id: int) -> None:
    """The item is nobody's in particular again; ConflictError when it is not."""
    demand(work.actor, Permission.ANSWER)
    item = get_current(work, item_id)
    before = owners(work, [item.first_id or item.id]).get(item.first_id or item.id)
    if before is None or not _end(work, item.first_id or item.id):
        raise ConflictError(_("It is nobody's in particular."), remedy=_("Nothing was changed."))
    told = {"person": before.name}, {"person": None}
    audit.record(work, "feedback.give_up", feedback_item(item.id), before=told[0], after=told[1])
    work.nudge("feedback")


def owners(work: Work, lasting_ids: Collection[int]) -> dict[int, Owner]:
    """Item (its first version) -> whose it is now."""
    rows = work.session.execute(
        select(ItemAssignment, User.display_name)
        .join(User, User.id == ItemAssignment.user_id)
        .where(ItemAssignment.item_id.in_(lasting_ids), ItemAssignment.ended_at.is_(None))
    )
    return {row.item_id: Owner(row.user_id, name, row.at, row.why, row.override) for row, name in rows}


def topic_of(work: Work, item_id: int) -> str | None:
    """What the item is about, as far as it is known."""
    return work.session.scalar(
        select(Classification.topic).where(Classification.item_id == item_id, Classification.current)
    )


def set_presence(work: Work, *, is_away: bool) -> None:
    """The actor takes new items from now on, or does not."""
    if work.actor.user_id is None:
        return
    row = work.session.get(Presence, work.actor.user_id)
    before = row.is_away if row is not None else False
    if row is None:
        row = Presence(user_id=work.actor.user_id, is_away=is_away, since=work.now())
        work.session.add(row)
    if row.is_away != is_away:
        row.is_away, row.since = is_away, work.now()
    work.session.flush()
    thing = audit.Thing("person", work.actor.user_id, work.actor.display_name)
    audit.record(work, "presence.set", thing, before={"away": before}, after={"away": is_away})


def is_away(work: Work, user_id: int) -> bool:
    """Whether somebody said that they take nothing new, or an absence of theirs is in force."""
    said = exists().where(Presence.user_id == user_id, Presence.is_away)
    absent = exists().where(Absence.user_id == user_id, Absence.is_on)
    return bool(work.session.scalar(select(said | absent)))


def people_in(work: Work, inbox: str) -> list[User]:
    """The active people of an inbox who answer customers: of the role advocate, or of the group."""
    users = (user for user in list_users(work) if user.active and may(actor_of(user), Permission.ANSWER))
    if inbox == ADVOCATES:
        return [user for user in users if "advocate" in user.roles]
    return [user for user in users if inbox in {group.key for group in user.groups}]


def candidates(work: Work, inbox: str) -> list[Candidate]:
    """The people of an inbox with their load, whether they are here, and who stands in for them."""
    people = people_in(work, inbox)
    loads = _loads(work, [user.id for user in people])
    away = set(work.session.scalars(select(Presence.user_id).where(Presence.is_away)))
    absences = work.session.execute(select(Absence.user_id, Absence.deputy_id).where(Absence.is_on))
    deputies = {row.user_id: row.deputy_id for row in absences}
    return [
        Candidate(
            user.id, user.display_name, loads.get(user.id, 0),
            is_away=user.id in away or user.id in deputies, deputy_id=deputies.get(user.id),
        )
        for user in people
    ]  # fmt: skip


def _loads(work: Work, people: Sequence[int]) -> dict[int, int]:
    found: dict[int, int] = {}
    items = (
        select(ItemAssignment.user_id, func.count())
        .where(ItemAssignment.user_id.in_(people), ItemAssignment.ended_at.is_(None))
        .group_by(ItemAssignment.user_id)
    )
    tasks = (
        select(WorkItem.assignee_id, func.count())
        .where(WorkItem.assignee_id.in_(people), WorkItem.status == WorkItemStatus.OPEN)
        .group_by(WorkItem.assignee_id)
    )
    for query in (items, tasks):
        for user_id, number in work.session.execute(query):
            if user_id is not None:
                found[user_id] = found.get(user_id, 0) + number
    return found


def sweep_assignments(unit_of_work: Transactions) -> int:
    """Give new items of the inboxes that want it to their people; how many were given."""
    with unit_of_work.reading() as work:
        inboxes = sorted(get_table(work).assigning)
    given = 0
    for inbox in inboxes:
        with unit_of_work() as work:
            given += assign_new(work, inbox)
    return given


def assign_new(work: Work, inbox: str) -> int:
    """Give what landed in the inbox and is nobody's to its people, one after the other, the oldest first."""
    table, trainings, today = get_table(work), list_trainings(work), work.now().date()
    waiting = list_oldest_untouched(
        work, where=[lands_in(table, inbox), ~exists().where(_owned())], since=work.now() - LOOKED_BACK, limit=AT_ONCE
    )
    people = candidates(work, inbox) if waiting else []
    given = 0
    for row in waiting:
        skill = asked_skill(row.topic, trainings)
        choice = choose(people, Need(skill, trained(skill, trainings, on=today) if skill else frozenset()))
        if choice.user_id is not None:
            _give(replace(work, actor=SYSTEM), row.first_id, get_user(work, choice.user_id), choice)
            people = [replace(each, load=each.load + (each.user_id == choice.user_id)) for each in people]
            given += 1
    return given


def _owned() -> Any:
    lasting = func.coalesce(ITEM.c.first_id, ITEM.c.id)
    return (ItemAssignment.item_id == lasting) & ItemAssignment.ended_at.is_(None)


def _give(work: Work, lasting_id: int, person: User, choice: Choice, *, override: str = "") -> None:
    before = owners(work, [lasting_id]).get(lasting_id)
    if before is not None and before.user_id == person.id:
        return
    now = work.now()
    _end(work, lasting_id, now)
    row = ItemAssignment(
        item_id=lasting_id, user_id=person.id, by_id=work.actor.user_id, at=now, why=choice.why,
        override=override,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"person": person.display_name, **({"untrained, because": override} if override else {})}
    if choice.why:
        after["why"] = choice.why
    told = {"person": before.name if before else None}
    audit.record(work, "feedback.assign", feedback_item(lasting_id), before=told, after=after, reason=override or None)
    subject = _("Feedback %(number)s is yours to deal with. %(why)s") % {"number": lasting_id, "why": choice.why}
    notices.raise_for(
        work, [person.id], "assigned", subject.strip(), f"/inbox/{lasting_id}",
        about=("feedback", lasting_id), key=f"item:{row.id}",
    )  # fmt: skip
    work.nudge("feedback")


def _end(work: Work, lasting_id: int, at: datetime | None = None) -> bool:
    ending = update(ItemAssignment).where(ItemAssignment.item_id == lasting_id, ItemAssignment.ended_at.is_(None))
    return affected(work, ending.values(ended_at=at or work.now())) == 1


def on_decided(work: Work, event: ItemDecided) -> None:
    """What is decided is on nobody's desk any more."""
    item = get_current(work, event.item_id)
    _end(work, item.first_id or item.id)


def wire(bus: Bus) -> None:
    """Let decisions take items off desks."""
    bus.subscribe(ItemDecided, on_decided)
