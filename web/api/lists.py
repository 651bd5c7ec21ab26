"""Lists of the API: items, conversations, cases, each with filters and a cursor; and what is done with an item."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import request

from bpm import identity
from bpm.engine import queries as engine_queries
from bpm.engine.queries import CaseFilter
from bpm.engine.status import InstanceStatus
from bpm.feedback import CHANNELS, KINDS, queries, tags
from bpm.feedback.queries import ItemFilter
from bpm.feedback.status import Voice
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission
from bpm.processes import handing_over, routing
from web.api.blueprint import blueprint
from web.api.callers import by_token, read_instant, refuse_unknown, sent_object, text_of

MOST, USUAL = 100, 50
"""Rows in one answer."""
MOODS = ("negative", "neutral", "positive")


@blueprint.get("/items")
@by_token(Permission.SEE_FEEDBACK)
def items(work: Work) -> dict[str, Any]:
    """What customers said, masked, the newest first; `next` is where `after` goes on, null at the end."""
    asked = _asked(
        after=_number, limit=_number, channel=_one_of(CHANNELS), kind=_one_of(KINDS), topic=str,
        sentiment=_one_of(MOODS), customer=_number, conversation=_number, tag=str,
        voice=_one_of(tuple(Voice)), since=_moment, until=_moment,
        open=_yes, answered=_yes, text=str,
    )  # fmt: skip
    ids = queries.items_in(work, asked["conversation"]) if asked.get("conversation") is not None else None
    wanted = ItemFilter(
        kind=asked.get("kind"),
        topic=asked.get("topic"),
        channel=asked.get("channel"),
        sentiment=asked.get("sentiment"),
        customer=asked.get("customer"),
        tag=_tag(work, asked["tag"]) if asked.get("tag") else None,
        voice=asked.get("voice"),
        since=asked.get("since"),
        until=asked.get("until"),
        undecided=asked.get("open", False),
        answered=asked.get("answered"),
        text=asked.get("text"),
        ids=ids,
        after=asked.get("after"),
    )
    found = queries.list_items(work, wanted, _limit(asked))
    named = tags.tags_of(work, [row.first_id for row in found.rows])
    rows = [
        {
            "id": row.id, "channel": row.channel, "source": row.source, "text": row.text, "subject": row.subject,
            "said_at": _said(row.said_at), "received_at": _said(row.received_at), "customer_id": row.customer_id,
            "conversation_id": row.conversation_id, "kind": row.primary, "topic": row.topic,
            "sentiment": row.sentiment, "urgency": row.urgency, "decision": row.decision,
            "answered_at": _said(row.answered_at), "tags": [name for _id, name in named.get(row.first_id, ())],
        }
        for row in found.rows
    ]  # fmt: skip
    return {"items": rows, "next": found.after}


@blueprint.get("/conversations")
@by_token(Permission.SEE_FEEDBACK)
def conversations(work: Work) -> dict[str, Any]:
    """Conversations, the one begun last first; of one customer, or all."""
    asked = _asked(after=_number, limit=_number, customer=_number)
    found = queries.list_conversations(
        work, customer_id=asked.get("customer"), after=asked.get("after"), limit=_limit(asked)
    )
    rows = [
        {"id": row.id, "customer_id": row.customer_id, "started_at": _said(row.started_at),
         "last_at": _said(row.last_at), "active": row.active}
        for row in found.rows
    ]  # fmt: skip
    return {"conversations": rows, "next": found.after}


@blueprint.get("/conversations/<int:conversation_id>")
@by_token(Permission.SEE_FEEDBACK)
def conversation(work: Work, conversation_id: int) -> dict[str, Any]:
    """One, over all channels, the oldest first: what was said, answered, decided and handed over."""
    _asked()
    stream = queries.stream_of(work, conversation_id)
    entries = [
        {"kind": each.kind, "at": _said(each.at), "who": each.who, "text": each.text, "channel": each.channel,
         "item_id": each.item_id, "status": each.status, "label": each.label}
        for each in stream.entries
    ]  # fmt: skip
    told = {"active": stream.active, "episodes": stream.episodes, "older": stream.older, "entries": entries}
    return {"id": stream.conversation_id, **told}


@blueprint.get("/cases")
@by_token(Permission.SEE_PROCESSES)
def cases(work: Work) -> dict[str, Any]:
    """Cases, the newest first; no values. `looked`: how many were looked through where that did not fill the answer."""
    asked = _asked(
        after=_number, limit=_number, process=str, status=_one_of(tuple(InstanceStatus)), business_key=str,
        element=str, since=_moment, until=_moment,
    )  # fmt: skip
    wanted = CaseFilter(
        process=asked.get("process", ""),
        statuses=(InstanceStatus(asked["status"]),) if asked.get("status") else (),
        key=asked.get("business_key", ""),
        element=asked.get("element", ""),
        started_from=asked.get("since"),
        started_before=asked.get("until"),
    )
    found = engine_queries.list_cases(work, wanted, after=asked.get("after"), limit=_limit(asked))
    rows = [
        {"id": row.id, "process": row.key, "version": row.number, "status": row.status,
         "business_key": row.business_key, "started_at": _said(row.started_at), "ended_at": _said(row.ended_at)}
        for row in found.rows
    ]  # fmt: skip
    return {"cases": rows, "next": found.after, "looked": found.looked}


@blueprint.post("/items/<int:item_id>/decision")
@by_token(Permission.ANSWER)
def decide(work: Work, item_id: int) -> dict[str, Any]:
    """Say what becomes of it, in the name of the token's person; 409 while others have it and `knowing` is not set."""
    sent = sent_object("decision", "reason", "knowing")
    decision, knowing = text_of(sent, "decision"), sent.get("knowing", False) is True
    handing_over.decide(work, item_id, decision, reason=text_of(sent, "reason"), knowing=knowing)
    return {"item_id": item_id, "decision": decision}


