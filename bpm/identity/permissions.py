"""Who may do what: a pure table over roles."""

from enum import StrEnum

from bpm.foundation.errors import ForbiddenError
from bpm.foundation.work import Actor


class Permission(StrEnum):
    """What a route or command asks for; every route names one."""

    PUBLIC = "public"
    SIGNED_IN = "signed_in"
    WORK = "tasks.work"
    SEE_PROCESSES = "processes.see"
    DEPLOY = "processes.deploy"
    SIGN = "processes.sign"
    START = "instances.start"
    TRIGGERS = "triggers.edit"
    SEE_FEEDBACK = "feedback.see"
    ANSWER = "feedback.answer"
    IMPORT = "feedback.import"
    INSIGHTS = "insights.see"
    OPERATE = "operations.repair"
    AUDIT = "audit.read"
    ADMIN = "admin"


ROLES: dict[str, frozenset[Permission]] = {
    "designer": frozenset(
        {
            Permission.SEE_PROCESSES,
            Permission.DEPLOY,
            Permission.START,
            Permission.TRIGGERS,
            Permission.SEE_FEEDBACK,
            Permission.INSIGHTS,
        }
    ),
    "staff": frozenset(
        {Permission.WORK, Permission.SEE_PROCESSES, Permission.START, Permission.SEE_FEEDBACK, Permission.ANSWER}
    ),
    "advocate": frozenset(
        {
            Permission.WORK,
            Permission.SEE_FEEDBACK,
            Permission.ANSWER,
            Permission.IMPORT,
            Permission.SEE_PROCESSES,
        }
    ),
    "manager": frozenset(
        {
            Permission.SEE_PROCESSES,
            Permission.SIGN,
            Permission.INSIGHTS,
            Permission.SEE_FEEDBACK,
            Permission.WORK,
        }
    ),
    "operator": frozenset({Permission.OPERATE, Permission.SEE_PROCESSES, Permission.IMPORT, Permission.START}),
    "admin": frozenset(set(Permission) - {Permission.PUBLIC, Permission.SIGNED_IN}),
}
"""Role -> its permissions; a person has the union of their roles'."""


def may(actor: Actor, permission: Permission) -> bool:
    """Whether `actor` may; the system itself may everything."""
    if permission is Permission.PUBLIC or not (actor.is_person or actor.roles):
        return permission is Permission.PUBLIC or actor.name in {"system", "console"}
    if permission is Permission.SIGNED_IN:
        return True
    return any(permission in ROLES.get(role, frozenset()) for role in actor.roles)


def demand(actor: Actor, permission: Permission) -> None:
    """Raise ForbiddenError unless `actor` may."""
    if not may(actor, permission):
        raise ForbiddenError(f"This needs the permission {permission.value}.", remedy="Ask an admin for the role.")
