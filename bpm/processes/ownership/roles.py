"""The matrix of a version: activities by functions, what people said of it, and activities that nobody answers for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import undefer

from bpm import identity
from bpm.engine import api as engine
from bpm.engine.models import ProcessDefinition, ProcessVersion, WorkItem
from bpm.engine.task_models import HandOver
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.ownership.models import ActivityRole, ProcessOwner
from bpm.processes.ownership.owners import Owners, owners_of
from bpm.processes.ownership.raci import Activity, Parts, accountable, derive, with_said


@dataclass(frozen=True)
class Said:
    """What a person said of one function's part in one activity."""

    letters: str
    by: str
    at: datetime
    carried: bool
    """Whether it was said of an earlier version and carried over."""


@dataclass(frozen=True)
class Matrix:
    """Activities x functions of one version."""

    version_id: int
    key: str
    activities: tuple[Activity, ...]
    after: Mapping[str, tuple[str, ...]]
    """Activity -> activities that may come next."""
    functions: tuple[tuple[str, str], ...]
    """(key, name), those that own the process first."""
    parts: Mapping[str, Parts]
    said: Mapping[tuple[str, str], Said]
    gaps: tuple[Activity, ...]
    """Activities that no function answers for."""
    double: tuple[Activity, ...]
    """Activities that several functions answer for: then none does."""
    blocks: bool
    """Whether a gap keeps the version from going live, see `roles_are_kept`."""


def matrix_of(work: Work, version_id: int) -> Matrix:
    """The matrix of a version; NotFoundError."""
    version, key = _version(work, version_id)
    owners = owners_of(work, key)
    activities, course = _activities(work, version)
    said = _said(work, version_id)
    derived = derive(
        activities, course.after, functions=owners.functions, handed_on=_handed_on(work, version.definition_id)
    )
    parts = with_said(derived, {place: each.letters for place, each in said.items()})
    return Matrix(
        version_id=version_id,
        key=key,
        activities=activities,
        after=course.after,
        functions=_functions(work, owners, parts, said),
        parts=parts,
        said=said,
        gaps=tuple(each for each in activities if not accountable(parts[each.id])),
        double=tuple(each for each in activities if len(accountable(parts[each.id])) > 1),
        blocks=roles_are_kept(work, version),
    )


def roles_are_kept(work: Work, version: ProcessVersion) -> bool:
    """Whether an activity that nobody answers for keeps the version from going live.

    It does once the process has named owners or a part was given by hand; and where the model draws lanes, from its
    second version on. A first version is how a company begins: its gaps are findings, and nothing more.
    """
    key = select(ProcessDefinition.key).where(ProcessDefinition.id == version.definition_id).scalar_subquery()
    owner = select(ProcessOwner.id).where(ProcessOwner.definition_key == key, ProcessOwner.ended_at.is_(None))
    if work.session.scalar(owner.limit(1)) is not None:
        return True
    of_process = select(ProcessVersion.id).where(ProcessVersion.definition_id == version.definition_id)
    given = select(ActivityRole.id).where(ActivityRole.version_id.in_(of_process))
    if work.session.scalar(given.limit(1)) is not None:
        return True
    before = of_process.where(ProcessVersion.live_at.is_not(None), ProcessVersion.id != version.id)
    drawn = any(process["lanes"] for process in version.processes)
    return drawn and work.session.scalar(before.limit(1)) is not None


def gaps_of(work: Work, version_id: int) -> list[dict[str, Any]]:
    """Activities that nobody answers for, as findings beside those of the check; errors where they keep it from going
    live, see `roles_are_kept`."""
    matrix = matrix_of(work, version_id)
    if not matrix.blocks and not _has_lanes(work, version_id):
        return []
    severity = "error" if matrix.blocks else "warning"
    gone = {"line": 0, "before": "", "after": "", "code": "nobody-accountable", "severity": severity}
    return [
        {
            **gone,
            "element": each.id,
            "name": each.name,
            "message": _("No function answers for it: it stands in no lane and names no group."),
            "remedy": _("Draw it in a lane, or name who is accountable on the page of owners and roles."),
        }
        for each in matrix.gaps
    ] + [
        {
            **gone,
            "severity": "warning",
            "element": each.id,
            "name": each.name,
            "message": _("Several functions are accountable for it, so none is."),
            "remedy": _("Leave one of them accountable."),
        }
        for each in matrix.double
    ]


