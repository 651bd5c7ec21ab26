"""Joint owners: for each process people of at least two functions, and one named person who speaks for customers."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit, identity
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, demand, may
from bpm.identity.models import User
from bpm.processes.ownership.models import ProcessOwner
from bpm.processes.ownership.naming import tell_named
from bpm.processes.ownership.status import OwnerKind

FEWEST = 2
"""Functions that own a process at least: it is a joint effort, or it is one department's."""


@dataclass(frozen=True)
class Owner:
    """A person who owns for a function; `active`: whether they still sign in, and are still of that function."""

    function: str
    user_id: int
    name: str
    since: datetime
    active: bool


@dataclass(frozen=True)
class Owners:
    """Whose a process is."""

    key: str
    name: str
    of_functions: tuple[Owner, ...]
    voice: Owner | None
    departments: tuple[str, ...]
    """The groups that sign its versions."""
    missing: tuple[str, ...]
    """What is missing, in words; empty when it is owned together."""

    @property
    def functions(self) -> tuple[str, ...]:
        """Functions in which somebody owns it now; while none is named, those that sign for it."""
        return tuple(each.function for each in self.of_functions if each.active) or self.departments


def set_owners(
    work: Work, key: str, by_function: Mapping[str, int], voice_id: int | None, *, reason: str = ""
) -> Owners:
    """Let these people own the process from now on: {key of a function's group: user}, and who speaks for customers.

    Whoever signs versions may, and whoever administers. InvalidInputError with `fields`: fewer than two functions, one
    person for two of them, somebody who is not of that function, no voice. What stays as it was keeps its date.
    """
    demand(work.actor, Permission.SIGN)
    definition = work.session.scalar(select(ProcessDefinition).where(ProcessDefinition.key == key).with_for_update())
    if definition is None:
        raise NotFoundError(_("There is no process %(key)s.") % {"key": key})
    _check(work, by_function, voice_id)
    wanted = {(OwnerKind.FUNCTION, function): user_id for function, user_id in by_function.items()}
    wanted[OwnerKind.VOICE, ""] = voice_id or 0
    before = owners_of(work, key)
    rows = {(row.kind, row.function): row for row in _rows(work, [key])}
    for place, row in rows.items():
        if wanted.get(place) != row.user_id:
            row.ended_at = work.now()
    new = {place: user_id for place, user_id in wanted.items() if place not in rows or rows[place].user_id != user_id}
    for (kind, function), user_id in new.items():
        named = ProcessOwner(
            definition_key=key,
                kind=kind,
                function=function,
                user_id=user_id,
                since=work.now(),
            named_by=work.actor.user_id,
        )  # fmt: skip
        work.session.add(named)
    work.session.flush()
    after = owners_of(work, key)
    thing = audit.Thing("process", key, definition.name)
    said = {"owners": _told(before)}, {"owners": _told(after)}
    audit.record(work, "process.owners", thing, before=said[0], after=said[1], reason=reason.strip() or None)
    tell_named(work, key, definition.name, set(new.values()))
    work.nudge("definitions")
    return after


def _check(work: Work, by_function: Mapping[str, int], voice_id: int | None) -> None:
    fields: dict[str, str] = {}
    people = {user.id: user for user in identity.list_users(work)}
    for function, user_id in by_function.items():
        person = people.get(user_id)
        if person is None or not _stands_for(person, function):
            fields[f"owner-{function}"] = _("Choose somebody who is in %(group)s.") % {"group": function}
    twice = [name for name, count in _counted(by_function.values(), people) if count > 1]
    if len(by_function) < FEWEST:
        fields["owners"] = _("Name owners in at least two functions: the process is shared across the company.")
    elif twice:
        fields["owners"] = _("%(name)s cannot own it for two functions: name somebody else for one.") % {
            "name": twice[0]
        }
    voice = people.get(voice_id or 0)
    if voice is None or not voice.active or not may(actor_of(voice), Permission.SEE_FEEDBACK):
        fields["voice"] = _("Name who speaks for customers: somebody who may read feedback.")
    if fields:
        raise InvalidInputError(
            _("The process is not owned together so."), remedy=" ".join(fields.values()), fields=fields
        )


