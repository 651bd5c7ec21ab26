"""Guards declared for elements of processes, on a screen or with the product, and the book of those in force.

A process reads the book again when a guard of its own changed, and else every few seconds: a guard that another
process just declared is in force within that time, and no step of a case costs a statement for it.
"""

from collections.abc import Iterable, Mapping
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
BY_MODEL = _("The model of the version that went live says so.")
Mark = tuple[str, str, str, str, str]
"""Rule, effect, variable, value, where the case goes on."""


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
    """The guards that the version's model declares are in force from now on, and those of the one before no more.

    What a shipped process brings with it beside its model is made when it goes live for the first time.
    """
    known = list(work.session.scalars(select(CallGuard).where(CallGuard.definition_key == event.key)))
    declared = _declared(work, event.version_id)
    wanted = {element: made for (key, element), made in SHIPPED.items() if key == event.key}
    if declared or any(row.version_id for row in known):
        _follow_model(work, event, declared, [row for row in known if row.ended_at is None])
    if not wanted:
        return
    elements, there = _live_elements(work, event.key), {row.element for row in known}
    for element, (rule, go_to) in wanted.items():
        is_declared = any(place == element for place, _mark in declared)
        if element not in there and not is_declared and element in elements and go_to in elements:
            _add(work, event.key, element, rule, GuardEffect.AVOID, go_to=go_to)
            IN_FORCE.forget(work)


def _declared(work: Work, version_id: int) -> list[tuple[str, Mark]]:
    """(element, guard) as the model of the version has them."""
    elements = work.session.scalar(select(ProcessVersion.elements).where(ProcessVersion.id == version_id)) or []
    return [
        (each["id"], (mark["rule"], mark["effect"], mark["variable"], mark["value"], mark["go_to"]))
        for each in elements
        for mark in each.get("guards") or ()
    ]


def _follow_model(
    work: Work, event: VersionWentLive, declared: Iterable[tuple[str, Mark]], there: Iterable[CallGuard]
) -> None:
    """What the model still says stays with its figures, whoever put it up first; what is new begins, the rest ends."""
    standing = {
        (row.element, (str(row.rule), str(row.effect), row.variable, row.value, row.go_to)): row for row in there
    }
    for place in declared:
        row = standing.pop(place, None)
        if row is not None:
            continue
        element, (rule, effect, variable, value, go_to) = place
        row = _add(work, event.key, element, GuardRule(rule), GuardEffect(effect), go_to=go_to)
        row.variable, row.value, row.version_id = variable, value, event.version_id
        after = {"process": event.key, "element": element, "rule": rule, "effect": effect, "go_to": go_to}
        audit.record(work, "guard.declare", _thing(row), before={"guard": None}, after=after, reason=BY_MODEL)
    for row in standing.values():
        if row.version_id is not None:
            row.ended_at, row.ended_by = work.now(), work.actor.user_id
            audit.record(work, "guard.end", _thing(row), before={"in_force": True}, after={"in_force": False},
                         reason=BY_MODEL)  # fmt: skip
    work.session.flush()
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
