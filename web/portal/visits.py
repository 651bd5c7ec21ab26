"""Who showed a code in this browser: by a cookie that this site alone gets back, and a word in its forms."""

from flask import request

from bpm.feedback import portal
from bpm.feedback.portal import Visitor
from bpm.feedback.portal.keys import hash_of
from bpm.foundation.errors import ForbiddenError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from web.core.request_context import OTHER_SITES

COOKIE = "earshot_visit"


def visit_word() -> str:
    """What the cookie holds; empty without one."""
    return request.cookies.get(COOKIE, "")


def visitor_of(work: Work) -> Visitor:
    """Who showed a code in this browser; ForbiddenError when nobody did."""
    return portal.find_visit(work, visit_word())


def visitor_or_none(work: Work) -> Visitor | None:
    """The same; None when nobody did."""
    try:
        return visitor_of(work)
    except ForbiddenError:
        return None


def proof_of_visit() -> str:
    """A word for forms that no other site knows; empty without a visit."""
    return proof_of(visit_word())


def proof_of(word: str) -> str:
    """The same for the visit whose cookie holds `word`."""
    return hash_of(f"form {word}")[:32] if word else ""


def demand_proof() -> None:
    """Forms of a visit come from its own pages: the cookie alone is no proof. ForbiddenError."""
    if request.headers.get("Sec-Fetch-Site") in OTHER_SITES or request.form.get("proof", "") != proof_of_visit():
        raise ForbiddenError(_("This form was sent by another site."), remedy=_("Open the page anew."))
