"""Instances: started, advanced by one command at a time, and saved under their revision.

How a step is saved, and what keeps two from doing it at once
1. The instance is read with a row lock (PostgreSQL) inside a writing transaction (SQLite lets only one in).
2. The command is worked out purely: `execution.advance` gives a Step.
3. `UPDATE ... WHERE revision = ?` saves state and variables; if not exactly one row changed, somebody was faster and
   the whole command leaves as ConflictError with nothing kept.
4. The step goes on record (who, what, why) under its revision, and the projection writes its rows.
"""

from collections.abc import Mapping
from typing import Any, cast

from sqlalchemy import Table, bindparam, update

from bpm.engine.definitions.version_cache import (
    provide_specs,
)
from bpm.engine.events import InstanceEnded
from bpm.engine.instances.as_brought import as_brought
from bpm.engine.instances.loading import Loaded
from bpm.engine.instances.on_record import Cause, put_on_record, tell
from bpm.engine.instances.place import Place
from bpm.engine.instances.projection import project
from bpm.engine.instances.suspension import suspend_waiting
from bpm.engine.models import ProcessInstance
from bpm.engine.spiff import execution
from bpm.engine.spiff.step import Cancel, Command, Complete, JobDone, SetVariables, Step
from bpm.engine.status import ENDED, InstanceStatus
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Work, affected
from bpm.search import Changed

INSTANCE = cast("Table", ProcessInstance.__table__)


# The statements of every step, built once: building them costs more than running them.
_SAVE = (
    update(INSTANCE)
    .where(INSTANCE.c.id == bindparam("instance"), INSTANCE.c.revision == bindparam("seen"))
    .values(
        revision=bindparam("next"),
        state=bindparam("state_"),
        variables=bindparam("variables_"),
        status=bindparam("status_"),
        ended_at=bindparam("ended"),
    )
)


def advance(work: Work, loaded: Loaded, command: Command, *, cause: Cause) -> Step:
    """Work out `command`, save the instance under its revision, write what follows from it.

    A suspended instance stays suspended, and what the command began in it is held.
    """
    compiled = provide_specs(work, loaded.runnable.compiled(loaded.process_id, loaded.bindings))
    step = execution.advance(compiled, loaded.state, command, now=work.now())
    acted = None if isinstance(command, Cancel | SetVariables) else getattr(command, "uid", None)
    settled = cause.settled and isinstance(command, Complete | JobDone)
    place = loaded.place(acted=acted, settled=settled)
    keep(work, loaded, step, cause=cause, place=place, brought=as_brought(command))
    return step


def keep(
    work: Work,
    loaded: Loaded,
    step: Step,
    *,
    cause: Cause,
    place: Place,
    brought: Mapping[str, Any] | None = None,
) -> None:
    """Save an instance as `step` left it, put the step on record and write its rows at `place`."""
    _save(work, loaded, step)
    put_on_record(work, loaded.id, loaded.revision + 1, cause, step=step, brought=brought)
    project(work, place, step)
    if loaded.status == InstanceStatus.SUSPENDED and step.status not in ENDED:
        suspend_waiting(work, loaded.id)
    if step.status in ENDED:
        work.publish(InstanceEnded(loaded.id, step.status, loaded.runnable.key_of(loaded.process_id)))
    # Steps of a case that goes on are many and write little: what they bring is found when it ends or stops.
    if step.status != loaded.status or cause.command == "set_variables":
        work.publish(Changed("case", (loaded.id,)))
    tell(work, loaded.id, step, hops=cause.hops)


def see(work: Work, loaded: Loaded, uid: str) -> dict[str, Any]:
    """The variables that an open visit sees now."""
    compiled = provide_specs(work, loaded.runnable.compiled(loaded.process_id, loaded.bindings))
    return dict(execution.visible_to(compiled, loaded.state, uid))


def _save(work: Work, loaded: Loaded, step: Step) -> None:
    ended = step.status in ENDED
    saved = {
        "instance": loaded.id,
        "seen": loaded.revision,
        "next": loaded.revision + 1,
        "state_": None if ended else step.state,
        "variables_": step.variables,
        "status_": loaded.status if loaded.status == InstanceStatus.SUSPENDED and not ended else step.status,
        "ended": work.now() if ended else None,
    }
    if affected(work, _SAVE, saved) != 1:
        raise ConflictError(
            f"Instance {loaded.id} moved on in the meantime.", remedy="Nothing was changed: look again, then decide."
        )
    known = work.session.identity_map.get(work.session.identity_key(ProcessInstance, loaded.id))
    if known is not None:
        work.session.expire(known)
