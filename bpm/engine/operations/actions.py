"""What an operator may do to many at once: each act by its name, what it acts on and what it needs to know."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from bpm.engine.migration.migration import migrate_by_batch, obstacle_for_batch
from bpm.engine.operations.failures import retry, skip
from bpm.engine.operations.modification import cancel, move, resume, set_variables, suspend, visit_at
from bpm.engine.operations.restart import order_of, restart
from bpm.engine.rules.variables import admit
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.work import Work

Parameters = Mapping[str, Any]
"""What an act needs beside its target: `variables`, an element `to`, a migration `plan`."""


@dataclass(frozen=True)
class Act:
    """Something done to one target for a reason, inside the transaction it is given."""

    target: Literal["failure", "instance"]
    """What the ids of its targets are ids of."""
    do: Callable[[Work, int, Parameters, str], object]
    """(work, target id, parameters, reason); raises an EarshotError for what it will not do."""
    check: Callable[[Work, int, Parameters], str | None] | None = None
    """Why it would not be done, or None. Left out: the act itself is tried and taken back."""
    needs: tuple[str, ...] = ()
    """Parameters without which it means nothing."""
    makes: bool = False
    """Whether it makes a case, whose id it gives."""


def _retry(work: Work, failure_id: int, parameters: Parameters, reason: str) -> None:
    retry(work, failure_id, reason=reason, variables=parameters.get("variables"))


def _skip(work: Work, failure_id: int, parameters: Parameters, reason: str) -> None:
    skip(work, failure_id, parameters.get("variables"), reason=reason)


def _suspend(work: Work, instance_id: int, _parameters: Parameters, reason: str) -> None:
    suspend(work, instance_id, reason=reason)


def _resume(work: Work, instance_id: int, _parameters: Parameters, reason: str) -> None:
    resume(work, instance_id, reason=reason)


def _move(work: Work, instance_id: int, parameters: Parameters, reason: str) -> None:
    uid = visit_at(work, instance_id, parameters["from"])
    move(work, instance_id, uid, parameters["to"], parameters.get("variables"), reason=reason)


def _set_variables(work: Work, instance_id: int, parameters: Parameters, reason: str) -> None:
    set_variables(work, instance_id, parameters["variables"], reason=reason)


def _restart(work: Work, instance_id: int, parameters: Parameters, reason: str) -> int:
    return restart(work, instance_id, order_of(parameters), reason=reason).id


def _cancel(work: Work, instance_id: int, _parameters: Parameters, reason: str) -> None:
    cancel(work, instance_id, reason=reason)


ACTS: Mapping[str, Act] = {
    "retry": Act("failure", _retry),
    "skip": Act("failure", _skip),
    "move": Act("instance", _move, needs=("from", "to")),
    "suspend": Act("instance", _suspend),
    "resume": Act("instance", _resume),
    "set_variables": Act("instance", _set_variables, needs=("variables",)),
    "cancel": Act("instance", _cancel),
    "restart": Act("instance", _restart, makes=True),
    "migrate": Act("instance", migrate_by_batch, check=obstacle_for_batch, needs=("plan",)),
}

_NEEDED = {"variables": "values", "from": "the element to leave", "to": "the element to begin at", "plan": "a plan"}


def demand_act(act: str, parameters: Parameters) -> Act:
    """The act of that name; InvalidInputError when there is none, or a parameter is missing or cannot be taken."""
    if act not in ACTS:
        raise InvalidInputError(f"There is no act {act!r}.", remedy=f"Choose one of {', '.join(ACTS)}.")
    missing = [name for name in ACTS[act].needs if not parameters.get(name)]
    if missing:
        what = _NEEDED.get(missing[0], missing[0])
        raise InvalidInputError(
            f"To {act.replace('_', ' ')} needs {what}.", remedy="Add it.", fields={missing[0]: "This is needed."}
        )
    if "variables" in parameters:
        admit(parameters["variables"])
    if act == "restart":
        order_of(parameters)
    return ACTS[act]
