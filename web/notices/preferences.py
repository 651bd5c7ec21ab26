"""How the person wants to be told: by kind, and where and when mails come."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import available_timezones

from flask import request
from werkzeug.wrappers import Response

from bpm import mail, notices, processes
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.notices import KINDS, Preferences, Way
from web.core.rendering import go, render, say
from web.core.request_context import actor, product, work
from web.core.security import needs
from web.notices.blueprint import blueprint
from web.ui.fields import Field


@dataclass(frozen=True)
class PreferencesPage:
    ways: tuple[Field, ...]
    address: Field
    zone: Field
    hour: Field
    zones: tuple[str, ...]
    mail_is_set_up: bool
    remedy: str
    """What to do where mail is not set up, for those who can do it."""
    problem: str = ""


@blueprint.get("/preferences", endpoint="preferences")
@needs(Permission.SIGNED_IN)
def show_preferences() -> str:
    return _render(notices.get_preferences(work(), _me()), {})


@blueprint.post("/preferences")
@needs(Permission.SIGNED_IN)
def save_preferences() -> Response | tuple[str, int]:
    wanted = _read()
    try:
        notices.save_preferences(work(), _me(), wanted, newest_offer=processes.newest_task(work()))
    except InvalidInputError as error:
        return _render(wanted, error.fields), 400
    say(_("Saved: this is how you are told from now on."))
    return go("notices.preferences")


def _me() -> int:
    person = actor().user_id
    assert person is not None  # noqa: S101 (the route asks for somebody who is signed in)
    return person


def _read() -> Preferences:
    """What the form says; what it does not say is as the kind says."""
    form = request.form
    hour = form.get("digest_hour", "")
    return Preferences(
        ways={kind.key: _way(form.get(kind.key, ""), kind.default) for kind in KINDS},
        address=form.get("address", ""),
        zone=form.get("zone", "").strip(),
        digest_hour=int(hour) if hour.isascii() and hour.isdigit() and len(hour) < 3 else -1,
    )


def _way(written: str, default: Way) -> Way:
    return Way(written) if written in set(Way) else default


def _render(wanted: Preferences, errors: Mapping[str, str]) -> str:
    ways = [
        (Way.OFF, _("not at all")), (Way.SCREEN, _("on screen")), (Way.DIGEST, _("on screen, and in a daily mail")),
        (Way.MAIL, _("on screen, and by mail at once")),
    ]  # fmt: skip
    hours = [(str(hour), f"{hour:02}:00") for hour in range(24)]
    at = str(wanted.digest_hour)
    page = PreferencesPage(
        ways=tuple(
            Field(kind.key, kind.label, "select", required=True, value=str(wanted.ways[kind.key]), options=ways)
            for kind in KINDS
        ),
        address=Field(
            "address", _("Mail address"), "email", value=wanted.address, error=errors.get("address", ""),
            help=_("Where mails with notices go."),
        ),
        zone=Field(
            "zone", _("Time zone"), "text", required=True, value=wanted.zone, error=errors.get("zone", ""),
            limits={"list": "zones"}, help=_("Begin with the continent, such as Europe/Berlin."),
        ),
        hour=Field(
            "digest_hour", _("Daily mail at"), "select", required=True, value=at, options=hours,
            error=errors.get("digest_hour", ""),
        ),
        zones=_zones(),
        mail_is_set_up=mail.is_set_up(product().settings),
        remedy=mail.NOT_SET_UP if may(actor(), Permission.OPERATE) else _("An administrator can set it up."),
        problem=_("Not saved: see what is marked.") if errors else "",
    )  # fmt: skip
    return render("notices/preferences.html", page)


@cache
def _zones() -> tuple[str, ...]:
    """The names that are shown to choose from; others are taken, too."""
    return tuple(sorted(name for name in available_timezones() if "/" in name and not name.startswith("Etc/")))
