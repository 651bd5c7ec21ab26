"""Who may do what: a pure table over roles."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
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
    RAW = "feedback.raw"
    INSIGHTS = "insights.see"
    OPERATE = "operations.repair"
    ROLL_UP = "rollup.see"
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
    "chief_customer": frozenset(
        {
            Permission.ROLL_UP,
            Permission.INSIGHTS,
            Permission.SEE_PROCESSES,
            Permission.SEE_FEEDBACK,
        }
    ),
    "guest": frozenset({Permission.SEE_FEEDBACK, Permission.SEE_PROCESSES}),
    "answering_guest": frozenset({Permission.SEE_FEEDBACK, Permission.SEE_PROCESSES, Permission.ANSWER}),
    "admin": frozenset(set(Permission) - {Permission.PUBLIC, Permission.SIGNED_IN}),
}
"""Role -> its permissions; a person has the union of their roles'."""
OF_GUESTS = frozenset({"guest", "answering_guest"})
"""Roles that are meant for one case or conversation."""


def roles_with(permission: Permission) -> tuple[str, ...]:
    """The roles that come with a permission, but those of guests and of an administrator, who may everything."""
    found = (role for role, allowed in ROLES.items() if permission in allowed and role not in OF_GUESTS)
    return tuple(sorted(set(found) - {"admin"})) or ("admin",)


class ScopeKind(StrEnum):
    """What a grant may be limited to."""

    EVERYWHERE = "everywhere"
    PROCESS = "process"
    CASE = "case"
    CONVERSATION = "conversation"
    INBOX = "inbox"


@dataclass(frozen=True)
class Scope:
    """One thing that a grant is limited to: the process of that key, the case or conversation of that number."""

    kind: ScopeKind
    key: str


@dataclass(frozen=True)
class Grant:
    """A role that somebody has, everywhere or for one thing, perhaps until an instant."""

    role: str
    scope: Scope
    expires_at: datetime | None = None
    own: tuple[str, ...] | None = None
    """Permissions of the role where it is one of the installation's own."""

    def permissions(self) -> frozenset[Permission]:
        """What the role allows; nothing for a role that is gone."""
        if self.own is None:
            return ROLES.get(self.role, frozenset())
        return frozenset(each for each in Permission if each in self.own)


def granted(grants: Iterable[Grant], now: datetime) -> tuple[frozenset[str], frozenset[tuple[str, str, str]]]:
    """(what is granted everywhere, what for one thing) at an instant, in the shape that an `Actor` carries."""
    everywhere: set[str] = set()
    scoped: set[tuple[str, str, str]] = set()
    for grant in grants:
        if grant.expires_at is not None and grant.expires_at <= now:
            continue
        if grant.scope.kind is ScopeKind.EVERYWHERE:
            everywhere |= grant.permissions()
        else:
            scoped |= {(each, grant.scope.kind, grant.scope.key) for each in grant.permissions()}
    return frozenset(map(str, everywhere)), frozenset((str(what), str(kind), key) for what, kind, key in scoped)


def may(actor: Actor, permission: Permission, *, on: Scope | None = None) -> bool:
    """Whether `actor` may, everywhere or `on` that thing; the system itself may everything."""
    if permission is Permission.PUBLIC or not (actor.is_person or actor.roles):
        return permission is Permission.PUBLIC or actor.name in {"system", "console"}
    if permission is Permission.SIGNED_IN:
        return True
    if on is not None and (str(permission), str(on.kind), on.key) in actor.scoped:
        return True
    return permission in actor.permissions or any(permission in ROLES.get(role, frozenset()) for role in actor.roles)


def demand(actor: Actor, permission: Permission, *, on: Scope | None = None) -> None:
    """Raise ForbiddenError unless `actor` may."""
    if not may(actor, permission, on=on):
        raise ForbiddenError(f"This needs the permission {permission.value}.", remedy="Ask an admin for the role.")


def is_privileged(actor: Actor) -> bool:
    """Whether the actor administers or puts processes live: their sessions end sooner, a second factor may be asked."""
    return may(actor, Permission.ADMIN) or may(actor, Permission.DEPLOY)


PERMISSION_WORDS: Mapping[Permission, str] = {
    Permission.WORK: "Work on tasks",
    Permission.SEE_PROCESSES: "See processes and cases",
    Permission.DEPLOY: "Deploy processes",
    Permission.SIGN: "Sign versions",
    Permission.START: "Start cases",
    Permission.TRIGGERS: "Write triggers",
    Permission.SEE_FEEDBACK: "Read feedback",
    Permission.ANSWER: "Answer customers",
    Permission.IMPORT: "Import feedback",
    Permission.RAW: "Open and erase private data",
    Permission.INSIGHTS: "See insights",
    Permission.OPERATE: "Repair cases",
    Permission.ROLL_UP: "See all functions at once",
    Permission.AUDIT: "Read the audit trail",
}
"""What a role of one's own may be made of, in words; administration is the role admin alone."""
