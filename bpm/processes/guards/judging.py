"""What a guard says of a contact, from facts alone: nothing, that it is not needed, or that it has to wait. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bpm.foundation.texts import _
from bpm.processes.service_tasks.tracking_lookup import last_status, tracking_state
from bpm.processes.status import GuardEffect, GuardRule

RULES: Mapping[GuardRule, str] = {
    GuardRule.TRACKING: _("Tracking shows it as received"),
    GuardRule.VARIABLE: _("A value of the case is"),
    GuardRule.SAID_SINCE: _("The customer said something since the task opened"),
    GuardRule.INCIDENT: _("An open incident hits the customer"),
    GuardRule.CONSENT: _("The customer took back that they may be called"),
    GuardRule.QUIET_HOURS: _("It is quiet time where the customer is"),
    GuardRule.PROMISE: _("The customer was promised an answer that is still to come"),
}
"""Rule -> its words."""


@dataclass(frozen=True)
class GuardFacts:
    """What is known when somebody is about to be contacted."""

    variables: Mapping[str, Any] = field(default_factory=dict)
    said_since: datetime | None = None
    """When the customer last said something after the task opened."""
    incident: str = ""
    """Title of the open incident that hits them."""
    calls_withdrawn: bool = False
    quiet_until: datetime | None = None
    promise: str = ""
    promised_until: datetime | None = None


@dataclass(frozen=True)
class Guard:
    """One guard of an element."""

    id: int
    rule: GuardRule
    effect: GuardEffect
    variable: str = ""
    value: str = ""
    go_to: str = ""
    """Element at which the case goes on when the contact is avoided; empty: behind the task."""


@dataclass(frozen=True)
class Finding:
    """Why a contact is not to be made, or not now; `until` is when a pause ends, where that is known."""

    guard: Guard
    reason: str
    until: datetime | None = None


def judge(guards: tuple[Guard, ...], facts: GuardFacts) -> Finding | None:
    """The first guard that finds the contact needless, else the first that lets it wait; None: nothing against it."""
    found = [finding for guard in guards if (finding := _SAYS[guard.rule](guard, facts))]
    avoiding = [each for each in found if each.guard.effect is GuardEffect.AVOID]
    return next(iter(avoiding or found), None)


def _tracking(guard: Guard, facts: GuardFacts) -> Finding | None:
    status, at = last_status(facts.variables)
    if tracking_state(status) != "received":
        return None
    return Finding(guard, _("Tracking shows it as received: “%(status)s”%(at)s.") % {"status": status, "at": at})


def _variable(guard: Guard, facts: GuardFacts) -> Finding | None:
    value = facts.variables.get(guard.variable)
    if value is None or _plain(value) != guard.value.strip().casefold():
        return None
    return Finding(guard, _("%(name)s is %(value)s.") % {"name": guard.variable, "value": guard.value.strip()})


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value).strip().casefold()


def _said_since(guard: Guard, facts: GuardFacts) -> Finding | None:
    if facts.said_since is None:
        return None
    return Finding(guard, _("The customer wrote at %(at)s: read that first.") % {"at": f"{facts.said_since:%H:%M} UTC"})


def _incident(guard: Guard, facts: GuardFacts) -> Finding | None:
    if not facts.incident:
        return None
    return Finding(guard, _("“%(title)s” hits this customer; its updates reach them.") % {"title": facts.incident})


def _consent(guard: Guard, facts: GuardFacts) -> Finding | None:
    return Finding(guard, _("They took back that they may be called.")) if facts.calls_withdrawn else None


def _quiet_hours(guard: Guard, facts: GuardFacts) -> Finding | None:
    if facts.quiet_until is None:
        return None
    said = _("It is quiet time where they are, until %(until)s.") % {"until": f"{facts.quiet_until:%H:%M} UTC"}
    return Finding(guard, said, facts.quiet_until)


def _promise(guard: Guard, facts: GuardFacts) -> Finding | None:
    if not facts.promise:
        return None
    return Finding(guard, _("They were promised: %(promise)s") % {"promise": facts.promise}, facts.promised_until)


_SAYS = {
    GuardRule.TRACKING: _tracking,
    GuardRule.VARIABLE: _variable,
    GuardRule.SAID_SINCE: _said_since,
    GuardRule.INCIDENT: _incident,
    GuardRule.CONSENT: _consent,
    GuardRule.QUIET_HOURS: _quiet_hours,
    GuardRule.PROMISE: _promise,
}
