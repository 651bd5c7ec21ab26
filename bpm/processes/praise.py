"""Praise that reached people: who was praised for what, in whose words, and how often lately."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select

from bpm import identity, notices
from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import Customer, FeedbackItem
from bpm.foundation.db import Page
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Recognition

LATELY = timedelta(days=90)
MOST_RECIPIENTS = 50


@dataclass(frozen=True)
class PraiseRow:
    """One recognition with the customer's own words."""

    id: int
    recipient: str
    words: str
    customer: str
    item_id: int
    instance_id: int
    process: str
    note: str
    at: datetime


@dataclass(frozen=True)
class Praised:
    """How often somebody, or a group, was praised within the last 90 days."""

    recipient: str
    count: int
    last_at: datetime


def list_praise(
    work: Work, *, recipients: Collection[str] | None = None, limit: int = 50, after: int | None = None
) -> Page[PraiseRow]:
    """Praise for these recipients (user names and keys of groups), or all of it; the newest first."""
    wanted = (
        select(
            Recognition,
            FeedbackItem.text,
            FeedbackItem.author_name,
            Customer.name.label("customer"),
            ProcessDefinition.name.label("process"),
        )
        .join(FeedbackItem, FeedbackItem.id == Recognition.item_id)
        .outerjoin(Customer, Customer.id == FeedbackItem.customer_id)
        .join(ProcessInstance, ProcessInstance.id == Recognition.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .order_by(Recognition.id.desc())
        .limit(limit + 1)
    )
    if recipients is not None:
        wanted = wanted.where(Recognition.recipient.in_(list(recipients)))
    if after is not None:
        wanted = wanted.where(Recognition.id < after)
    found = [
        PraiseRow(
            id=row.Recognition.id,
            recipient=row.Recognition.recipient,
            words=row.text,
            customer=row.customer or row.author_name,
            item_id=row.Recognition.item_id,
            instance_id=row.Recognition.instance_id,
            process=row.process,
            note=row.Recognition.note,
            at=row.Recognition.recorded_at,
        )
        for row in work.session.execute(wanted)
    ]
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


def most_praised(work: Work) -> list[Praised]:
    """Who was praised within the last 90 days, by name: it is thanks, no contest."""
    rows = work.session.execute(
        select(Recognition.recipient, func.count(), func.max(Recognition.recorded_at))
        .where(Recognition.recorded_at > work.now() - LATELY)
        .group_by(Recognition.recipient)
        .order_by(Recognition.recipient)
        .limit(MOST_RECIPIENTS)
    )
    return [Praised(*row) for row in rows]


def tell_praised(work: Work, recipients: Collection[str], item_id: int) -> None:
    """Whoever is named, or is of a group that is named, is told that a customer praised them."""
    wanted = set(recipients)
    people = {
        user.id
        for user in identity.list_users(work)
        if user.active and (user.username in wanted or wanted & identity.actor_of(user).groups)
    }
    if people:
        subject, link = _("A customer praised you"), "/praise"
        notices.raise_for(work, people, "praised", subject, link, about=("item", item_id), key=f"praised:{item_id}")
