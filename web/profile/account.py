"""The page of one's own account, and the password."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast
from zoneinfo import available_timezones

from flask import make_response, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, ProfileForm, may, oidc
from bpm.identity.entry.sessions import SessionRow
from web.core.rate_limits import limited
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.profile.blueprint import blueprint
from web.sign_in.bearers import current_bearer
from web.sign_in.ways import ways
from web.ui import navigation
from web.ui.fields import Field

LANGUAGES = (("en", "English"),)
"""(code, its own name) of the languages that pages are written in."""


@dataclass(frozen=True)
class ProfilePage:
    username: str
    fields: tuple[Field, ...]
    has_password: bool
    password_problems: Mapping[str, str]
    second_factor_since: str
    recovery_codes: int
    sessions: tuple[SessionRow, ...]
    this_session: int
    linked: tuple[str, ...]
    """Issuers of the accounts that are linked."""
    skills: tuple[tuple[str, str], ...]
    """(skill, last day)"""
    roles: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    provider: str = ""
    tokens: int = 0
    """Tokens for programs that hold."""


@blueprint.get("")
@needs(Permission.SIGNED_IN)
def profile() -> str:
    return render("profile/profile.html", _page(work()))


def _page(
    unit: Work, *, form: ProfileForm | None = None, errors: Mapping[str, str] | None = None,
    password_problems: Mapping[str, str] | None = None,
) -> ProfilePage:  # fmt: skip
    bearer = current_bearer()
    user_id = cast("int", actor().user_id)
    user = identity.get_user(unit, user_id)
    shown = form or ProfileForm(
        user.display_name, user.time_zone, user.language, user.theme, user.start_page, user.after_task
    )
    return ProfilePage(
        username=user.username,
        fields=_fields(shown, errors or {}),
        has_password=bool(user.password_hash),
        password_problems=password_problems or {},
        second_factor_since=f"{user.totp_since:%Y-%m-%d}" if user.totp_since else "",
        recovery_codes=identity.count_recovery_codes(unit, user_id) if user.totp_since else 0,
        sessions=tuple(identity.list_sessions(unit, user_id)),
        this_session=bearer.session_id if bearer else 0,
        linked=tuple(account.issuer for account in oidc.list_accounts(unit, user_id)),
        skills=tuple(
            (each.name, f"{each.expires_on}" if each.expires_on else "") for each in identity.list_skills(unit, user_id)
        ),
        roles=tuple(sorted(user.roles)),
        groups=tuple(group.name for group in user.groups),
        provider=ways().provider,
        tokens=sum(not each.ended for each in identity.list_api_tokens(unit, user_id)),
    )


def _fields(form: ProfileForm, errors: Mapping[str, str]) -> tuple[Field, ...]:
    zones = tuple((name, name.replace("_", " ")) for name in sorted(available_timezones()) if "/" in name)
    rooms = (each for each in navigation.ENTRIES if may(actor(), each.permission))
    starts = tuple((each.endpoint, each.label) for each in rooms)
    after = (("next", _("Open the next task")), ("stay", _("Stay at the task")))
    themes = (("", _("As the system is")), ("light", _("Light")), ("dark", _("Dark")))

    def choice(name: str, label: str, options: tuple[tuple[str, str], ...], value: str, *, note: str = "") -> Field:
        return Field(
            name=name, label=label, kind="select", required=False, options=options, value=value,
            help=note, error=errors.get(name, ""),
        )  # fmt: skip

    return (
        Field(
            name="display_name", label=_("Name"), kind="text", required=True, value=form.display_name,
            help=_("Colleagues and customers see it."), error=errors.get("display_name", ""),
            limits={"maxlength": "200"},
        ),
        choice("time_zone", _("Time zone"), zones, form.time_zone, note=_("Times on pages are told in it; none: UTC.")),
        choice("language", _("Language"), LANGUAGES, form.language),
        choice("theme", _("Colours"), themes[1:], form.theme, note=_("None: as your system is.")),
        choice("start_page", _("Page to begin with"), starts, form.start_page, note=_("None: where your work is.")),
        choice("after_task", _("When a task is completed"), after, form.after_task, note=_("None: back to the list.")),
    )  # fmt: skip


@blueprint.post("")
@needs(Permission.SIGNED_IN)
def change() -> str | Response:
    sent = request.form
    start, language = sent.get("start_page", ""), sent.get("language", "")
    form = ProfileForm(
        sent.get("display_name", ""),
        sent.get("time_zone", ""),
        language if language in dict(LANGUAGES) else "",
        sent.get("theme", ""),
        start if start in navigation.STARTS else "",
        sent.get("after_task", ""),
    )
    try:
        identity.change_profile(work(), cast("int", actor().user_id), form)
    except InvalidInputError as error:
        return make_response(render("profile/profile.html", _page(work(), form=form, errors=error.fields)), 400)
    say(_("Saved."))
    return go("profile.profile")


@blueprint.post("/password")
@needs(Permission.SIGNED_IN, unit="own")
@limited("sign-in")
def change_password() -> Response:
    """Asks for the old one; all other sessions end."""
    bearer = current_bearer()
    assert bearer is not None  # noqa: S101 (the route is for people who are signed in)
    user_id, sent = cast("int", actor().user_id), request.form
    problems = {}
    if sent.get("password", "") != sent.get("password_again", ""):
        problems["password_again"] = _("This is not the same.")
    elif not _is_own_password(user_id, sent.get("old_password", "")):
        problems["old_password"] = _("This is not your password. Nothing was changed.")
    else:
        try:
            with product().unit_of_work(actor()) as unit:
                identity.set_password(unit, user_id, sent.get("password", ""), keep=bearer.session_id)
        except InvalidInputError as error:
            problems = dict(error.fields)
    if problems:
        with product().unit_of_work.reading(actor()) as unit:
            return make_response(render("profile/profile.html", _page(unit, password_problems=problems)), 400)
    say(_("Your password is changed. You are signed out everywhere else."))
    return go("profile.profile")


def _is_own_password(user_id: int, password: str) -> bool:
    login = identity.LoginTry(actor().name, request.remote_addr or "", f"profile {user_id}")
    with product().unit_of_work() as unit:
        identity.reserve(unit, login)
        credentials = identity.find_credentials(unit, actor().name)
    if not credentials.match(password):
        return False
    with product().unit_of_work() as unit:
        identity.forgive(unit, login)
    return True