def _counted(user_ids: Iterable[int], people: Mapping[int, User]) -> list[tuple[str, int]]:
    listed = list(user_ids)
    return [(people[each].display_name, listed.count(each)) for each in dict.fromkeys(listed) if each in people]


def _stands_for(person: User, function: str) -> bool:
    return person.active and function in {group.key for group in person.groups}


def owners_of(work: Work, key: str) -> Owners:
    """The owners of one process; NotFoundError."""
    found = list_owners(work, [key])
    if not found:
        raise NotFoundError(_("There is no process %(key)s.") % {"key": key})
    return found[0]


def list_owners(work: Work, keys: Sequence[str] | None = None) -> tuple[Owners, ...]:
    """The owners of these processes, or of all, by name of the process."""
    query = select(ProcessDefinition.id, ProcessDefinition.key, ProcessDefinition.name, ProcessDefinition.sign_offs)
    if keys is not None:
        query = query.where(ProcessDefinition.key.in_(keys))
    known = work.session.execute(query.order_by(ProcessDefinition.name, ProcessDefinition.key)).all()
    rows: dict[str, list[ProcessOwner]] = {}
    for row in _rows(work, keys):
        rows.setdefault(row.definition_key, []).append(row)
    ids = {row.user_id for some in rows.values() for row in some}
    people = {user.id: user for user in work.session.scalars(select(User).where(User.id.in_(ids)))} if ids else {}
    return tuple(
        _read(each.key, each.name, tuple(each.sign_offs or work.settings.sign_offs), rows.get(each.key, ()), people)
        for each in known
    )


def _read(
    key: str, name: str, departments: tuple[str, ...], rows: Iterable[ProcessOwner], people: Mapping[int, User]
) -> Owners:
    owners = [(row.kind, _owner(row, people[row.user_id])) for row in rows if row.user_id in people]
    functions = tuple(sorted((each for kind, each in owners if kind is OwnerKind.FUNCTION), key=lambda o: o.function))
    voice = next((each for kind, each in owners if kind is OwnerKind.VOICE), None)
    return Owners(key, name, functions, voice, departments, tuple(_missing(functions, voice, departments)))


def _owner(row: ProcessOwner, person: User) -> Owner:
    is_voice = row.kind is OwnerKind.VOICE
    active = may(actor_of(person), Permission.SEE_FEEDBACK) and person.active if is_voice else (
        _stands_for(person, row.function)
    )  # fmt: skip
    return Owner(row.function, person.id, person.display_name, row.since, active)


def _missing(functions: Sequence[Owner], voice: Owner | None, departments: Sequence[str]) -> Iterable[str]:
    for each in (*functions, *((voice,) if voice else ())):
        if not each.active and each.function:
            yield _("%(name)s is not in %(group)s any more.") % {"name": each.name, "group": each.function}
        elif not each.active:
            yield _("%(name)s does not read feedback any more.") % {"name": each.name}
    active = [each for each in functions if each.active]
    if not active:
        yield _("It has no owner.")
    elif len(active) < FEWEST:
        yield _("It has one owner only: %(name)s.") % {"name": active[0].name}
    if voice is None or not voice.active:
        yield _("Nobody speaks for its customers.")
    for each in active:
        if each.function not in departments:
            yield _("%(group)s owns it and does not sign its versions.") % {"group": each.function}


def _rows(work: Work, keys: Sequence[str] | None) -> list[ProcessOwner]:
    query = select(ProcessOwner).where(ProcessOwner.ended_at.is_(None)).order_by(ProcessOwner.id)
    if keys is not None:
        query = query.where(ProcessOwner.definition_key.in_(keys))
    return list(work.session.scalars(query))


def owned_by(work: Work, user_id: int) -> tuple[str, ...]:
    """Keys of the processes that a person owns or speaks for customers in."""
    query = select(ProcessOwner.definition_key).where(ProcessOwner.user_id == user_id, ProcessOwner.ended_at.is_(None))
    return tuple(dict.fromkeys(work.session.scalars(query.order_by(ProcessOwner.id))))


def _told(owners: Owners) -> dict[str, str]:
    told = {each.function: each.name for each in owners.of_functions}
    return {**told, "customers": owners.voice.name if owners.voice else ""}
