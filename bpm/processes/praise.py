"""Praise that reached people: who was praised for what, in whose words, and how often lately."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from textwrap import shorten

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
MOST_WORDS = 120
"""Characters of the customer's words in a notice."""


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


def tell_praised(work: Work, recipients: Collection[str], item: FeedbackItem) -> None:
    """Whoever is named, or is of a group that is named, is told which customer praised them in which words."""
    wanted = set(recipients)
    people = {
        user.id: user.username in wanted
        for user in identity.list_users(work)
        if user.active and (user.username in wanted or wanted & identity.actor_of(user).groups)
    }
    customer = work.session.get(Customer, item.customer_id) if item.customer_id is not None else None
    told = {
        "who": (customer.name if customer is not None else "") or item.author_name or _("A customer"),
        "words": shorten(item.text, MOST_WORDS, placeholder=" …"),
    }
    for is_named, said in ((True, _("%(who)s praised you: “%(words)s”")),
                           (False, _("%(who)s praised your team: “%(words)s”"))):  # fmt: skip
        those = {number for number, named in people.items() if named is is_named}
        notices.raise_for(
            work, those, "praised", said % told, f"/praise?whom=me#praise-{item.id}", about=("item", item.id),
            key=f"praised:{item.id}",
        )  # fmt: skip