def what_blocks(work: Work, version_id: int) -> list[str]:
    """What the roles keep from going live, in words that name each activity; empty when nothing does."""
    version = work.session.get(ProcessVersion, version_id)
    if version is None or not roles_are_kept(work, version):
        return []
    return [
        _("Nobody is accountable for “%(name)s” (%(element)s).") % {"name": each["name"], "element": each["element"]}
        for each in gaps_of(work, version_id)
        if each["severity"] == "error"
    ]


def _has_lanes(work: Work, version_id: int) -> bool:
    processes = work.session.scalar(select(ProcessVersion.processes).where(ProcessVersion.id == version_id)) or []
    return any(each["lanes"] for each in processes)


def _version(work: Work, version_id: int) -> tuple[ProcessVersion, str]:
    query = (
        select(ProcessVersion, ProcessDefinition.key)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessVersion.id == version_id)
        .options(undefer(ProcessVersion.source), undefer(ProcessVersion.elements), undefer(ProcessVersion.executable))
    )
    row = work.session.execute(query).first()
    if row is None:
        raise NotFoundError(_("There is no process version %(id)s.") % {"id": version_id})
    return row[0], row[1]


def _activities(work: Work, version: ProcessVersion) -> tuple[tuple[Activity, ...], engine.Course]:
    """The activities in the order of the flows, each with the group that has its work."""
    course = engine.course_of(version.source)
    offered = engine.offered_to(version.executable)
    lanes = {each["id"]: each.get("lane") or "" for each in version.elements}
    keys = _group_keys(work, {*offered.values(), *lanes.values()} - {""})
    return tuple(
        Activity(each, course.names[each], course.types[each], keys.get(offered.get(each) or lanes.get(each, ""), ""))
        for each in course.steps
    ), course


def _group_keys(work: Work, names: Iterable[str]) -> dict[str, str]:
    """{name of a lane or group: key of the group that it stands for here}"""
    found = {}
    for name in names:
        key = engine.group_key(name)
        group = identity.find_group(work, key)
        found[name] = group.key if group else key
    return found


def _handed_on(work: Work, definition_id: int) -> dict[str, set[str]]:
    """Element -> groups that its tasks were handed on to, in cases of any version."""
    query = (
        select(WorkItem.element, HandOver.to_group)
        .join(HandOver, HandOver.item_id == WorkItem.id)
        .join(ProcessVersion, ProcessVersion.id == WorkItem.version_id)
        .where(
            ProcessVersion.definition_id == definition_id,
            HandOver.to_group.is_not(None),
            HandOver.undone_at.is_(None),
        )
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for element, group in work.session.execute(query):
        found.setdefault(element, set()).add(str(group))
    return found


def _said(work: Work, version_id: int) -> dict[tuple[str, str], Said]:
    query = (
        select(ActivityRole, User.display_name)
        .outerjoin(User, User.id == ActivityRole.given_by)
        .where(ActivityRole.version_id == version_id)
    )
    return {
        (row.element, row.function): Said(row.letters, name or "", row.given_at, row.carried_from is not None)
        for row, name in work.session.execute(query)
    }


def _functions(
    work: Work, owners: Owners, parts: Mapping[str, Parts], said: Mapping[tuple[str, str], Said]
) -> tuple[tuple[str, str], ...]:
    taking_part = {function for some in parts.values() for function in some} | {function for _e, function in said}
    ordered = [*owners.functions, *sorted(taking_part - set(owners.functions))]
    names = {group.key: group.name for group in identity.list_groups(work)}
    return tuple((key, names.get(key, key)) for key in ordered)
