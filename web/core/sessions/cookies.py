"""The cookie of a session: bound to this host and sent over https only, but over plain http on this very machine."""

from typing import cast

from flask import Flask, request
from flask.sessions import SecureCookieSessionInterface

from web.core.request_context import EarshotFlask

SECURE_NAME, PLAIN_NAME = "__Host-earshot", "earshot"
"""A browser takes a cookie whose name begins with __Host- from this host alone, over https, for all paths (RFC 6265bis,
4.1.3.2); on plain http there is another name, so that what is set there is never read over https."""
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")


class HostCookie(SecureCookieSessionInterface):
    """Flask's signed cookie under the name and with the flags that fit the way the request came."""

    def get_cookie_name(self, app: Flask) -> str:
        return SECURE_NAME if is_secure_cookie(app) else PLAIN_NAME

    def get_cookie_secure(self, app: Flask) -> bool:
        return is_secure_cookie(app)


def set_up(app: Flask) -> None:
    app.session_interface = HostCookie()


def is_secure_cookie(app: Flask) -> bool:
    """Whether cookies are for https alone: everywhere but on plain http on loopback, and there if the setting says."""
    settings = cast("EarshotFlask", app).product.settings
    return settings.secure_cookies or not is_plain_loopback()


def is_plain_loopback() -> bool:
    """Whether the browser speaks plain http with this very machine, which no one can listen to."""
    host = request.host if request.host.endswith("]") else request.host.rpartition(":")[0] or request.host
    return not request.is_secure and host in LOOPBACK


def cookies_are_refused() -> bool:
    """Whether the browser will not keep the cookie: plain http from another machine."""
    return not request.is_secure and not is_plain_loopback()
