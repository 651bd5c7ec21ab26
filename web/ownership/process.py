"""Whose a process is: its owners in functions, who speaks for its customers, and who has which part where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.engine import queries
from bpm.engine.queries import VersionRow
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission, actor_of, may
from bpm.processes import ownership
from bpm.processes.ownership import Matrix, Owners, Said
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.designer.processes import Head, choose, head_of
from web.ownership.blueprint import blueprint


@dataclass(frozen=True)
class Choosing:
    """One function with the people who could own the process for it."""

    key: str
    name: str
    people: tuple[tuple[int, str], ...]
    chosen: int | None


@dataclass(frozen=True)
class OwnershipPage:
    """What ownership/process.html shows; `part` is the cell that is being changed."""

    head: Head
    version: VersionRow
    owners: Owners
    matrix: Matrix
    names: Mapping[str, str]
    functions: tuple[Choosing, ...]
    voices: tuple[tuple[int, str], ...]
    may_change: bool
    letters: tuple[tuple[str, str], ...]
    part: tuple[str, str] | None
    said: Said | None
    errors: Mapping[str, str]
    reason: str = ""
    problem: str = ""


LETTER_WORDS = (
    ("R", _("responsible: does it")),
    ("A", _("accountable: answers for it")),
    ("C", _("consulted: is asked before")),
    ("I", _("informed: is told after")),
)


@blueprint.get("/processes/<key>/ownership")
@needs(Permission.SEE_PROCESSES)
def of_process(key: str) -> str:
    return render("ownership/process.html", page_of(key))


@blueprint.post("/processes/<key>/owners")
@needs(Permission.SIGN)
def set_owners(key: str) -> Response | tuple[str, int]:
    sent = request.form
    chosen = {
        name.removeprefix("owner-"): number
        for name, value in sent.items()
        if name.startswith("owner-") and (number := key_of(value)) is not None
    }
    try:
        after = ownership.set_owners(
            work(), file_key(key), chosen, key_of(sent.get("voice", "")), reason=sent.get("reason", "")
        )
    except InvalidInputError as error:
        return render("ownership/process.html", page_of(key, error)), 400
    say(_("It is owned together by %(names)s.") % {"names": ", ".join(each.name for each in after.of_functions)})
    return go("ownership.of_process", key=key)


def page_of(key: str, error: InvalidInputError | None = None) -> OwnershipPage:
    """The page of a process, with a form that did not fit where there is an `error`."""
    head, version = chosen_version(key)
    owners = ownership.owners_of(work(), head.file_key)
    may_change = may(actor(), Permission.SIGN)
    matrix = ownership.matrix_of(work(), version.id)
    part = (request.values.get("element", ""), request.values.get("function", ""))
    known = part[0] in {each.id for each in matrix.activities} and part[1] in {each for each, _name in matrix.functions}
    return OwnershipPage(
        head=head,
        version=version,
        owners=owners,
        matrix=matrix,
        names=_names(matrix),
        functions=_functions(owners) if may_change else (),
        voices=_voices() if may_change else (),
        may_change=may_change,
        letters=LETTER_WORDS,
        part=part if known and may_change else None,
        said=matrix.said.get(part),
        errors=error.fields if error else {},
        reason=request.form.get("reason", ""),
        problem=str(error.message) if error else "",
    )


def _names(matrix: Matrix) -> dict[str, str]:
    groups = {group.key: group.name for group in identity.list_groups(work())}
    return {**groups, **dict(matrix.functions)}


def _functions(owners: Owners) -> tuple[Choosing, ...]:
    """Groups with people in them, those that sign first; what was sent stands where the form comes back."""
    chosen = {each.function: each.user_id for each in owners.of_functions}
    people: dict[str, list[tuple[int, str]]] = {}
    for user in identity.list_users(work()):
        for group in user.groups if user.active else ():
            people.setdefault(group.key, []).append((user.id, user.display_name))
    groups = sorted(identity.list_groups(work()), key=lambda each: (each.key not in owners.departments, each.name))
    return tuple(
        Choosing(
            group.key,
            group.name,
            tuple(people[group.key]),
            key_of(request.form.get(f"owner-{group.key}", "")) if request.form else chosen.get(group.key),
        )
        for group in groups
        if group.key in people
    )


def _voices() -> tuple[tuple[int, str], ...]:
    return tuple(
        (user.id, user.display_name)
        for user in identity.list_users(work())
        if user.active and may(actor_of(user), Permission.SEE_FEEDBACK)
    )


def file_key(key: str) -> str:
    """The key under which the versions of a process are deployed: whose it is belongs to the whole file."""
    return queries.get_definition(work(), key).file_key


def chosen_version(key: str) -> tuple[Head, VersionRow]:
    """The head of the process's tabs, and the version that the address asks for."""
    versions: Sequence[VersionRow] = queries.list_versions(work(), key)
    chosen = choose(versions)
    if chosen is None:
        raise NotFoundError(_("The process %(key)s has no version yet.") % {"key": key})
    return head_of(key, versions), chosen
