"""The HTTP API for other systems: JSON in, JSON out, every caller proven by a signature."""

from flask import Blueprint, Response, jsonify, request

from bpm import feedback
from bpm.feedback import Received
from bpm.foundation.errors import ConflictError
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/webhooks/<key>")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("webhook")
def webhook(key: str) -> tuple[Response, int]:
    """Take in what another system posts (see bpm.feedback.channels.webhook); 202 with what became of each item."""
    got = _receive(key, last_try=False) or _receive(key, last_try=True) or []
    items = [
        {"item_id": each.item_id, "outcome": each.outcome} | ({"cut": each.cut} if each.cut else {}) for each in got
    ]
    return jsonify({"item_id": items[0]["item_id"], "items": items}), 202


def _receive(key: str, *, last_try: bool) -> list[Received] | None:
    """None when two calls raced for the same item and this one may be tried again."""
    try:
        return feedback.receive_webhook(
            product().unit_of_work,
            key,
            request.get_data(cache=True),
            timestamp=request.headers.get("X-Earshot-Timestamp", ""),
            signature=request.headers.get("X-Earshot-Signature", ""),
        )
    except ConflictError:
        if last_try:
            raise
        return None
