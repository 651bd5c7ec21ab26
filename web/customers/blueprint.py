"""The blueprint that the pages of this slice hang their routes on."""

from flask import Blueprint, url_for

from bpm.feedback import queries
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from web.core.rendering import Choice
from web.core.request_context import actor, work

blueprint = Blueprint("customers", "web.customers", url_prefix="/customers")


def tabs(now: str) -> tuple[Choice, ...]:
    """The pages about customers; how many proposals wait stands beside theirs."""
    waiting = queries.count_proposals(work())
    proposals = _("May be one (%(count)s)") % {"count": waiting} if waiting else _("May be one")
    pages = [("customers", _("Customers")), ("proposals", proposals), ("held", _("Held apart"))]
    if may(actor(), Permission.IMPORT):
        pages.append(("own", _("Ourselves and our sources")))
    if may(actor(), Permission.RAW):
        pages.append(("keeping", _("How long it is kept")))
    return tuple(Choice(label, url_for(f"customers.{name}"), name == now) for name, label in pages)
