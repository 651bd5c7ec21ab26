"""The web application: every slice, and what stands around all of them."""

from importlib import import_module
from typing import cast

from flask import Flask

from bpm.app import App
from web.core import assets, banners, errors, idempotency, rate_limits, rendering, request_bounds, security
from web.core.numbers import KeyConverter
from web.core.on_record import reads
from web.core.on_record import rows as audit_rows
from web.core.request_context import EarshotFlask
from web.core.sessions import cookies
from web.sign_in import bearers, ways
from web.ui import html

SLICES = (
    "web.sign_in",
    "web.profile",
    "web.core.assets",
    "web.live",
    "web.core.health",
    "web.core.home",
    "web.core.banners",
    "web.search.search",
    "web.notices",
    "web.tasks",
    "web.designer",
    "web.instances",
    "web.instances.case_list",
    "web.operations",
    "web.admin",
    "web.audit.pages",
    "web.demo",
    "web.insights.pages",
    "web.insights.links",
    "web.insights.said_after",
    "web.insights.causes",
    "web.insights.suggestions",
    "web.insights.between",
    "web.insights.artefacts",
    "web.insights.praise",
    "web.insights.departments",
    "web.insights.log",
    "web.elsewhere",
    "web.charts.pages",
    "web.reports",
    "web.economics",
    "web.pictures",
    "web.rollouts",
    "web.verdicts",
    "web.verdicts.acts",
    "web.charts.measured",
    "web.alarms",
    "web.influence",
    "web.perception",
    "web.maturity",
    "web.hold_outs",
    "web.improvements",
    "web.triggers.pages",
    "web.inbox",
    "web.outbox",
    "web.inbox.policies.goodwill",
    "web.inbox.guests",
    "web.customers",
    "web.promises",
    "web.playbooks",
    "web.clocks",
    "web.inbox.imports",
    "web.themes",
    "web.sources.pages",
    "web.incidents",
    "web.incidents.public",
    "web.guards",
    "web.webforms.pages",
    "web.webforms.public",
    "web.portal",
    "web.portal.inside",
    "web.portal.answers",
    "web.knowledge.pages",
    "web.portal.survey",
    "web.portal.figures",
    "web.outbox.canned",
    "web.portal.board",
    "web.improvements.board",
    "web.ownership",
    "web.own_ways",
    "web.api.webhooks",
    "web.api.v1",
    "web.api.measures",
    "web.api.rollouts",
    "web.api.verdicts",
)
"""Each names a module with a `blueprint`; the order is of no importance."""


PARTS = (
    audit_rows,
    reads,
    request_bounds,
    cookies,
    security,
    bearers,
    ways,
    rate_limits,
    errors,
    assets,
    rendering,
    html,
    banners,
    idempotency,
)
"""What stands around every slice, in the order in which it is set up."""


def create_app(product: App) -> Flask:
    """The web application over `product`, ready for any WSGI server."""
    app = EarshotFlask("web", product)
    app.config.update(
        SECRET_KEY=security.secret_of(product.settings),
        SESSION_COOKIE_NAME=cookies.PLAIN_NAME,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        MAX_CONTENT_LENGTH=product.settings.upload_bytes,
        WTF_CSRF_CHECK_DEFAULT=False,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_HEADERS=["X-CSRFToken"],
    )
    app.url_map.converters["int"] = KeyConverter
    for part in PARTS:
        part.set_up(app)
    for name in SLICES:
        app.register_blueprint(import_module(name).blueprint)
    rendering.load_macros(app)
    return cast("Flask", app)
