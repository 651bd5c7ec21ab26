"""Lands each person where their work is."""

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import actor
from web.core.security import needs
from web.ui import navigation

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Welcome:
    name: str


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
    return render("core/welcome.html", Welcome(actor().display_name))
