"""Every error becomes an answer that says what happened, what was kept and what to do: a page, a part, or JSON."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from flask import Flask, jsonify, make_response, redirect, request, session, url_for
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge
from werkzeug.wrappers import Response

from bpm.engine.findings import Finding
from bpm.foundation.errors import (
    ConflictError,
    EarshotError,
    EngineError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    RefusedError,
    SecretUnreadableError,
    TooLargeError,
    TooManyRequestsError,
)
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from web.core.rendering import is_htmx, render, render_part
from web.core.request_context import ProofNeededError, SecondFactorNeededError, SignInNeededError
from web.core.sessions.kept_forms import ProofPage, SignInPage, form_as_sent

log = logger(__name__)

STATUS: tuple[tuple[type[EarshotError], int, str], ...] = (
    (SignInNeededError, 401, "Sign in first"),
    (NotFoundError, 404, "Not found"),
    (ForbiddenError, 403, "Not for you"),
    (TooLargeError, 413, "Too large"),
    (RefusedError, 400, "Refused"),
    (InvalidInputError, 400, "That does not fit"),
    (TooManyRequestsError, 429, "Too many requests"),
    (ConflictError, 409, "Somebody was first"),
    (SecretUnreadableError, 503, "A key is missing"),
    (EngineError, 422, "The process could not go on"),
    (EarshotError, 400, "That did not work"),
)
KEPT = {
    409: "Nothing of what you sent was kept; what the other person did stands.",
    422: "Nothing of what you sent was kept; the instance stands where it stood.",
    500: "Nothing of what you sent was kept.",
}


@dataclass(frozen=True)
class ErrorPage:
    status: int
    title: str
    message: str
    kept: str
    remedy: str
    fields: Mapping[str, str]
    findings: tuple[Finding, ...] = ()


def set_up(app: Flask) -> None:
    """Catch ours, HTTP's own, and everything else."""
    app.register_error_handler(EarshotError, _ours)
    app.register_error_handler(CSRFError, _csrf)
    app.register_error_handler(RequestEntityTooLarge, _too_large)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(OperationalError, _ground)
    app.register_error_handler(Exception, _unforeseen)


def _ours(error: EarshotError) -> Response:
    status, title = next((status, title) for kind, status, title in STATUS if isinstance(error, kind))
    if status >= 500:
        log.error("cannot be answered", path=request.path, method=request.method, error=str(error))
    if not _wants_json():
        for kind, lead in LEADS.items():
            if isinstance(error, kind):
                return lead()
    place = f"{error.place}: " if error.place and not isinstance(error, ConflictError) else ""
    fields = error.fields if isinstance(error, InvalidInputError) else {}
    findings = [each for each in error.findings if isinstance(each, Finding)] if isinstance(error, RefusedError) else []
    kept = KEPT.get(status, "")
    answer = _answer(ErrorPage(status, title, place + error.message, kept, error.remedy, fields, tuple(findings)))
    if isinstance(error, TooManyRequestsError):
        answer.headers["Retry-After"] = str(whole_seconds(error.retry_after))
    return answer


def whole_seconds(wait: timedelta) -> int:
    """A wait as the header Retry-After has it: in seconds, never too short."""
    return max(1, ceil(wait.total_seconds()))


def _to_sign_in() -> Response:
    """A way back in that keeps what was typed: pages lead to the sign-in page, parts and programs are told."""
    target = request.full_path.rstrip("?") if request.method == "GET" and not is_htmx() else ""
    url = url_for("login.sign_in_page", next=target or None)
    if is_htmx():
        return _told(render_part("core/session_ended.html", "notice", ErrorPage(401, "", "", "", "", {})), 401)
    if _is_fetch():
        return make_response(jsonify(error=_("Your session ended."), sign_in=url), 401)
    if request.method == "GET" or "was" not in session:
        return redirect(url, 303)
    return _ask_again()


def _ask_again() -> Response:
    """The sign-in page, with the form that came without a session on board."""
    kept = form_as_sent()
    page = SignInPage(again=True, kept=kept, lost=kept is None and bool(request.form or request.files))
    return make_response(render("sign_in/login.html", page), 401)


