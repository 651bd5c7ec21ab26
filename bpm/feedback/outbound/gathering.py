"""Gathers what the gate goes by: rights, the customer's wishes and clock, templates, what was said lately."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ScalarSelect, false, null, select

from bpm.calendars import company_calendar
from bpm.feedback.customers.company import Company, read_company
from bpm.feedback.customers.reaching import has_ended, is_blocked
from bpm.feedback.models import (
    Consent,
    ContactPoint,
    ContactWish,
    Customer,
    FeedbackItem,
    Mentoring,
    OutboundMessage,
    Reply,
    ReplyTemplate,
)
from bpm.feedback.outbound.gate import Facts, OtherAnswer, TemplateFacts, zones_of_number, zones_of_region
from bpm.feedback.outbound.gate.quiet import Hours, quiet_of_wish, read_quiet
from bpm.feedback.outbound.hooks import HOOKS
from bpm.feedback.outbound.wish import Place, Wish
from bpm.feedback.status import Channel, ContactKind
from bpm.foundation.work import Actor, Work
from bpm.identity import Permission, Scope, may
from bpm.identity.models import User

RECENT = timedelta(days=30)
MOST_RECENT, MOST_TEMPLATES = 50, 200
LATELY = timedelta(minutes=30)
"""Who wrote within this time is awake, and who answered within it may not have been seen."""


def gather(
    work: Work, wish: Wish, item: FeedbackItem, place: Place, *, author: Actor | None = None, on: Scope | None = None
) -> Facts:
    """Everything that is known of what somebody wants to say there.

    `author`: in whose name a mentor sends it; `on`: what their right to answer may be limited to.
    """
    actor, now = author or work.actor, work.now()
    learner = actor.user_id if author is None and wish.kind == "conversation" else None
    known = _known(work, item, place, learner)
    customer = work.session.get(Customer, item.customer_id) if item.customer_id is not None else None
    template = work.session.get(ReplyTemplate, wish.template_id) if wish.template_id is not None else None
    company = work.once(read_company, (item.source,))
    withdrawn, agreed = _consent(work, place.contact_point_id, place.channel, wish.kind)
    return Facts(
        kind=wish.kind,
        text=wish.text,
        now=now,
        channel=place.channel,
        author_id=actor.user_id,
        author_name=actor.display_name,
        may_answer=may(actor, Permission.ANSWER, on=on),
        approved=actor.user_id is not None,
        mentor=known.mentor,
        is_public=place.public,
        was_said_there=place.was_said_there,
        leaves=place.leaves,
        place=place.label,
        to=place.to,
        subject=wish.subject,
        longest=place.longest,
        files=len(wish.files),
        takes_files=place.takes_files,
        measure=place.measure,
        is_erased=(customer is not None and customer.erased_at is not None) or item.erased_at is not None,
        is_blocked=known.is_blocked,
        is_held=item.held_at is not None,
        has_withdrawn=withdrawn,
        has_agreed=agreed,
        preferred_channel=(customer.preferred_channel or "") if customer is not None else "",
        zones=zones_of(work, item, company),
        quiet=known.hours or read_quiet(work.settings.quiet_hours),
        are_their_hours=known.hours is not None,
        is_waiting=place.was_said_there and now - (item.said_at or item.received_at) <= LATELY,
        send_at=wish.send_at,
        incident=HOOKS.incident(work, item),
        template=_template(template),
        is_template_given=wish.template_id is not None,
        recent=_recent(work, actor, item, now),
        templates=work.once(_templates),
        other=_other(work, actor, item, now),
        drafted=wish.drafted,
        own_values=frozenset(each.value for each in company.own),
        call_guard=HOOKS.call_guard(work, item) if place.channel == Channel.CALL else "",
        private_link=HOOKS.private_link(work, item),
    )


def zones_of(work: Work, item: FeedbackItem, company: Company | None = None) -> tuple[str, ...]:
    """Where the customer may be: by a phone number, by the region of the source; else where the company is."""
    if item.customer_id is not None:
        numbers = select(ContactPoint.value).where(
            ContactPoint.customer_id == item.customer_id,
            ContactPoint.kind == ContactKind.PHONE,
            ContactPoint.ended_at.is_(None),
        )
        for number in work.session.scalars(numbers.order_by(ContactPoint.id).limit(5)):
            if number.startswith("+") and (zones := zones_of_number(number)):
                return zones
    region = (company or work.once(read_company, (item.source,))).regions.get(item.source, "")
    return zones_of_region(region) or (company_calendar(work).zone,)


def gather_standing(work: Work, row: OutboundMessage) -> Facts:
    """What may have come up since a message was written that keeps it back, whatever it says: for `gate.barred`."""
    was_said_there = row.contact_point_id is None
    of_item = {
        name: select(getattr(FeedbackItem, name)).where(FeedbackItem.id == row.item_id).scalar_subquery()
        for name in ("source", "erased_at", "held_at")
    }
    erased = select(Customer.erased_at).where(Customer.id == row.customer_id).scalar_subquery()
    blocked = is_blocked(row.customer_id, row.to_address, of_item["source"], was_said_there=was_said_there)
    ended = has_ended(row.contact_point_id) if row.contact_point_id is not None else false()
    found = work.session.execute(
        select(
            (erased.is_not(None) | of_item["erased_at"].is_not(None)).label("erased"),
            of_item["held_at"].is_not(None).label("held"),
            blocked.label("blocked"),
            ended.label("ended"),
            _is_off(row.author_user_id).label("has_left"),
        )
    ).one()
    withdrawn, agreed = _consent(work, row.contact_point_id, row.channel, row.kind)
    return Facts(
        kind=row.kind,
        text="",
        now=work.now(),
        channel=row.channel,
        was_said_there=was_said_there,
        to=row.to_address,
        is_erased=bool(found.erased),
        is_blocked=bool(found.blocked),
        is_held=bool(found.held),
        has_ended=bool(found.ended),
        has_left=bool(found.has_left),
        has_withdrawn=withdrawn,
        has_agreed=agreed,
    )


def _is_off(author_id: int | None) -> Any:
    """Whether a message's author is switched off; an automatic one has none."""
    if author_id is None:
        return false()
    return select(User.active.is_(False)).where(User.id == author_id).scalar_subquery()


