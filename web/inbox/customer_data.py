"""What is kept of one customer: counted, handed out as a file, or erased for good; all of it on the audit trail."""

from collections.abc import Mapping
from dataclasses import dataclass

import orjson
from flask import make_response, request, url_for
from sqlalchemy import select
from werkzeug.wrappers import Response

from bpm.feedback.models import Customer, Erasure
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from bpm.processes.erasure import backups_in, erase_person, export_person, plain, preview_erasure
from web.core.rendering import disposition, go, render, say
from web.core.request_context import product, work
from web.core.security import needs
from web.inbox.blueprint import blueprint


@dataclass(frozen=True)
class CustomerDataPage:
    """What inbox/customer_data.html shows."""

    customer_id: int
    name: str
    counts: Mapping[str, int]
    """Kind in words -> how many there are."""
    erasure: Erasure | None
    """The newest, when they were erased."""
    items_url: str
    written: Mapping[str, str]
    errors: Mapping[str, str]


@blueprint.get("/customers/<int:customer_id>/data")
@needs(Permission.RAW)
def customer_data(customer_id: int) -> str:
    return render("inbox/customer_data.html", _page(customer_id))


def _page(
    customer_id: int, *, written: Mapping[str, str] | None = None, errors: Mapping[str, str] | None = None
) -> CustomerDataPage:
    customer = work().session.get(Customer, customer_id)
    if customer is None:
        raise NotFoundError(_("There is no customer %(id)s.") % {"id": customer_id})
    newest = select(Erasure).where(Erasure.customer_id == customer_id).order_by(Erasure.id.desc()).limit(1)
    return CustomerDataPage(
        customer_id=customer_id,
        name=customer.name or _("customer %(id)s") % {"id": customer_id},
        counts={words: count for words, count in preview_erasure(work(), customer_id).items() if count},
        erasure=work().session.scalars(newest).first(),
        items_url=url_for("inbox.items", customer=customer_id, view="all"),
        written=written or {},
        errors=errors or {},
    )


@blueprint.post("/customers/<int:customer_id>/data/export")
@needs(Permission.RAW)
def hand_out_customer(customer_id: int) -> Response | tuple[str, int]:
    reason = request.form.get("reason", "")
    try:
        told = export_person(work(), customer_id, reason=reason)
    except InvalidInputError as error:
        return _again(customer_id, {"export": error.fields.get("reason", error.message)}, {"export": reason})
    answer = make_response(orjson.dumps(told, option=orjson.OPT_UTC_Z | orjson.OPT_NON_STR_KEYS, default=plain))
    answer.mimetype = "application/json"
    answer.headers["Content-Disposition"] = disposition(f"customer-{customer_id}.json")
    answer.headers["Cache-Control"] = "no-store"
    return answer


@blueprint.post("/customers/<int:customer_id>/data/erase")
@needs(Permission.RAW)
def erase_customer(customer_id: int) -> Response | tuple[str, int]:
    written = {"erase": request.form.get("reason", "")}
    if request.form.get("sure") != "yes":
        return _again(customer_id, {"sure": _("Say that you are sure: it cannot be taken back.")}, written)
    try:
        erase_person(work(), customer_id, reason=written["erase"], backups=backups_in(product().settings.home))
    except InvalidInputError as error:
        return _again(customer_id, {"erase": error.fields.get("reason", error.message)}, written)
    say(_("The customer is erased. Counts and charts stay as they were."))
    return go("inbox.customer_data", customer_id=customer_id)


def _again(customer_id: int, errors: Mapping[str, str], written: Mapping[str, str]) -> tuple[str, int]:
    return render("inbox/customer_data.html", _page(customer_id, errors=errors, written=written)), 400