@blueprint.post("/items/<int:item_id>/tags")
@by_token(Permission.ANSWER)
def tag(work: Work, item_id: int) -> dict[str, Any]:
    """Put a tag on it: one of the person's teams (`group`), else everybody's."""
    sent = sent_object("tag", "group")
    queries.get_item(work, item_id)
    done = tags.tag_items(work, [item_id], text_of(sent, "tag"), group_key=text_of(sent, "group"))
    return {"item_id": item_id, "new": bool(done.items)}


@blueprint.post("/items/<int:item_id>/assignment")
@by_token(Permission.ANSWER)
def assign(work: Work, item_id: int) -> dict[str, Any]:
    """Give it to a person (by user name); who is not trained for its topic gets it for a reason alone (`override`)."""
    sent = sent_object("person", "override")
    person = identity.find_user(work, text_of(sent, "person"))
    routing.assign(work, item_id, person.id, override=text_of(sent, "override"))
    return {"item_id": item_id, "person": person.username}


def _asked(**known: Callable[[str], Any]) -> dict[str, Any]:
    """The query, each part read by its reader; InvalidInputError names what is not known or does not fit."""
    refuse_unknown(request.args, known)
    found: dict[str, Any] = {}
    for name, value in request.args.items():
        try:
            found[name] = known[name](value)
        except ValueError as error:
            problem = _("“%(name)s” does not fit: %(why)s.") % {"name": name, "why": str(error)}
            raise InvalidInputError(problem, fields={name: str(error)}) from error
    return found


def _limit(asked: Mapping[str, Any]) -> int:
    limit = asked.get("limit", USUAL)
    if not 1 <= limit <= MOST:
        problem = _("1 to %(most)s") % {"most": MOST}
        raise InvalidInputError(_("“limit” does not fit: %(why)s.") % {"why": problem}, fields={"limit": problem})
    return int(limit)


def _number(value: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 18:
        raise ValueError(_("a whole number"))
    return int(value)


def _yes(value: str) -> bool:
    if value not in {"true", "false"}:
        raise ValueError(_("true or false"))
    return value == "true"


def _one_of(known: tuple[str, ...]) -> Callable[[str], str]:
    def read(value: str) -> str:
        if value not in known:
            raise ValueError(_("one of %(names)s") % {"names": ", ".join(known)})
        return value

    return read


def _moment(value: str) -> datetime:
    return read_instant(value.replace(" ", "+"))  # an address in which + was not written as %2B


def _tag(work: Work, name: str) -> int:
    wanted = " ".join(name.casefold().split())
    found = [row.id for row in tags.list_tags(work) if row.name == wanted]
    return found[0] if found else 0


def _said(at: datetime | None) -> str | None:
    return at.isoformat() if at is not None else None
