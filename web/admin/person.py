"""One person: changed, trained, signed out, given a new password or second factor, switched on again."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import make_response, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Holder, Permission, PersonForm
from bpm.identity.entry.sessions import SessionRow
from bpm.identity.roles import GrantRow
from web.admin.blueprint import blueprint
from web.admin.people import form_of_person, group_choices, roles_to_choose, tell_link
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs


@dataclass(frozen=True)
class PersonPage:
    id: int
    username: str
    name: str
    form: PersonForm
    roles: tuple[str, ...]
    groups: tuple[tuple[str, str], ...]
    active: bool
    is_me: bool
    has_password: bool
    second_factor: bool
    sessions: tuple[SessionRow, ...]
    skills: tuple[tuple[str, str, bool], ...]
    """(skill, last day, whether it is over)"""
    grants: tuple[GrantRow, ...]
    role_names: Mapping[str, str]
    fields: Mapping[str, str] = field(default_factory=dict)


@blueprint.get("/people/<int:user_id>")
@needs(Permission.ADMIN)
def person(user_id: int) -> str:
    return render("admin/person.html", _page(work(), user_id))


def _page(
    unit: Work, user_id: int, *, form: PersonForm | None = None, fields: Mapping[str, str] | None = None
) -> PersonPage:
    user, today = identity.get_user(unit, user_id), unit.now().date()
    held = tuple(group.key for group in user.groups)
    return PersonPage(
        id=user.id,
        username=user.username,
        name=user.display_name,
        form=form or PersonForm(user.display_name, user.email or "", tuple(user.roles), held),
        roles=roles_to_choose(user.roles),
        groups=group_choices(unit),
        active=user.active,
        is_me=user.id == actor().user_id,
        has_password=bool(user.password_hash),
        second_factor=user.totp_since is not None,
        sessions=tuple(identity.list_sessions(unit, user_id)),
        skills=tuple(
            (each.name, str(each.expires_on or ""), each.expires_on is not None and each.expires_on < today)
            for each in identity.list_skills(unit, user_id)
        ),
        grants=tuple(identity.list_grants(unit, holder=Holder(user_id=user_id))),
        role_names=identity.role_names(unit),
        fields=fields or {},
    )


@blueprint.post("/people/<int:user_id>")
@needs(Permission.ADMIN, proof=True)
def change_person(user_id: int) -> Response:
    form = form_of_person(work())
    if user_id == actor().user_id:  # the page offers one's own roles for reading only
        form = PersonForm(form.display_name, form.email, tuple(identity.get_user(work(), user_id).roles), form.groups)
    try:
        identity.change_person(work(), user_id, form)
    except InvalidInputError as error:
        return make_response(render("admin/person.html", _page(work(), user_id, form=form, fields=error.fields)), 400)
    say(_("Saved."))
    return go("admin.person", user_id=user_id)


@blueprint.post("/people/<int:user_id>/link")
@needs(Permission.ADMIN, proof=True)
def new_link(user_id: int) -> Response:
    user = identity.get_user(work(), user_id)
    tell_link(work(), user_id, identity.PASSWORD if user.password_hash else identity.INVITATION)
    return go("admin.person", user_id=user_id)


@blueprint.post("/people/<int:user_id>/sign-out")
@needs(Permission.ADMIN, proof=True)
def sign_out_everywhere(user_id: int) -> Response:
    identity.sign_out_everywhere(work(), user_id)
    say(_("Signed out everywhere."))
    return go("admin.person", user_id=user_id)


@blueprint.post("/people/<int:user_id>/second-factor")
@needs(Permission.ADMIN, proof=True)
def drop_second_factor(user_id: int) -> Response:
    """For somebody who lost the app and the codes; all sessions end."""
    identity.drop_totp(work(), user_id)
    identity.sign_out_everywhere(work(), user_id)
    say(_("The second factor is off; they can set up a new one after signing in."))
    return go("admin.person", user_id=user_id)


@blueprint.post("/people/<int:user_id>/on")
@needs(Permission.ADMIN, proof=True)
def switch_on(user_id: int) -> Response:
    identity.activate(work(), user_id)
    say(_("They can sign in again."))
    return go("admin.person", user_id=user_id)


@blueprint.post("/people/<int:user_id>/skills")
@needs(Permission.ADMIN, proof=True)
def change_skills(user_id: int) -> Response:
    """Fields `skill` and `until` come in pairs; an empty skill is left out."""
    names, days = request.form.getlist("skill"), request.form.getlist("until")
    skills = {name: _day(until) for name, until in zip(names, days, strict=False) if name.strip()}
    identity.set_skills(work(), user_id, skills)
    say(_("Saved."))
    return go("admin.person", user_id=user_id)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise InvalidInputError(_("This is no day."), remedy=_("Write it as 2026-12-31."), place=text[:20]) from error
