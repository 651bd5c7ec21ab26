"""Screens and HTTP API; a guest of the library."""

from importlib import import_module
from typing import cast

from flask import Flask

from bpm.app import App
from web import assets, errors, notices, once, pages, security, tags
from web.core import rate_limits, request_bounds
from web.numbers import KeyConverter
from web.visit import House

SLICES = (
    "web.login",
    "web.assets",
    "web.live",
    "web.health",
    "web.home",
    "web.search",
    "web.tasklist",
    "web.designer",
    "web.instances",
    "web.operations",
    "web.admin",
    "web.insights",
    "web.insights.links",
    "web.triggers",
    "web.inbox",
    "web.inbox.imports",
    "web.api",
)
"""Each names a module with a `blueprint`; the order is of no importance."""


def create_app(product: App) -> Flask:
    """The web application over `product`, ready for any WSGI server."""
    house = House("web", product)
    house.config.update(
        SECRET_KEY=security.secret_of(product.settings),
        SESSION_COOKIE_NAME="earshot",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=product.settings.secure_cookies,
        MAX_CONTENT_LENGTH=product.settings.upload_bytes,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )
    house.url_map.converters["int"] = KeyConverter
    for part in (request_bounds, security, rate_limits, errors, assets, pages, tags, notices, once):
        part.set_up(house)
    for name in SLICES:
        house.register_blueprint(import_module(name).blueprint)
    pages.load_macros(house)
    return cast("Flask", house)
