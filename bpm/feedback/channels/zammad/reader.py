"""Zammad: articles of tickets, from webhooks ({"ticket", "article"}), exports and lists.

The sender says whose words they are: Customer, Agent or System; internal articles are private notes.
Source: docs.zammad.org, ticket articles and webhooks.
"""

from collections.abc import Iterable, Mapping
from email.utils import parseaddr
from typing import Any

from bpm.feedback.channels.html import to_mail_text
from bpm.feedback.channels.mbox.words import mailed_words
from bpm.feedback.channels.records import Outcome, Part, Shape, Taker, left_out, plain_text, records_in, text_at
from bpm.feedback.channels.rows import OWN_KEY, Context, DeliveryReport
from bpm.feedback.raw_item import RawItem
from bpm.foundation.texts import _

_SENDERS = {"1": "agent", "2": "customer", "3": "system"}
_STATES = {"success": "delivered", "fail": "permanent_failure"}
_CHANNELS = {
    "phone": "call", "sms": "chat", "chat": "chat", "twitter status": "social", "twitter direct-message": "social",
    "facebook feed post": "social", "telegram personal-message": "chat", "whatsapp message": "chat",
}  # fmt: skip


def _fits(part: Part) -> bool:
    record = part.record
    if "article" in record and isinstance(record.get("ticket"), Mapping):
        return True
    if "body" not in record or not isinstance(record.get("internal"), bool):
        return False
    return "ticket_id" in record or "sender" in record or "sender_id" in record


def _read(part: Part, context: Context) -> Outcome:
    article, ticket = part.record, part.around
    if "article" in article:
        return left_out(_("an event in which nothing is said"))
    if article["internal"]:
        return left_out(_("a private note"))
    sender = text_at(article, "sender", "sender.name").lower() or _SENDERS.get(text_at(article, "sender_id"), "")
    if sender != "customer":
        return left_out(_("the company's own words"), *_reports(article))
    name, email = parseaddr(text_at(article, "from"))
    take, number = Taker(context), text_at(article, "ticket_id") or text_at(ticket, "id")
    who = ticket.get("customer")
    channel = _CHANNELS.get(text_at(article, "type", "type.name"), "email")
    item = RawItem(
        channel=context.channel or channel,
        source=context.source,
        text=_words(article, is_mail=channel == "email"),
        natural_key=f"article {text_at(article, 'id')}",
        said_at=take.at(article, "created_at"),
        subject=text_at(article, "subject") or text_at(ticket, "title"),
        author_name=name or " ".join(filter(None, (text_at(who, "firstname"), text_at(who, "lastname")))),
        author_email=email if "@" in email else text_at(who, "email"),
        author_phone=text_at(who, "phone", "mobile"),
        author_id=text_at(article, "origin_by_id") or text_at(ticket, "customer_id"),
        thread_key=f"ticket {number}" if number else "",
        raw=dict(article),
    )
    return Outcome(item, warnings=take.warnings)


def _words(article: Mapping[str, Any], *, is_mail: bool) -> str:
    """What the customer wrote; of a mail without what it quotes."""
    body, is_html = text_at(article, "body"), text_at(article, "content_type").startswith("text/html")
    if not is_mail:
        return plain_text(body) if is_html else body
    return mailed_words(to_mail_text(body) if is_html else body)


def _reports(article: Mapping[str, Any]) -> list[DeliveryReport]:
    """What the mail server, or the service behind the ticket, says of an article of ours."""
    state = _STATES.get(text_at(article, "preferences.delivery_status"), "")
    number, why = text_at(article, "id"), text_at(article, "preferences.delivery_status_message")[:500]
    is_ours = bool(text_at(article, f"preferences.{OWN_KEY}"))
    return [DeliveryReport(number, state, why, is_ours=is_ours)] if state and number else []


def _expand(part: Part) -> Iterable[Part] | None:
    record = part.record
    ticket, article = record.get("ticket"), record.get("article")
    if isinstance(ticket, Mapping) and isinstance(article, Mapping) and article.get("id"):
        return [Part(article, ticket)]
    articles = [each for each in records_in(record.get("articles")) if "internal" in each]
    if not articles:
        return None
    around: dict[str, Any] = {name: value for name, value in record.items() if name != "articles"}
    return [Part(each, around) for each in articles]


SHAPE = Shape("zammad", _fits, _read, _expand)
