"""The blueprint of this slice, and the tabs that lead from page to page."""

from flask import Blueprint, request, url_for

from bpm.foundation.texts import _
from web.core.rendering import Choice

blueprint = Blueprint("economics", __name__, url_prefix="/insights")

PAGES = (
    ("economics.costs", _("Costs")),
    ("economics.causes", _("Causes of contact")),
    ("economics.channels", _("Demand and spend")),
    ("economics.capacity", _("Capacity")),
    ("economics.stop", _("What to stop")),
    ("economics.plan", _("Rates and budgets")),
)


def tabs() -> tuple[Choice, ...]:
    """All pages of the slice; the period goes with the reader."""
    days = request.args.get("days")
    return tuple(Choice(label, url_for(to, days=days), request.endpoint == to) for to, label in PAGES)
