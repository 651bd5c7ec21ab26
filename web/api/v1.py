"""The API for programs, version 1: who they are, what was said, answering it, and cases (docs/api.md)."""

from typing import Any

from flask import request

from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback import outbound, queries, tags
from bpm.feedback.models import OutboundMessage
from bpm.feedback.outbound import GateError, Wish
from bpm.feedback.outbound.mentoring import mentor_of, proposing
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from web.api import lists
from web.api.blueprint import blueprint
from web.api.callers import by_token, caller, instant_of, number_of, sent_object, text_of

__all__ = ["blueprint", "lists"]


@blueprint.get("/me")
@by_token(Permission.SIGNED_IN)
def me(work: Work) -> dict[str, Any]:
    """Whom the token acts for, and what it allows."""
    found = caller()
    return {
        "kind": "service" if found.is_service else "personal",
        "name": work.actor.display_name,
        "token": found.name,
        "scopes": list(found.scopes),
        "expires_at": found.expires_at.isoformat(),
    }


@blueprint.get("/items/<int:item_id>")
@by_token(Permission.SEE_FEEDBACK)
def item(work: Work, item_id: int) -> dict[str, Any]:
    """What somebody said, private data masked, and where it can be answered."""
    found = queries.get_item(work, item_id)
    row = found.row
    places = outbound.look(work, Wish(item_id, "")).places.all if found.current else ()
    return {
        "id": row.id,
        "channel": row.channel,
        "text": row.text,
        "said_at": row.said_at.isoformat() if row.said_at else None,
        "received_at": row.received_at.isoformat(),
        "conversation_id": row.conversation_id,
        "kinds": row.kinds,
        "topic": row.topic,
        "sentiment": row.sentiment,
        "decision": row.decision,
        "tags": [name for _id, name in tags.tags_of(work, [row.first_id]).get(row.first_id, ())],
        "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        "newer_id": found.newer_id,
        "places": [
            {
                "key": each.key,
                "label": each.label,
                "channel": each.channel,
                "public": each.public,
                "leaves": each.leaves,
            }
            for each in places
        ],
    }


@blueprint.post("/items/<int:item_id>/replies")
@by_token(Permission.ANSWER)
def reply(work: Work, item_id: int) -> tuple[dict[str, Any], int]:
    """Answer the customer in the name of the token's person, through the same gate as the screen (201).

    A service is nobody and is told so (403); what the gate keeps back is told with its codes (422). The header
    `Idempotency-Key` makes a repeated call the same message.
    """
    sent = sent_object("text", "subject", "place", "copies", "template_id", "drafted", "send_at", "confirmed")
    confirmed, copies = (_texts(sent, name) for name in ("confirmed", "copies"))
    key = request.headers.get("Idempotency-Key", "").strip()
    wish = Wish(
        item_id,
        text_of(sent, "text"),
        subject=text_of(sent, "subject"),
        place=text_of(sent, "place"),
        copies=outbound.read_copies(", ".join(copies)),
        template_id=number_of(sent, "template_id"),
        drafted=text_of(sent, "drafted"),
        send_at=instant_of(sent, "send_at"),
        confirmed=frozenset(confirmed),
        key=outbound.one_key("api", work.actor.user_id, item_id, key) if key else "",
    )
    mentor = mentor_of(work, work.actor.user_id)
    try:
        if mentor is not None:
            waits = proposing.propose(work, wish)
            return {"proposal": waits.id, "state": "waits_for_mentor", "mentor": mentor.name}, 202
        message = outbound.send(work, wish)
    except GateError as error:
        return _kept_back(error), 422
    return _message(message), 201


@blueprint.get("/messages/<int:message_id>")
@by_token(Permission.SEE_FEEDBACK)
def message(work: Work, message_id: int) -> dict[str, Any]:
    """How far a message is."""
    return _message(outbound.get_message(work, message_id))


@blueprint.delete("/messages/<int:message_id>")
@by_token(Permission.ANSWER)
def take_back(work: Work, message_id: int) -> dict[str, Any]:
    """Take a message back that has not left (409 when it has)."""
    return _message(outbound.withdraw(work, message_id))


@blueprint.post("/processes/<key>/cases")
@by_token(Permission.START)
def start(work: Work, key: str) -> tuple[dict[str, Any], int]:
    """Start a case of the process (201)."""
    sent = sent_object("variables", "business_key")
    variables = sent.get("variables", {})
    if not isinstance(variables, dict):
        raise InvalidInputError(_("“variables” is no object."), fields={"variables": _("an object")})
    began = engine.start(work, key, variables, business_key=text_of(sent, "business_key") or None)
    return {"id": began.id, "status": began.status}, 201


@blueprint.get("/cases/<int:case_id>")
@by_token(Permission.SEE_PROCESSES)
def case(work: Work, case_id: int) -> dict[str, Any]:
    """How far a case is; its values stay with the people who work on it."""
    row = engine_queries.get_instance(work, case_id).row
    return {
        "id": row.id,
        "process": row.key,
        "version": row.number,
        "status": row.status,
        "business_key": row.business_key,
        "started_at": row.started_at.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
    }


def _message(row: OutboundMessage) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "item_id": row.item_id,
        "channel": row.channel,
        "author": row.from_name,
        "leaves_at": row.next_at.isoformat() if row.next_at else None,
        "sent_at": row.sent_at.isoformat() if row.sent_at else None,
        "warned": list(row.warned),
    }


def _kept_back(error: GateError) -> dict[str, Any]:
    remarks = (*error.verdict.refusals, *error.verdict.warnings)
    return {
        "error": "Kept back",
        "message": error.message,
        "remedy": error.remedy,
        "status": 422,
        "remarks": [
            {"code": each.code, "text": each.text, "remedy": each.remedy, "refused": each in error.verdict.refusals}
            for each in remarks
        ],
    }


def _texts(sent: dict[str, Any], name: str) -> list[str]:
    value = sent.get(name, [])
    if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
        raise InvalidInputError(_("“%(name)s” is no list of texts.") % {"name": name}, fields={name: _("texts")})
    return value
