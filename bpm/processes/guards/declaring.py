"""Guards declared for elements of processes, on a screen or with the product, and the book of those in force.

A process reads the book again when a guard of its own changed, and else every few seconds: a guard that another
process just declared is in force within that time, and no step of a case costs a statement for it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.engine.events import VersionWentLive
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.lately import Lately
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.processes.guards.judging import Guard
from bpm.processes.models import CallGuard
from bpm.processes.status import GuardEffect, GuardRule

SHIPPED = {("returns", "call_customer"): (GuardRule.TRACKING, "note_avoided_call")}
"""(process, element) -> rule and where the case goes on: the guards that come with the shipped processes."""


@dataclass(frozen=True)
class Book:
    """The guards in force: (key of the process, element) -> guards."""

    guards: Mapping[tuple[str, str], tuple[Guard, ...]]
    elements: frozenset[str]


def _read(work: Work) -> Book:
    found: dict[tuple[str, str], tuple[Guard, ...]] = {}
    for row in work.session.scalars(select(CallGuard).where(CallGuard.ended_at.is_(None)).order_by(CallGuard.id)):
        guard = Guard(row.id, row.rule, row.effect, row.variable, row.value, row.go_to)
        found[row.definition_key, row.element] = (*found.get((row.definition_key, row.element), ()), guard)
    return Book(found, frozenset(element for _key, element in found))


IN_FORCE = Lately(_read)
"""The guards in force."""


def declare_guard(
    work: Work, key: str, element: str, *, rule: str, effect: str, variable: str = "", value: str = "", go_to: str = ""
) -> CallGuard:
    """Put a guard before a user task of the live version of the process `key`; in force from now on.

    InvalidInputError for an element that is no user task there, an unknown rule, or a rule without its variable.
    """
    demand(work.actor, Permission.DEPLOY)
    elements = _live_elements(work, key)
    if elements.get(element) != "userTask":
        raise _unfit(_("There is no such task in the live version."), "element", _("Choose a task."))
    if go_to and go_to not in elements:
        raise _unfit(_("There is no such step in the live version."), "go_to", _("Give the id of a step, or nothing."))
    if rule not in set(GuardRule) or effect not in set(GuardEffect):
        raise _unfit(_("There is no such rule."), "rule", _("Choose one."))
    if rule == GuardRule.VARIABLE and not (variable.strip() and value.strip()):
        raise _unfit(_("Which value?"), "variable", _("Name the variable and the value."))
    row = _add(work, key, element, GuardRule(rule), GuardEffect(effect), go_to=go_to)
    row.variable, row.value = variable.strip()[:200], value.strip()[:400]
    work.session.flush()
    after = {"process": key, "element": element, "rule": rule, "effect": effect, "go_to": go_to}
    audit.record(work, "guard.declare", _thing(row), before={"guard": None}, after=after)
    IN_FORCE.forget(work)
    return row


def _add(work: Work, key: str, element: str, rule: GuardRule, effect: GuardEffect, *, go_to: str) -> CallGuard:
    row = CallGuard(
        definition_key=key, element=element, rule=rule, effect=effect, go_to=go_to, created_by=work.actor.user_id,
        created_at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    return row


def end_guard(work: Work, guard_id: int) -> CallGuard:
    """Take a guard away; what it did stays on record."""
    demand(work.actor, Permission.DEPLOY)
    row = work.session.get(CallGuard, guard_id)
    if row is None:
        raise NotFoundError(_("There is no guard %(id)s.") % {"id": guard_id})
    if row.ended_at is None:
        row.ended_at, row.ended_by = work.now(), work.actor.user_id
        audit.record(work, "guard.end", _thing(row), before={"in_force": True}, after={"in_force": False})
        IN_FORCE.forget(work)
    return row


def on_live(work: Work, event: VersionWentLive) -> None:
    """The guards that come with a shipped process are made when it goes live for the first time."""
    wanted = {element: made for (key, element), made in SHIPPED.items() if key == event.key}
    if not wanted:
        return
    known = set(work.session.scalars(select(CallGuard.element).where(CallGuard.definition_key == event.key)))
    elements = _live_elements(work, event.key)
    for element, (rule, go_to) in wanted.items():
        if element not in known and element in elements and go_to in elements:
            _add(work, event.key, element, rule, GuardEffect.AVOID, go_to=go_to)
            IN_FORCE.forget(work)


def _live_elements(work: Work, key: str) -> dict[str, str]:
    """Id -> type of the elements of the live version."""
    live = select(ProcessVersion.elements).join(
        ProcessDefinition, ProcessDefinition.live_version_id == ProcessVersion.id
    )
    found = work.session.scalar(live.where(ProcessDefinition.key == key)) or []
    return {each["id"]: each["type"] for each in found}


def _unfit(message: str, field: str, remedy: str) -> InvalidInputError:
    return InvalidInputError(message, remedy=remedy, fields={field: remedy})


def _thing(row: CallGuard) -> audit.Thing:
    return audit.Thing("guard", row.id, f"Guard of {row.definition_key}, {row.element}")
