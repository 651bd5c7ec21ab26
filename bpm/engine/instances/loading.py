"""Instances as they are read for one command."""

from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Select, Table, select
from sqlalchemy.orm import undefer

from bpm.engine.definitions.service_targets import Targets
from bpm.engine.definitions.version_cache import (
    Bindings,
    Runnable,
    runnable,
)
from bpm.engine.instances.place import Place
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.engine.status import RUNNING, InstanceStatus
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.work import Work

INSTANCE = cast("Table", ProcessInstance.__table__)
VERSION = cast("Table", ProcessVersion.__table__)
DEFINITION = cast("Table", ProcessDefinition.__table__)
_TARGETS = (
    select(DEFINITION.c.service_targets)
    .where(DEFINITION.c.id == VERSION.c.definition_id)
    .scalar_subquery()
    .label("service_targets")
)


class SuspendedError(ConflictError):
    """The instance is suspended: nothing in it moves until an operator resumes it."""


@dataclass(frozen=True)
class Loaded:
    """An instance as read for one command."""

    id: int
    revision: int
    status: str
    state: bytes
    process_id: str | None
    bindings: Bindings | None
    runnable: Runnable
    targets: Targets | None = None
    """See `place.Place`."""

    def place(self, *, acted: str | None = None, settled: bool = False) -> Place:
        """Where the rows of its next step belong."""
        process_id = self.process_id or self.runnable.primary
        called = called_versions(self.bindings, self.runnable)
        return Place(
            self.id, self.runnable.version_id, process_id,
            called=called, targets=self.targets, acted=acted, settled=settled,
        )  # fmt: skip


def lock(work: Work, instance_id: int, *, even_suspended: bool = False) -> Loaded:
    """The instance, locked for one command; NotFoundError, or ConflictError when it has ended or is suspended."""
    return _load(work, instance_id, even_suspended=even_suspended, locked=True)


def look(work: Work, instance_id: int) -> Loaded:
    """The instance as `lock` gives it, without the lock: for transactions that only read."""
    return _load(work, instance_id, even_suspended=False, locked=False)


def _load(work: Work, instance_id: int, *, even_suspended: bool, locked: bool) -> Loaded:
    query = instance_query(locked=locked).where(INSTANCE.c.id == instance_id)
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    return loaded_from(work, row, even_suspended=even_suspended)


def instance_query(*more: Any, locked: bool = True) -> Select[Any]:
    """What `loaded_from` reads, mostly with the lock; `more` columns may come along (join their tables)."""
    columns = (
        INSTANCE.c.id.label("instance_id"), INSTANCE.c.revision, INSTANCE.c.status.label("instance_status"),
        INSTANCE.c.state, INSTANCE.c.process_id, INSTANCE.c.bindings, INSTANCE.c.version_id, VERSION.c.content_hash,
        _TARGETS,
    )  # fmt: skip
    joined = INSTANCE.join(VERSION, VERSION.c.id == INSTANCE.c.version_id)
    query = select(*columns, *more).select_from(joined)
    return query.with_for_update(of=INSTANCE) if locked else query


def loaded_from(work: Work, row: Any, *, even_suspended: bool = False) -> Loaded:
    """A row of `instance_query` as an instance that can go on; ConflictError when it cannot."""
    if row.instance_status == InstanceStatus.SUSPENDED and not even_suspended:
        raise SuspendedError(
            f"Instance {row.instance_id} is suspended: nothing in it moves.",
            remedy="Nothing was changed. Ask an operator to resume it.",
        )
    if row.instance_status not in RUNNING:
        raise ConflictError(
            f"Instance {row.instance_id} is {row.instance_status}.", remedy="Nothing was changed; it goes on no more."
        )
    return Loaded(
        id=row.instance_id,
        revision=row.revision,
        status=row.instance_status,
        state=row.state,
        process_id=row.process_id,
        bindings=row.bindings,
        runnable=runnable(work, row.version_id, row.content_hash),
        targets=row.service_targets or {},
    )


def called_versions(bindings: Bindings | None, chosen: Runnable) -> dict[str, int]:
    """Versions of the processes that other definitions brought; what the file itself has comes first."""
    return {
        process: int(version_id)
        for process, (_spec, version_id) in (bindings or {}).items()
        if process not in chosen.specs
    }


def get_entity(work: Work, instance_id: int) -> ProcessInstance:
    """The row of an instance, with its state: for checks and tools, never for a screen."""
    found = work.session.get(ProcessInstance, instance_id, options=[undefer(ProcessInstance.state)])
    if found is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    return found
