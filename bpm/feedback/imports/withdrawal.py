"""What rested on withdrawn items: files, links, conversations, people and addresses, so that nothing of it is left.

A customer whom the run joined from addresses that only it told falls apart again into the people that the remaining
items tell of, unless a person decided whose they are.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import delete, exists, func, select, update

from bpm import attachments
from bpm.feedback.imports.people_apart import take_apart
from bpm.feedback.intake.attached_files import PLACE
from bpm.feedback.models import (
    ContactPoint,
    ContactPointTold,
    Conversation,
    ConversationLink,
    Customer,
    CustomerChange,
    CustomerLink,
    Episode,
    FeedbackItem,
    ImportRun,
    LinkProposal,
    Promise,
    Reply,
    ThreadKey,
)
from bpm.feedback.people.placing import note_authors
from bpm.feedback.status import ImportStatus
from bpm.foundation.work import Work
from bpm.search import Changed

PART = 500
"""Ids of one statement."""


def forget(work: Work, run_id: int, item_ids: Sequence[int], holders: Mapping[int | None, int | None]) -> None:
    """Take back what the withdrawn items `item_ids` of a run had made known.

    `holders`: customers of items that stay -> the run that holds these now, None when no run does.
    """
    for part in _parts(item_ids):
        attachments.erase(work, PLACE, part)
    conversations = _unlink(work, item_ids)
    customers = _take_back_points(work, run_id, holders)
    take_apart(work, customers)
    _tidy_conversations(work, conversations)
    note_authors(work, conversations)
    _remove_people(work, run_id, holders)


def _unlink(work: Work, item_ids: Sequence[int]) -> set[int]:
    """The conversations that the items were in."""
    found: set[int] = set()
    for part in _parts(item_ids):
        there = select(FeedbackItem.conversation_id).where(FeedbackItem.id.in_(part))
        found |= {each for each in work.session.scalars(there) if each is not None}
        for link in (CustomerLink, ConversationLink, LinkProposal):
            work.session.execute(delete(link).where(link.item_id.in_(part)))
        work.session.execute(
            update(FeedbackItem)
            .where(FeedbackItem.id.in_(part))
            .values(customer_id=None, conversation_id=None, episode_id=None)
        )
    return found


def _take_back_points(work: Work, run_id: int, holders: Mapping[int | None, int | None]) -> set[int]:
    """Contact points that only the run told go; the customers who lost one."""
    work.session.execute(delete(ContactPointTold).where(ContactPointTold.run_id == run_id))
    rows = work.session.execute(
        select(ContactPoint.id, ContactPoint.customer_id, func.min(ContactPointTold.run_id))
        .outerjoin(ContactPointTold, ContactPointTold.point_id == ContactPoint.id)
        .outerjoin(ImportRun, ImportRun.id == ContactPointTold.run_id)
        .where(
            ContactPoint.import_run_id == run_id,
            ImportRun.id.is_(None) | (ImportRun.status != ImportStatus.UNDONE),
        )
        .group_by(ContactPoint.id, ContactPoint.customer_id)
    ).all()
    gone: list[int] = []
    hit: set[int] = set()
    for point_id, customer_id, other in rows:
        if other is None and customer_id not in holders:
            gone.append(point_id)
        else:
            _keep_point(work, point_id, other if other is not None else holders[customer_id])
        hit.add(customer_id)
    work.publish(Changed("customer", tuple(hit)))
    for part in _parts(gone):
        work.session.execute(delete(ContactPoint).where(ContactPoint.id.in_(part)))
    return hit


def _keep_point(work: Work, point_id: int, run_id: int | None) -> None:
    work.session.execute(update(ContactPoint).where(ContactPoint.id == point_id).values(import_run_id=run_id))
    work.session.execute(
        delete(ContactPointTold).where(ContactPointTold.point_id == point_id, ContactPointTold.run_id == run_id)
    )


def _tidy_conversations(work: Work, ids: set[int]) -> None:
    """Conversations in which nothing is left go; of the others the ends are moved to what is left."""
    for conversation_id in sorted(ids):
        said = work.session.execute(
            select(func.min(FeedbackItem.placed_at), func.max(FeedbackItem.placed_at)).where(
                FeedbackItem.conversation_id == conversation_id
            )
        ).one()
        _tidy_episodes(work, conversation_id)
        if said[0] is not None:
            ends = {"started_at": said[0], "last_at": said[1]}
            work.session.execute(update(Conversation).where(Conversation.id == conversation_id).values(ends))
        elif not _is_referred_to(work, conversation_id):
            for table in (ThreadKey, Episode):
                work.session.execute(delete(table).where(table.conversation_id == conversation_id))
            work.session.execute(
                delete(LinkProposal).where(
                    LinkProposal.kind == "conversation",
                    (LinkProposal.left_id == conversation_id) | (LinkProposal.right_id == conversation_id),
                )
            )
            work.session.execute(delete(Conversation).where(Conversation.id == conversation_id))


def _tidy_episodes(work: Work, conversation_id: int) -> None:
    rows = work.session.execute(
        select(Episode.id, func.min(FeedbackItem.placed_at), func.max(FeedbackItem.placed_at))
        .outerjoin(FeedbackItem, FeedbackItem.episode_id == Episode.id)
        .where(Episode.conversation_id == conversation_id)
        .group_by(Episode.id)
    ).all()
    for episode_id, first, last in rows:
        if first is None:
            work.session.execute(delete(Episode).where(Episode.id == episode_id))
        else:
            ends = {"opened_at": first, "last_at": last}
            work.session.execute(update(Episode).where(Episode.id == episode_id).values(ends))


def _is_referred_to(work: Work, conversation_id: int) -> bool:
    """By a link that was ended, a merge, or a reply."""
    wanted = (
        exists().where(ConversationLink.conversation_id == conversation_id),
        exists().where(Conversation.merged_into_id == conversation_id),
        exists().where(Conversation.id == conversation_id, Conversation.merged_into_id.is_not(None)),
        exists().where(Reply.conversation_id == conversation_id),
    )
    return any(work.session.scalar(select(each)) for each in wanted)


def _remove_people(work: Work, run_id: int, holders: Mapping[int | None, int | None]) -> None:
    """Whom the run made known goes, unless something else is known of them; then they stay as that does."""
    for customer_id in list(work.session.scalars(select(Customer.id).where(Customer.import_run_id == run_id))):
        if not _is_known(work, customer_id):
            work.session.execute(delete(Customer).where(Customer.id == customer_id))
            work.publish(Changed("customer", (customer_id,)))
            continue
        other = holders.get(customer_id) if customer_id in holders else _other_run(work, customer_id)
        work.session.execute(update(Customer).where(Customer.id == customer_id).values(import_run_id=other))


def _is_known(work: Work, customer_id: int) -> bool:
    wanted: Iterable[Any] = (
        exists().where(FeedbackItem.customer_id == customer_id),
        exists().where(ContactPoint.customer_id == customer_id),
        exists().where(Conversation.customer_id == customer_id),
        exists().where(CustomerLink.customer_id == customer_id),
        exists().where(Promise.customer_id == customer_id),
        exists().where(CustomerChange.customer_id == customer_id),
        exists().where(CustomerChange.other_id == customer_id),
    )
    return any(work.session.scalar(select(each)) for each in wanted)


def _other_run(work: Work, customer_id: int) -> int | None:
    """The run to which what is left of a customer belongs; None when something else told of them, too."""
    runs = list(
        work.session.scalars(
            select(FeedbackItem.import_run_id).where(FeedbackItem.customer_id == customer_id).distinct()
        )
    )
    return None if not runs or None in runs else min(run for run in runs if run is not None)


def _parts(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    return (ids[start : start + PART] for start in range(0, len(ids), PART))
