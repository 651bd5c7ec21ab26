"""What a model meets where it is deployed: people, groups and workers that it names and that are not there.

Nothing of it is stored with a version: people come and go, so it is worked out whenever it is shown.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from bpm.engine.bpmn.model import Prepared
from bpm.engine.bpmn.offers import Need, needs
from bpm.engine.findings import Finding
from bpm.engine.models import ProcessVersion
from bpm.engine.rules.group_keys import group_key
from bpm.foundation.work import Work
from bpm.identity.models import Group, GroupAlias, Membership, User

EVERYBODY = "everybody"


@dataclass(frozen=True)
class Installation:
    """Who and what is there."""

    members: Mapping[str, int]
    """{group key, or name that stands for a group: active people in it}"""
    people: frozenset[str]
    """Names with which active people sign in."""
    topics: frozenset[str]
    """Topics of the jobs that a worker here does."""


def installation_of(work: Work, topics: Collection[str]) -> Installation:
    """Who and what is there now; the engine knows no topic, so its caller says which are served."""
    members = (
        select(Group.key, func.count(User.id))
        .outerjoin(Membership, Membership.group_id == Group.id)
        .outerjoin(User, (User.id == Membership.user_id) & User.active)
        .group_by(Group.key)
    )
    inside = {row[0]: row[1] for row in work.session.execute(members)}
    aliases = select(GroupAlias.name, Group.key).join(Group, Group.id == GroupAlias.group_id)
    return Installation(
        members=inside | {name: inside[key] for name, key in work.session.execute(aliases)},
        people=frozenset(work.session.scalars(select(User.username).where(User.active))),
        topics=frozenset(topics),
    )


def unmet(executable: bytes, elements: Iterable[Mapping[str, Any]], installation: Installation) -> tuple[Finding, ...]:
    """One warning for each element whose group, assignee or topic nobody is behind, in the order drawn; pure.

    `elements` are those of the version: {"id", "name", "line", ...}. What an expression works out is known at run time.
    """
    drawn = {element["id"]: element for element in elements}
    found: list[Finding] = []
    for need in needs(executable):
        for code, message, remedy in _missing(need, installation):
            at = drawn.get(need.element, {})
            name, line = str(at.get("name") or ""), int(at.get("line") or 0)
            text = f"{name or need.element!r} {message}"
            found.append(Finding(code, "warning", text, remedy, element=need.element, name=name, line=line))
    return tuple(found)


def names_without_people(executable: bytes, installation: Installation) -> tuple[tuple[str, str], ...]:
    """(key, as written) of each name by which the model offers work and behind which nobody is; pure."""
    written = {group_key(need.group): need.group.split(",", maxsplit=1)[0] for need in needs(executable) if need.group}
    alone = (key for key in written if key != EVERYBODY and not installation.members.get(key))
    return tuple((key, written[key].strip()) for key in sorted(alone))


def unmet_by_version(work: Work, version_id: int, topics: Collection[str]) -> tuple[Finding, ...]:
    """`unmet` for a stored version, as things are now."""
    columns = select(ProcessVersion.executable, ProcessVersion.elements).where(ProcessVersion.id == version_id)
    row = work.session.execute(columns).one()
    return unmet(row.executable, row.elements, installation_of(work, topics))


def unmet_by_upload(work: Work, prepared: Prepared, topics: Collection[str]) -> tuple[Finding, ...]:
    """`unmet` for a file that is not deployed yet."""
    elements = [{"id": each.id, "name": each.name, "line": each.line} for each in prepared.elements]
    return unmet(prepared.executable, elements, installation_of(work, topics))


def _missing(need: Need, there: Installation) -> Iterator[tuple[str, str, str]]:
    """(code, what is missing, remedy)"""
    meant = need.assignee in there.people
    if need.assignee and not meant:
        offered = f"the group {need.group!r}" if need.group else "everybody who works on items"
        yield (
            "assignee-unknown",
            f"is for {need.assignee!r}, with which nobody signs in here: it will be offered to {offered}.",
            f"Create that person (earshot user create {need.assignee}), or name somebody who is there.",
        )
    key = group_key(need.group) if need.group else EVERYBODY
    if key != EVERYBODY and not meant and not there.members.get(key):
        why = "in which nobody is" if key in there.members else "which is not there yet"
        yield (
            "group-empty",
            f"is offered to the group {need.group!r} ({key}), {why}: nobody would see its work items.",
            f"Put somebody in it (earshot user create NAME --group {key}), or map it: earshot user map {key} GROUP",
        )
    if need.topic and need.topic not in there.topics:
        served = ", ".join(sorted(there.topics)) or "none"
        yield (
            "topic-unserved",
            f"is a job of the topic {need.topic!r}, which no worker here does: it would end as a Failure.",
            f"Register a worker for it, or use a topic that is served: {served}.",
        )
