"""Who may come in, and what a browser may do with our pages."""

import secrets
from collections.abc import Callable
from typing import Any, TypeVar

from flask import Flask, Response, g, request
from flask_login import LoginManager
from flask_wtf.csrf import CSRFProtect

from bpm.foundation.home import write_once
from bpm.foundation.settings import Settings
from bpm.identity import Permission, may
from web.core.request_context import RouteRequirement, Unit, actor
from web.core.sessions import cookies

View = TypeVar("View", bound=Callable[..., Any])

FIXED_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
}


def needs(
    permission: Permission, *, unit: Unit = "request", csrf: bool = True, proof: bool = False
) -> Callable[[View], View]:
    """Name the permission of a route; every view wears this below its `@blueprint.route`.

    `unit="own"` for views that work outside a transaction first (checking an upload) or stream. `csrf=False` only
    where the caller is proven otherwise. `proof`: administration, for which people show again who they are when the
    last time is a while ago. Whether this very object is for this person is the room's to decide.
    """

    def mark(view: View) -> View:
        view.__dict__["need"] = RouteRequirement(permission, unit, csrf, proof)
        return view

    return mark


def set_up(app: Flask) -> None:
    """Sessions, CSRF, the content security policy and the other headers."""
    manager = LoginManager(app)
    manager.session_protection = None  # a session is a row: an address that changes on the way ends it for nobody
    CSRFProtect(app)
    app.after_request(_add_headers)
    app.jinja_env.globals.update(csp_nonce=csp_nonce, may=lambda name: may(actor(), Permission(name)), me=actor)
    app.jinja_env.globals["cookies_are_refused"] = cookies.cookies_are_refused


def csp_nonce() -> str:
    """The random word of this answer that lets our own inline elements run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return str(g.csp_nonce)


def _policy() -> str:
    nonce = f"'nonce-{csp_nonce()}'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {nonce}",
            f"style-src 'self' {nonce}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )


def _add_headers(response: Response) -> Response:
    for name, value in FIXED_HEADERS.items():
        response.headers.setdefault(name, value)
    response.headers.setdefault("Content-Security-Policy", _policy())
    if request.is_secure:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def secret_of(settings: Settings) -> str:
    """The key that signs sessions: as set, or made once and kept readable by its owner only."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.home / "secret_key"
    if not path.exists():
        write_once(path, secrets.token_urlsafe(48))
    return path.read_text().strip()
