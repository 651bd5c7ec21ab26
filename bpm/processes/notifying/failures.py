"""Failures: who operates, and who uploaded the version, is told; all with one cause at one element are one notice."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import select

from bpm import identity, notices
from bpm.engine.events import FailureOpened
from bpm.engine.models import Failure, ProcessDefinition, ProcessVersion
from bpm.engine.status import FailureStatus
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may


def on_failure(work: Work, event: FailureOpened) -> None:
    """One of perhaps a thousand: a worker tells of all together."""
    notices.give_cue(work, "failure", event.failure_id)


def tell_failures(work: Work, failure_ids: Sequence[int]) -> None:
    """Tell people of the failures that are still open."""
    query = (
        select(
            Failure.id, Failure.version_id, Failure.element, Failure.cause, ProcessVersion.created_by,
            ProcessDefinition.name, ProcessDefinition.key,
        )
        .join(ProcessVersion, ProcessVersion.id == Failure.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(Failure.id.in_(failure_ids), Failure.status == FailureStatus.OPEN)
        .order_by(Failure.id)
    )  # fmt: skip
    groups: dict[tuple[int, str, str], list[Any]] = defaultdict(list)
    for row in work.session.execute(query):
        groups[row.version_id, row.element, row.cause].append(row)
    if not groups:
        return
    operators = _operators(work)
    for rows in groups.values():
        _tell(work, rows, operators)


def _operators(work: Work) -> set[int]:
    people = identity.list_users(work)
    return {user.id for user in people if user.active and may(identity.actor_of(user), Permission.OPERATE)}


def _tell(work: Work, rows: Sequence[Any], operators: set[int]) -> None:
    last = rows[-1]
    subject = _("%(process)s fails at %(element)s") % {"process": last.name, "element": last.element or "–"}
    query = urlencode({"cause": last.cause, "element": last.element, "version_id": last.version_id})
    owner = {last.created_by} - operators - {None}
    for people, link in ((operators, f"/operations/failures?{query}"), (owner, f"/processes/{last.key}")):
        notices.raise_for(
            work, people, "failure", subject, link, about=("failure", last.id),
            key=f"failure:{last.version_id}:{last.cause}:{last.element}"[:200], count=len(rows),
        )  # fmt: skip
