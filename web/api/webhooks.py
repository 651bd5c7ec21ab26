"""The HTTP API for other systems: JSON in, JSON out, every caller proven by a signature."""

from flask import Blueprint, Response, jsonify, request

from bpm import feedback
from bpm.feedback import Delivered, connectors
from bpm.foundation.errors import ConflictError
from bpm.identity import Permission
from web.core.rate_limits import limited
from web.core.request_context import product
from web.core.security import needs

PROVING = ("x-earshot-timestamp", "x-earshot-signature", "typeform-signature", "authorization")
"""Headers that say who calls."""

blueprint = Blueprint("api", __name__, url_prefix="/api")


@blueprint.post("/webhooks/<key>")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("webhook")
def webhook(key: str) -> tuple[Response, int]:
    """Take in what another system posts (see bpm.feedback.channels.webhook); 202 with what became of each object."""
    try:
        got = _receive(key)
    except ConflictError:  # two calls raced for the same item: by now the other's is there
        got = _receive(key)
    items = [
        {"item_id": each.item_id, "outcome": each.outcome}
        | ({"cut": each.cut} if each.cut else {})
        | ({"warnings": warnings} if (warnings := [*row.warnings, *filter(None, [each.warning])]) else {})
        for row, each in zip(got.items, got.received, strict=True)
    ]
    left_out = [{"place": f"items[{row.number - 1}]", "reason": row.ignored} for row in got.left_out]
    return jsonify({"item_id": items[0]["item_id"] if items else None, "items": items, "left_out": left_out}), 202


@blueprint.post("/sources/<int:source_id>")
@needs(Permission.PUBLIC, unit="own", csrf=False)
@limited("webhook")
def call(source_id: int) -> tuple[Response, int]:
    """Take in what a connected system posts, signed in its own way; 202 with how many records it held."""
    headers, body = dict(request.headers.items()), request.get_data(cache=True)
    try:
        number = connectors.receive_call(product().unit_of_work, source_id, headers, body)
    except ConflictError:  # two calls raced for the same item: by now the other's is there
        number = connectors.receive_call(product().unit_of_work, source_id, headers, body)
    return jsonify({"records": number}), 202


def _receive(key: str) -> Delivered:
    return feedback.receive_webhook(
        product().unit_of_work,
        key,
        request.get_data(cache=True),
        headers={name: request.headers.get(name, "") for name in PROVING},
    )
