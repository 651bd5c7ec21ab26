"""Lands each person where their work is."""

from dataclasses import dataclass

from flask import Blueprint, current_app, redirect, url_for
from werkzeug.wrappers import Response

from bpm.identity import Permission
from web import rooms
from web.pages import render
from web.security import needs
from web.visit import actor

blueprint = Blueprint("home", __name__)


@dataclass(frozen=True)
class Welcome:
    name: str


@blueprint.get("/")
@needs(Permission.SIGNED_IN)
def home() -> Response | str:
    roles = actor().roles
    for role, endpoint in rooms.HOMES:
        if role in roles and endpoint in current_app.view_functions:
            return redirect(url_for(endpoint))
    return render("welcome.html", Welcome(actor().display_name))
