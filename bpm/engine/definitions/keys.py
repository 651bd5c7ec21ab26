"""Which key a file is deployed under: a key names one process, and no process two keys of different files."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select, text

from bpm.engine.bpmn.model import Prepared
from bpm.engine.findings import Finding
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.engine.status import VersionStatus
from bpm.foundation.errors import RefusedError
from bpm.foundation.work import Work


@dataclass(frozen=True)
class _Holder:
    """A definition with the processes that its live version, or a draft of it, offers."""

    key: str
    status: str
    primary: str
    offers: frozenset[str]


_LOCK = 3_141_592_654
"""Key of the advisory lock under which PostgreSQL deploys: any number that nobody else on the server uses."""


def one_at_a_time(work: Work) -> None:
    """Nobody else deploys until this transaction ends, so that what is found about keys stays true until then.

    On SQLite every writing transaction is that.
    """
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def default_key(work: Work, prepared: Prepared) -> str:
    """The key of a file for which none is given: that of the process of it that is known already, else its primary.

    Known is a process by its key, or by its id as what a live version under another key is about.
    """
    offered = _offered(prepared)
    if prepared.primary in offered:
        offered.sort(key=lambda process_id: process_id != prepared.primary)
    known = set(work.session.scalars(select(ProcessDefinition.key).where(ProcessDefinition.key.in_(offered))))
    named = next((process_id for process_id in offered if process_id in known), "")
    live = (holder for holder in _holders(work) if holder.status == VersionStatus.LIVE)
    return named or next((holder.key for holder in live if holder.primary in offered), prepared.primary)


def under_key(work: Work, prepared: Prepared, key: str) -> Prepared:
    """The file as it is deployed under `key`: where a process of it has that id, it is what the file is about.

    RefusedError names the process whose key or id belongs to the file of another process.
    """
    taken = list(_taken(work, prepared, key))
    if taken:
        raise RefusedError(
            f"{prepared.file_name} cannot be deployed under the key {key!r}: {taken[0].message}",
            findings=tuple(taken),
            remedy=taken[0].remedy,
        )
    if prepared.compiled is None or key not in _offered(prepared):
        return prepared
    return replace(prepared, primary=key, compiled=replace(prepared.compiled, primary=key))


def taken_meanwhile(work: Work, key: str, processes: Iterable[Any]) -> list[Finding]:
    """What another definition has got since a stored version of `key` was withdrawn: ids of its processes, its key."""
    offered = offered_ids(processes)
    return [found for holder in _holders(work) if holder.key != key for found in _held(holder, offered, key)]


def _offered(prepared: Prepared) -> list[str]:
    return [process.id for process in prepared.processes if process.offered]


def _taken(work: Work, prepared: Prepared, key: str) -> Iterable[Finding]:
    offered = _offered(prepared)
    known = set(work.session.scalars(select(ProcessDefinition.key).where(ProcessDefinition.key.in_(offered))))
    for process_id in offered:
        if process_id in known - {key}:
            yield _finding(
                process_id,
                f"{process_id!r} is the key of another process here.",
                f"Deploy the file under the key {process_id!r}, or give its process another id.",
            )
    for holder in _holders(work):
        if holder.key != key:
            yield from _held(holder, offered, key)
        elif holder.status == VersionStatus.LIVE and _would_rename(holder, offered, key, prepared.primary):
            yield _finding(
                prepared.primary,
                f"{key!r} names {holder.primary!r}, and {prepared.primary!r} is another process of its live version.",
                f"Keep {holder.primary!r} in the file, or retire {key!r} first.",
            )


def _held(holder: _Holder, offered: list[str], key: str) -> Iterable[Finding]:
    """What a file of `key` would take from another definition."""
    for name in dict.fromkeys((key, *offered)):
        if name in holder.offers:
            yield _finding(
                name if name in offered else "",
                f"{name!r} is a process in the file of {holder.key!r} ({holder.status}).",
                f"Deploy the file under the key {holder.key!r} if it replaces that one, or change the process's id.",
            )


def _would_rename(holder: _Holder, offered: list[str], key: str, primary: str) -> bool:
    """Whether a key would come to name a process that has its own id in the same file."""
    if holder.primary in offered or key in offered:
        return False
    return primary in holder.offers


def _holders(work: Work) -> list[_Holder]:
    query = (
        select(ProcessDefinition.key, ProcessVersion.status, ProcessVersion.primary, ProcessVersion.processes)
        .join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
        .where(ProcessVersion.status != VersionStatus.RETIRED)
        .order_by(ProcessVersion.id)
    )
    return [
        _Holder(row.key, row.status, row.primary, frozenset(offered_ids(row.processes)))
        for row in work.session.execute(query)
    ]


def offered_ids(processes: Iterable[Any]) -> list[str]:
    """Ids of the processes of a stored version that start by their id."""
    return [process["id"] for process in processes if process.get("offered", True)]


def _finding(element: str, message: str, remedy: str) -> Finding:
    return Finding(code="key-taken", severity="error", message=message, remedy=remedy, element=element)