def _consent(work: Work, contact_point_id: int | None, channel: str, kind: str) -> tuple[bool, bool]:
    """Whether they took back that the address is used for it, and whether they agreed."""
    if contact_point_id is None:
        return False, False
    rows = work.session.scalars(
        select(Consent)
        .where(
            Consent.contact_point_id == contact_point_id,
            Consent.purpose == ("survey" if kind == "survey" else "service"),
            Consent.channel == channel,
        )
        .order_by(Consent.id)
    ).all()
    return bool(rows) and rows[-1].withdrawn_at is not None, any(row.withdrawn_at is None for row in rows)


@dataclass(frozen=True)
class _Known:
    """Of the author, the address and the customer, in one statement: what is asked of each message."""

    mentor: str
    is_blocked: bool
    hours: Hours | None
    """When the customer does not want to be spoken to, by their own word; None: they said nothing."""


def _known(work: Work, item: FeedbackItem, place: Place, learner: int | None) -> _Known:
    blocked = is_blocked(item.customer_id, place.to, item.source, was_said_there=place.was_said_there)
    row = work.session.execute(
        select(
            _name_of_mentor(learner).label("mentor") if learner is not None else null().label("mentor"),
            blocked.label("blocked"),
            *hours_columns(item.customer_id),
        )
    ).one()
    return _Known(row.mentor or "", bool(row.blocked), quiet_of_wish(row.from_hour, row.until_hour))


def _name_of_mentor(learner: int) -> ScalarSelect[Any]:
    return (
        select(User.display_name)
        .join(Mentoring, Mentoring.mentor_id == User.id)
        .where(Mentoring.learner_id == learner, Mentoring.ended_at.is_(None))
        .scalar_subquery()
    )


def hours_columns(customer_id: int | None) -> tuple[Any, Any]:
    """The hours in which a customer likes to be spoken to, as two columns of a row."""
    if customer_id is None:
        return null().label("from_hour"), null().label("until_hour")
    said = [
        select(column).where(ContactWish.customer_id == customer_id).scalar_subquery()
        for column in (ContactWish.from_hour, ContactWish.until_hour)
    ]
    return said[0].label("from_hour"), said[1].label("until_hour")


def quiet_for(work: Work, item: FeedbackItem) -> tuple[Hours | None, str]:
    """When this customer is not to be written to, and why: outside the hours that they named, else at night."""
    row = work.session.execute(select(*hours_columns(item.customer_id))).one()
    theirs = quiet_of_wish(row.from_hour, row.until_hour)
    return (theirs, "their_hours") if theirs else (read_quiet(work.settings.quiet_hours), "quiet_hours")


def _template(row: ReplyTemplate | None) -> TemplateFacts | None:
    if row is None:
        return None
    return TemplateFacts(row.name, row.text, row.review_by, row.approved_at is not None, row.retired_at is not None)


def _templates(work: Work) -> tuple[tuple[str, str], ...]:
    rows = work.session.execute(
        select(ReplyTemplate.name, ReplyTemplate.text)
        .where(ReplyTemplate.retired_at.is_(None))
        .order_by(ReplyTemplate.id)
        .limit(MOST_TEMPLATES)
    )
    return tuple((row.name, row.text) for row in rows)


def _recent(work: Work, actor: Actor, item: FeedbackItem, now: datetime) -> tuple[str, ...]:
    """What the author said lately about other things."""
    if actor.user_id is None:
        return ()
    rows = work.session.scalars(
        select(OutboundMessage.text)
        .where(
            OutboundMessage.author_user_id == actor.user_id,
            OutboundMessage.created_at > now - RECENT,
            OutboundMessage.item_id != item.id,
            OutboundMessage.state != "withdrawn",
        )
        .order_by(OutboundMessage.id.desc())
        .limit(MOST_RECENT)
    )
    return tuple(rows)


def _other(work: Work, actor: Actor, item: FeedbackItem, now: datetime) -> OtherAnswer | None:
    """The last answer of somebody else to it within a while."""
    row = work.session.execute(
        select(Reply.approved_at, Reply.sent_at, User.display_name)
        .join(User, User.id == Reply.author_user_id)
        .where(Reply.item_id == item.id, Reply.author_user_id != actor.user_id, Reply.approved_at > now - LATELY)
        .order_by(Reply.id.desc())
        .limit(1)
    ).one_or_none()
    return OtherAnswer(row.display_name, row.approved_at, row.sent_at is not None) if row is not None else None
