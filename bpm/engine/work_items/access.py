"""Which work items a person sees and may change; what commands on them share."""

from collections.abc import Mapping
from typing import Any, Never, cast

from sqlalchemy import Table, exists, func, or_, select, update

from bpm import audit
from bpm.engine.instances.audit_rows import is_commanded
from bpm.engine.models import ProcessVersion, WorkItem
from bpm.engine.rules.audit_names import about
from bpm.engine.status import WorkItemStatus
from bpm.engine.task_models import Absence
from bpm.foundation.db import among
from bpm.foundation.errors import ConflictError, ForbiddenError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work, affected
from bpm.identity import Permission, get_user, may
from bpm.identity.models import User

ITEM = cast("Table", WorkItem.__table__)
ABSENCE = cast("Table", Absence.__table__)

Values = Mapping[str, Any]


def visible_to(actor: Actor) -> Any:
    """The condition under which `actor` sees a work item.

    Theirs (those that they delegated, too), of whom they stand in for, their groups', nobody's in particular, or all.
    """
    if may(actor, Permission.OPERATE):
        return ITEM.c.id.is_not(None)
    return seen_by(actor.user_id, sorted(actor.groups))


def seen_by(person: Any, groups: Any, *, of: Any = ITEM) -> Any:
    """The same for one who is no operator, from values, or from a bind parameter and the name of a list of groups.

    `of`: work items, or some of them.
    """
    theirs = among(of.c.group_key, groups) if isinstance(groups, str) else of.c.group_key.in_(groups)
    return or_(
        of.c.assignee_id == person,
        of.c.owner_id == person,
        of.c.group_key.is_(None),
        theirs,
        of.c.assignee_id.in_(select(ABSENCE.c.user_id).where(ABSENCE.c.deputy_id == person, ABSENCE.c.is_on)),
    )


def see(work: Work, item_id: int) -> Any:
    """What commands need of a work item that the actor may see, or NotFoundError."""
    query = (
        select(
            ITEM.c.id, ITEM.c.name, ITEM.c.instance_id,
            ITEM.c.due_at, ITEM.c.follow_up_at, ITEM.c.priority, ITEM.c.group_key, ITEM.c.owner_id,
            ITEM.c.status, ITEM.c.assignee_id, ITEM.c.claimed_at, ITEM.c.form, ITEM.c.element, ITEM.c.draft,
            ProcessVersion.id.label("drawn_version_id"), ProcessVersion.content_hash,
        )
        .join(ProcessVersion, ProcessVersion.id == func.coalesce(ITEM.c.called_version_id, ITEM.c.version_id))
        .where(ITEM.c.id == item_id, visible_to(work.actor))
    )  # fmt: skip
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(_("There is no work item %(id)s.") % {"id": item_id})
    return row


def write_open(work: Work, item_id: int, values: dict[str, Any]) -> None:
    """Change a work item that is open still; ConflictError says what became of it."""
    if (
        affected(work, update(ITEM).where(ITEM.c.id == item_id, ITEM.c.status == WorkItemStatus.OPEN).values(values))
        != 1
    ):
        say_who_was_first(work, item_id)
    work.nudge("work_items")


def note(work: Work, verb: str, task: tuple[int, str, int], before: Values, after: Values) -> None:
    """Put it on the trail; `task`: its id, its name, its instance."""
    if is_commanded(work):
        item_id, name, instance_id = task
        thing = audit.Thing("task", item_id, name or f"Task {item_id}", about(instance_id))
        audit.record(work, f"task.{verb}", thing, before=before, after=after)


def name_of(work: Work, user_id: int | None) -> str | None:
    """The name of a person as the trail shows it."""
    if user_id is None:
        return None
    return work.actor.display_name if user_id == work.actor.user_id else get_user(work, user_id).display_name


def person_of(work: Work) -> int:
    """The id of the person who acts; ForbiddenError for programs."""
    if work.actor.user_id is None:
        raise ForbiddenError(_("Only a person can do that."), remedy=_("Sign in."))
    return work.actor.user_id


def refuse_if_somebody_elses(work: Work, assignee_id: int | None, claimed_at: Any) -> None:
    """Raise ConflictError with who has it, unless nobody has, or the actor, or their deputy or an operator acts."""
    if assignee_id is None or assignee_id == work.actor.user_id or not work.actor.is_person:
        return
    if may(work.actor, Permission.OPERATE) or stands_in_for(work, assignee_id):
        return
    who = get_user(work, assignee_id).display_name
    text = _("%(who)s has this work item since %(at)s UTC.") if claimed_at else _("%(who)s has this work item.")
    at = f"{claimed_at:%Y-%m-%d %H:%M}" if claimed_at else ""
    raise ConflictError(text % {"who": who, "at": at}, remedy=_("Ask them to release it. Nothing was changed."))


def stands_in_for(work: Work, user_id: int) -> bool:
    """Whether that person is away now and the actor is their deputy."""
    mine = (ABSENCE.c.user_id == user_id, ABSENCE.c.deputy_id == work.actor.user_id, ABSENCE.c.is_on)
    return bool(work.session.scalar(select(exists().where(*mine))))


def say_who_was_first(work: Work, item_id: int) -> Never:
    """Raise ConflictError with who completed it when, or that its process withdrew it."""
    query = (
        select(ITEM.c.status, ITEM.c.completed_at, ITEM.c.completed_by, User.display_name)
        .outerjoin(User, User.id == ITEM.c.completed_by)
        .where(ITEM.c.id == item_id)
    )
    row = work.session.execute(query).one()
    at = f"{row.completed_at:%Y-%m-%d %H:%M:%S} UTC" if row.completed_at else _("meanwhile")
    if row.status == WorkItemStatus.COMPLETED:
        mine = row.completed_by is not None and row.completed_by == work.actor.user_id
        who = _("You") if mine else row.display_name or "Earshot"
        message = _("%(who)s completed this work item at %(at)s.") % {"who": who, "at": at}
    else:
        message = _("This work item was withdrawn by its process at %(at)s.") % {"at": at}
    raise ConflictError(message, remedy=_("Nothing that you entered was applied."))
