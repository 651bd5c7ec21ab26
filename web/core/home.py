"""Lands each person where their work is."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, current_app, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import actor
from web.core.security import needs
from web.ui import navigation

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Welcome:
    name: str
    shared: tuple[tuple[str, str], ...]
    """(name, address) of each thing that the person may see without a room being open to them."""


SHARED = {
    "process": ("designer.process", "key", _("Process %(key)s")),
    "case": ("instances.instance", "instance_id", _("Case %(key)s")),
    "conversation": ("guests.conversation", "conversation_id", _("Conversation %(key)s")),
}
"""Kind of thing -> where it is shown: endpoint, the part of its address, and what a link to it says."""


@blueprint.get("/")
@needs(Permission.SIGNED_IN)
def home() -> Response | str:
    chosen = current_user.bearer.start_page
    if chosen in navigation.STARTS and chosen in current_app.view_functions:
        return redirect(url_for(chosen))
    roles = actor().roles
    for role, endpoint in navigation.HOMES:
        if role in roles and endpoint in current_app.view_functions:
            return redirect(url_for(endpoint))
    return render("core/welcome.html", Welcome(actor().display_name, _shared()))


def _shared() -> tuple[tuple[str, str], ...]:
    things = sorted({(kind, key) for _permission, kind, key in actor().scoped if kind in SHARED})
    links = []
    for kind, key in things:
        endpoint, part, words = SHARED[kind]
        if part == "key" or key.isdecimal():
            values: dict[str, Any] = {part: key if part == "key" else int(key)}
            links.append((words % {"key": key}, url_for(endpoint, **values)))
    return tuple(links)