def _to_proof() -> Response:
    if is_htmx():
        return _told(render_part("core/session_ended.html", "proof", ErrorPage(403, "", "", "", "", {})), 403)
    if request.method == "GET":
        return redirect(url_for("login.proof_page", next=request.full_path.rstrip("?")), 303)
    bearer = current_user.bearer
    return make_response(render("sign_in/proof.html", ProofPage(by_code=bearer.has_totp, kept=form_as_sent())), 403)


def _is_fetch() -> bool:
    """Whether a script asks, to which a page would be no answer (Fetch Metadata, 2.1)."""
    return request.headers.get("Sec-Fetch-Dest") == "empty"


LEADS: dict[type[EarshotError], Callable[[], Response]] = {
    SignInNeededError: _to_sign_in,
    ProofNeededError: _to_proof,
    SecondFactorNeededError: lambda: redirect(url_for("profile.second_factor"), 303),
}
"""What is no error page, but a way on."""


def _csrf(_error: CSRFError) -> Response:
    """A form without its proof: mostly of a page that is older than the session."""
    if request.headers.get("Sec-Fetch-Site") == "same-origin" and not current_user.is_authenticated and not is_htmx():
        return _ask_again() if not _is_fetch() else _to_sign_in()
    return _answer(
        ErrorPage(
            400,
            _("The form is out of date"),
            _("Your session ended while this page was open."),
            _("Nothing of what you sent was kept."),
            _("Go back, reload the page and send the form again."),
            {},
        )
    )


def _too_large(error: RequestEntityTooLarge) -> Response:
    return _answer(
        ErrorPage(413, "Too large", "What was sent is larger than this server accepts.", "", "Send less at once.", {})
    )


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()
    titles = {404: "Not found", 405: "Not here"}
    messages = {
        404: "There is no such page, or it is not for you.",
        405: "This address does not take that kind of request.",
    }
    remedies = {404: "Check the address, or search for what you want.", 405: "Go back to the page you came from."}
    page = ErrorPage(
        status,
        titles.get(status, error.name),
        messages.get(status, error.description or error.name),
        "",
        remedies.get(status, ""),
        {},
    )
    return _answer(page)


FULL = ("disk is full", "no space left")
"""How SQLite and PostgreSQL say that there is no room."""


def _ground(error: OperationalError) -> Response:
    """The database is full, stopped, or was lost on the way: all that we write is one transaction, kept or not."""
    log.error("database failed", path=request.path, method=request.method, error=str(error.orig))
    if any(words in str(error.orig).lower() for words in FULL):
        remedy = "Tell an operator: the disk of the database is full. Send it again when there is room."
        page = ErrorPage(507, "No room", "The database has no room left to write to.", KEPT[500], remedy, {})
    else:
        kept = "" if request.method in {"GET", "HEAD"} else "What you sent was kept as a whole or not at all."
        remedy = "Try again in a moment: what was kept already is not done a second time."
        page = ErrorPage(503, "The database does not answer", "Earshot lost its database just now.", kept, remedy, {})
    try:
        answer = _answer(page)
    except SQLAlchemyError:  # even who is signed in cannot be read: the page without its frame
        said = f"<h1>{page.title}</h1><p>{page.message} {page.kept}</p><p>{page.remedy}</p>"
        answer = make_response(f'<!doctype html><html lang="en"><title>{page.title}</title>{said}</html>', page.status)
    answer.headers["Retry-After"] = "5"
    return answer


def _unforeseen(error: Exception) -> Response:
    log.exception("request failed", path=request.path, method=request.method, exc_info=error)
    remedy = "Try again; if it stays, tell an operator the time and the address of this page."
    return _answer(ErrorPage(500, "Our mistake", "Something went wrong in Earshot itself.", KEPT[500], remedy, {}))


def _wants_json() -> bool:
    return request.path.startswith("/api/")


def _answer(page: ErrorPage) -> Response:
    if _wants_json():
        response = jsonify(
            error=page.title, message=page.message, remedy=page.remedy, fields=dict(page.fields), status=page.status
        )
        response.status_code = page.status
        return response
    if not is_htmx():
        return make_response(render("core/error.html", page), page.status)
    return _told(render_part("core/error.html", "notice", page), page.status)


def _told(part: str, status: int) -> Response:
    """A part of a page, said where problems are said; the rest of the page stays as it is."""
    answer = make_response(part, status)
    answer.headers["HX-Retarget"], answer.headers["HX-Reswap"] = "#notice", "innerHTML"
    return answer
