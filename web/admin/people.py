"""Who can sign in, with which roles and groups."""

from dataclasses import dataclass

from flask import Blueprint

from bpm import identity
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs

blueprint = Blueprint("admin", __name__, url_prefix="/admin")


@dataclass(frozen=True)
class PersonRow:
    username: str
    name: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    active: bool


@dataclass(frozen=True)
class PeoplePage:
    rows: tuple[PersonRow, ...]


@blueprint.get("/people")
@needs(Permission.ADMIN)
def people() -> str:
    rows = tuple(
        PersonRow(
            username=user.username,
            name=user.display_name,
            roles=tuple(user.roles),
            groups=tuple(group.name for group in user.groups),
            active=user.active,
        )
        for user in identity.list_users(work())
    )
    return render("admin/people.html", PeoplePage(rows))
