"""Whose session a request carries, and that it is in use."""

from dataclasses import dataclass
from typing import cast

from flask import Flask, Response, g, request
from flask_login import current_user
from sqlalchemy.exc import SQLAlchemyError

from bpm.foundation.errors import EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.work import Actor
from bpm.identity import Bearer, find_session, note_use
from web.core.request_context import product

log = logger(__name__)


@dataclass(frozen=True)
class Person:
    """Who is signed in, in the shape that Flask-Login asks for."""

    bearer: Bearer
    token: str
    is_authenticated: bool = True
    is_active: bool = True
    is_anonymous: bool = False

    @property
    def actor(self) -> Actor:
        return self.bearer.actor

    def get_id(self) -> str:
        """What the cookie holds of it: the id of the session."""
        return self.token


def set_up(app: Flask) -> None:
    """Sessions are looked up here, and noted after the answer."""
    app.login_manager.user_loader(load_person)  # type: ignore[attr-defined] # Flask-Login puts it there
    app.after_request(_note)


def load_person(token: str) -> Person | None:
    """The person of a session, unless it ended or its person was switched off."""
    if "work" in g:
        bearer = find_session(g.work, token)
    else:
        with product().unit_of_work.reading() as work:
            bearer = find_session(work, token)
    if bearer is None:
        return None
    g.reader_zone, g.reader_theme = bearer.time_zone, bearer.theme
    return Person(bearer, token)


def current_bearer() -> Bearer | None:
    """The session of this request."""
    person = current_user._get_current_object()  # noqa: SLF001 (the proxy would look for it at every attribute)
    return cast("Person", person).bearer if person.is_authenticated else None


def _note(response: Response) -> Response:
    """Pages that only listen do not keep a session alive; where the note cannot be written the answer goes out."""
    if "_login_user" not in g or (request.endpoint or "").partition(".")[0] in {"live", "assets", "health"}:
        return response
    bearer = current_bearer()
    if bearer is None or not bearer.is_worth_noting(product().clock.now()):
        return response
    try:
        note_use(product().unit_of_work, bearer.session_id)
    except (EarshotError, SQLAlchemyError) as error:
        log.warning("use of a session not noted", error=str(error))
    return response
