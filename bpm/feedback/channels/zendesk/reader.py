"""Zendesk: tickets and their comments, as pages of the interface, exports, or one a line.

What the requester wrote is the customer's; agents' answers, private notes and tickets that an agent opened are named.
An event of a webhook (`zen:event-type:...`) that is no new ticket, comment or rating says nothing. Source:
developer.zendesk.com, Tickets and Ticket Comments (`public`, `author_id`, `requester_id`, `submitter_id`), and
webhooks: ticket events (`detail` is the ticket, `event.comment` what was added, `author.is_staff`).
"""

from collections.abc import Iterable, Mapping
from typing import Any

from bpm.feedback.channels.mbox.words import mailed_words
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, get, left_out, plain_text, records_in, text_at
from bpm.feedback.channels.rows import Context
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_CHANNELS = {
    "email": "email", "web": "email", "api": "email", "mobile": "email", "mobile_sdk": "email", "chat": "chat",
    "messaging": "chat", "native_messaging": "chat", "sms": "chat", "whatsapp": "chat", "voice": "call",
    "twitter": "social", "facebook": "social", "instagram_dm": "social", "any_channel": "social",
}  # fmt: skip
_ASKED = frozenset(("end-user", "end_user", "enduser"))


_EVENT = "zen:event-type:"


def _fits(part: Part) -> bool:
    return _is_ticket(part.record) or _is_comment(part.record) or _is_event(part.record)


def _is_event(record: Mapping[str, Any]) -> bool:
    return text_at(record, "type").startswith(_EVENT)


def _is_ticket(record: Mapping[str, Any]) -> bool:
    told = isinstance(record.get("description"), str) and "subject" in record and "id" in record
    return told and ("requester_id" in record or "via" in record or "created_at" in record)


def _is_comment(record: Mapping[str, Any]) -> bool:
    return (
        isinstance(record.get("public"), bool) and "author_id" in record and ("body" in record or "html_body" in record)
    )


def _read(part: Part, context: Context) -> Outcome:
    record = part.record
    if _is_event(record):
        kind = text_at(record, "type").removeprefix(_EVENT)[:60]
        return left_out(_("an event (%(kind)s) in which nothing is said") % {"kind": kind})
    if _is_comment(record):
        return _comment(part, context)
    asked, opened = text_at(record, "requester_id"), text_at(record, "submitter_id")
    if asked and opened and asked != opened and _role(opened, part) not in _ASKED:
        return left_out(_("a ticket that an agent opened: its words are the agent's"))
    number = text_at(record, "id")
    return _item(part, context, record, words=text_at(record, "description"), key=f"ticket {number}", who=asked)


def _comment(part: Part, context: Context) -> Outcome:
    comment, ticket = part.record, part.around
    if comment["public"] is False:
        return left_out(_("a private note"))
    author, asked = text_at(comment, "author_id"), text_at(ticket, "requester_id")
    role = _role(author, part)
    if role not in _ASKED and (role or author != asked):
        return left_out(_("an agent's answer"))
    words = text_at(comment, "plain_body", "body") or text_at(comment, "html_body")
    # The first comment is the ticket's description, and one thing wherever it is read.
    begins = bool(words) and words == text_at(ticket, "description")
    key = f"ticket {text_at(ticket, 'id')}" if begins else f"comment {text_at(comment, 'id')}"
    return _item(part, context, ticket, words=words, key=key, who=author)


def _item(part: Part, context: Context, ticket: Mapping[str, Any], *, words: str, key: str, who: str) -> Outcome:
    take, person = Taker(context), _person(who, part)
    via = text_at(part.record, "via.channel") or text_at(ticket, "via.channel")
    number = text_at(ticket, "id") or text_at(part.record, "ticket_id")
    item = RawItem(
        channel=context.channel or _CHANNELS.get(via, "email"),
        source=context.source,
        text=mailed_words(plain_text(words)) if via == "email" else plain_text(words),
        natural_key=key,
        said_at=take.at(part.record, "created_at"),
        subject=text_at(ticket, "subject", "raw_subject"),
        author_name=text_at(person, "name"),
        author_email=text_at(person, "email"),
        author_phone=text_at(person, "phone"),
        author_id=who,
        thread_key=f"ticket {number}" if number else "",
        raw=dict(part.record),
    )
    return Outcome(item, warnings=take.warnings)


def _person(who: str, part: Part) -> Mapping[str, Any]:
    for record in (part.record, part.around):
        asked = record.get("requester")
        if isinstance(asked, Mapping) and text_at(asked, "id") in ("", who):
            return asked
    users = records_in(get(part.around, "users"))
    return next((each for each in users if text_at(each, "id") == who), {})


def _role(who: str, part: Part) -> str:
    return text_at(_person(who, part), "role").lower()


def _of_event(record: Mapping[str, Any]) -> Iterable[Part] | None:
    """The new ticket or comment that an event tells; None where it tells something else."""
    ticket, kind = record.get("detail"), text_at(record, "type").removeprefix(_EVENT)
    if not isinstance(ticket, Mapping):
        return None
    if kind == "ticket.created" and _is_ticket(ticket):
        return [Part(ticket)]
    told = get(record, "event.comment")
    if kind != "ticket.comment_added" or not isinstance(told, Mapping):
        return None
    author = told.get("author")
    is_staff = isinstance(author, Mapping) and author.get("is_staff") is True
    users = [{**author, "role": "agent" if is_staff else "end-user"}] if isinstance(author, Mapping) else []
    comment = {
        **told, "public": told.get("is_public") is not False, "author_id": text_at(author, "id"),
        "created_at": text_at(told, "created_at") or text_at(record, "time"),
    }  # fmt: skip
    return [Part(comment, {**ticket, "users": users})]


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    if _is_event(record):
        return _of_event(record)
    if isinstance(record.get("ticket"), Mapping) and _is_ticket(record["ticket"]):
        rest = {name: value for name, value in record.items() if name != "ticket"}
        own = record["ticket"]
        return [Part({**own, **({"comments": rest["comments"]} if "comments" in rest else {})}, rest)]
    comments = [each for each in records_in(record.get("comments")) if _is_comment(each)]
    if not comments:
        return None
    ticket = {name: value for name, value in record.items() if name != "comments"}
    ticket.setdefault("users", part.around.get("users"))
    ticket.setdefault("requester_id", comments[0].get("author_id"))
    return [Part(each, ticket) for each in comments]


SHAPE = Shape("zendesk", _fits, _read, _expand)
