"""Who can sign in, and inviting somebody."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from flask import make_response, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, PersonForm
from bpm.identity.models import User
from web.admin import tabs
from web.admin.blueprint import blueprint
from web.core.rendering import Choice, go, here, render, say
from web.core.request_context import work
from web.core.security import needs
from web.sign_in.passwords import mail_link

__all__ = ["tabs"]


@dataclass(frozen=True)
class PersonRow:
    id: int
    username: str
    name: str
    email: str
    roles: tuple[str, ...]
    groups: tuple[str, ...]
    active: bool
    invited: bool
    """Whether the person has no password yet."""
    second_factor: bool


@dataclass(frozen=True)
class PeoplePage:
    rows: tuple[PersonRow, ...]
    states: tuple[Choice, ...]


@dataclass(frozen=True)
class InvitePage:
    username: str
    form: PersonForm
    roles: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    fields: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/people")
@needs(Permission.ADMIN)
def people() -> str:
    state = request.args.get("state", "active")
    users = [user for user in identity.list_users(work()) if state == "all" or user.active == (state != "off")]
    words = (("active", _("can sign in")), ("off", _("switched off")), ("all", _("all")))
    states = tuple(Choice(label, here(state=key), key == state) for key, label in words)
    return render("admin/people.html", PeoplePage(tuple(map(_row, users)), states))


def _row(user: User) -> PersonRow:
    return PersonRow(
        user.id,
        user.username,
        user.display_name,
        user.email or "",
        tuple(user.roles),
        tuple(group.name for group in user.groups),
        user.active,
        invited=not user.password_hash,
        second_factor=user.totp_since is not None,
    )


@blueprint.get("/people/new")
@needs(Permission.ADMIN)
def invite_page() -> str:
    return render("admin/invite.html", _page(work(), "", PersonForm("", "", (), ())))


def _page(unit: Work, username: str, form: PersonForm, fields: Mapping[str, str] | None = None) -> InvitePage:
    return InvitePage(username, form, roles_to_choose(form.roles), group_choices(unit), fields or {})


def roles_to_choose(held: Iterable[str]) -> tuple[str, ...]:
    """Every role that is for the whole house; one of a guest is for a single case or conversation (see Access)."""
    return tuple(role for role in identity.ROLES if role not in identity.OF_GUESTS or role in held)


def group_choices(unit: Work) -> tuple[tuple[str, str], ...]:
    """(key, name) of every group."""
    return tuple((group.key, group.name) for group in identity.list_groups(unit))


def form_of_person(unit: Work) -> PersonForm:
    """What was sent about a person; groups that are none are left out."""
    known = dict(group_choices(unit))
    return PersonForm(
        request.form.get("display_name", ""),
        request.form.get("email", ""),
        tuple(request.form.getlist("roles")),
        tuple(key for key in request.form.getlist("groups") if key in known),
    )


@blueprint.post("/people/new")
@needs(Permission.ADMIN, proof=True)
def invite() -> Response:
    username, form = request.form.get("username", "").strip(), form_of_person(work())
    try:
        user = identity.invite(work(), username, form)
    except InvalidInputError as error:
        return make_response(render("admin/invite.html", _page(work(), username, form, error.fields)), 400)
    tell_link(work(), user.id, identity.INVITATION)
    return go("admin.person", user_id=user.id)


def tell_link(unit: Work, user_id: int, purpose: str) -> None:
    """Make a link and mail it; where there is no mail, show it to the administrator, once."""
    address, mailed = mail_link(unit, user_id, purpose)
    if mailed:
        say(_("A link is on its way by mail."))
        return
    say(_("Give them this link, it works once and is not shown again: %(url)s") % {"url": address})
