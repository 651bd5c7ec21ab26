"""The one way in: what any channel hands over is normalised, recognised and kept, in batches of any size.

Numbered, because two workers may race and files repeat themselves:
1. Normalise; an item without words or key problems is an error of its own and stops nobody.
2. Look up every version of the batch's natural keys at once. Same content as any version before: skipped, unless the
   source says that this one is later than the newest. An older revision that comes late: skipped. Other content: a
   new version that supersedes. A version whose import was undone: shown again.
3. Decide customers and conversations in memory, then write table by table.
A race for the same key breaks on the unique constraint: the transaction is lost as a whole and can be tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bpm.feedback import customers
from bpm.feedback.bulk import insert_all
from bpm.feedback.conversations import board as conversations
from bpm.feedback.conversations.joining import apart, join
from bpm.feedback.conversations.merge import join_threads
from bpm.feedback.conversations.participants import Part, known_others, note_parts
from bpm.feedback.conversations.proposals import propose
from bpm.feedback.events import ItemReceived
from bpm.feedback.intake.deduplication import Outcome, Plan, Version, plan_all
from bpm.feedback.intake.normalise import normalise, what_was_cut
from bpm.feedback.models import ConversationLink, CustomerLink, FeedbackItem
from bpm.feedback.raw_item import RawItem
from bpm.feedback.status import Role
from bpm.foundation.work import Work

TWICE = "It is in this file twice."
KNOWN = "It is known already."


@dataclass(frozen=True)
class Received:
    """What became of one raw item."""

    item_id: int
    outcome: Outcome
    cut: str = ""
    """What was left out of its words because it was too long, and where it is."""
    why: str = ""
    """Of what was skipped: why."""


def receive(work: Work, raw: RawItem, *, run_id: int | None = None) -> Received:
    """Keep one item; see `receive_all`."""
    return receive_all(work, [raw], run_id=run_id)[0]


def receive_all(work: Work, raws: Sequence[RawItem], *, run_id: int | None = None) -> list[Received]:
    """Keep the items that are new or changed; what became of each, in order.

    Publishes ItemReceived for what is new or changed. InvalidInputError when one is not fit.
    """
    return keep_all(work, [normalise(raw, now=work.now()) for raw in raws], run_id=run_id)


def keep_all(work: Work, clean: Sequence[RawItem], *, run_id: int | None = None) -> list[Received]:
    """The same for items that are normalised already."""
    now = work.now()
    plans = plan_all(work, clean, now)
    fresh = [plan for plan in plans if plan.outcome != "skipped" and not plan.restored]
    first = [plan for plan in fresh if plan.before is None]
    _place(work, first, now)
    _write_items(work, fresh, run_id, now)
    _write_links(work, fresh, now)
    _join_what_waited(work, first)
    _restore(work, [plan for plan in plans if plan.restored], run_id)
    done = [Received(_id(plan.version), plan.outcome, what_was_cut(plan.raw), _why(plan, run_id)) for plan in plans]
    held = {plan.version.id for plan in plans if plan.held_because}
    for each in done:
        if each.outcome != "skipped" and each.item_id not in held:
            work.publish(ItemReceived(each.item_id))
    if fresh:
        work.nudge("feedback")
    return done


def _place(work: Work, plans: Sequence[Plan], now: datetime) -> None:
    """Customer, conversation and episode of the items that are new."""
    if not plans:
        return
    raws = [plan.raw for plan in plans]
    company = customers.read_company(work, {raw.source for raw in raws})
    batch = customers.recognise(work, raws, company)
    customers.write(work, batch, [raw.source for raw in raws], company)
    people = [each.person if each else None for each in batch.found]
    board = conversations.read_board(work, raws, people)
    order = sorted(range(len(plans)), key=lambda place: plans[place].placed_at)
    for place in order:
        plan, block = plans[place], batch.held[place]
        plan.recognised = batch.found[place]
        if block is None:
            plan.joined = join(board, plan.raw, people[place], plan.placed_at)
            continue
        plan.held_because, plan.version.current = customers.held_because(block), False
        plan.joined = apart(people[place], plan.placed_at)
    conversations.write(work, board, [plan.joined for plan in plans if plan.joined])
    for plan in plans:
        if plan.joined is not None:
            plan.version.conversation_id, plan.version.episode_id = plan.joined.talk.id, plan.joined.episode.id
            plan.version.customer_id = plan.recognised.person.id if plan.recognised else None
        who = plan.recognised.person.voice if plan.recognised else None
        plan.voice = company.voice_of(plan.raw.source) or who or plan.voice
    _note_people(work, plans, company)


def _note_people(work: Work, plans: Sequence[Plan], company: customers.Company) -> None:
    """Who takes part in each item's conversation: its author, and known customers whom it names or copies."""
    others = known_others(work, [plan.raw for plan in plans], company.own)
    parts = []
    for plan, named in zip(plans, others, strict=True):
        talk_id = plan.version.conversation_id
        if talk_id is None or plan.held_because:
            continue
        who = plan.recognised
        if who is not None and who.home_id is not None:
            parts.append(Part(talk_id, Role.AUTHOR, plan.placed_at, who.home_id, who.person.id))
        parts += [Part(talk_id, role, plan.placed_at, home_id, customer_id) for role, home_id, customer_id in named]
    note_parts(work, parts)


def _join_what_waited(work: Work, plans: Sequence[Plan]) -> None:
    """Conversations of replies that came before what they answer, and what a person has to say."""
    wanted = []
    for plan in plans:
        placed = plan.joined
        if placed is None:
            continue
        for other in placed.waiting:
            if other.id is not None and placed.talk.id is not None:
                join_threads(work, other.id, into=placed.talk.id, key=plan.raw.natural_key)
        likely = placed.proposed
        if likely is not None and likely.strand.talk.id is not None and likely.strand.talk is not placed.talk:
            wanted.append(
                {"kind": "conversation", "left_id": placed.talk.id, "right_id": likely.strand.talk.id}
                | {"item_id": plan.version.id, "confidence": likely.confidence, "evidence": likely.evidence}
            )
    propose(work, wanted)


def _write_items(work: Work, plans: Sequence[Plan], run_id: int | None, now: datetime) -> None:
    """Rank by rank: a second version in the same batch needs the id of the first."""
    waiting = list(plans)
    while waiting:
        ready = [plan for plan in waiting if plan.before is None or plan.before.id is not None]
        waiting = [plan for plan in waiting if plan.before is not None and plan.before.id is None]
        for plan in ready:
            if plan.before is not None:
                _inherit(plan)
        ids = insert_all(
            work,
            FeedbackItem,
            [_values(plan, run_id, now) for plan in ready],
            told_apart_by=(FeedbackItem.source, FeedbackItem.natural_key, FeedbackItem.version),
        )
        for plan, new_id in zip(ready, ids, strict=True):
            plan.version.id, plan.version.run_id = new_id, run_id
    over = {plan.before.id for plan in plans if plan.before is not None}
    if over:
        work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(over)).values(current=False))


def _inherit(plan: Plan) -> None:
    """A new version belongs where the one before belongs."""
    before = plan.before
    if before is not None:
        plan.version.customer_id, plan.version.conversation_id = before.customer_id, before.conversation_id
        plan.version.episode_id = before.episode_id
        plan.voice, plan.held_because = before.voice, before.held_because
        plan.version.current = plan.version.current and not plan.held_because


def _values(plan: Plan, run_id: int | None, now: datetime) -> dict[str, Any]:
    raw, version = plan.raw, plan.version
    return {
        "channel": raw.channel,
        "source": raw.source,
        "natural_key": raw.natural_key,
        "content_hash": version.content_hash,
        "version": version.number,
        "supersedes_id": plan.before.id if plan.before else None,
        "first_id": version.first.id if version.first else None,
        "current": version.current,
        "text": raw.text,
        "subject": raw.subject,
        "said_at": plan.said_at,
        "placed_at": plan.placed_at,
        "revised_at": raw.revised_at,
        "received_at": now,
        "author_name": raw.author_name,
        "author_handle": raw.author_handle,
        "voice": plan.voice,
        "held_at": now if plan.held_because else None,
        "held_because": plan.held_because,
        "rating": raw.rating,
        "question": raw.question,
        "language": raw.language,
        "language_p": raw.language_p,
        "url": raw.url,
        "extra": raw.extra,
        "raw": raw.raw,
        "import_run_id": run_id,
        "conversation_id": version.conversation_id,
        "episode_id": version.episode_id,
        "customer_id": version.customer_id,
    }


def _write_links(work: Work, plans: Sequence[Plan], now: datetime) -> None:
    to_customers, to_conversations = [], []
    homes = _homes(work, [plan.before.id for plan in plans if plan.before and not plan.recognised])
    for plan in plans:
        shared = {"item_id": plan.version.id, "author": work.actor.name, "valid_from": now, "valid_to": None}
        if plan.version.customer_id is not None:
            who = plan.recognised
            to_customers.append(
                shared
                | {"customer_id": (who.home_id if who else _home(plan, homes)) or plan.version.customer_id}
                | {"method": who.method if who else "new version"}
                | {"confidence": who.confidence if who else 1.0, "evidence": who.evidence if who else {}}
            )
        talk = plan.joined
        to_conversations.append(
            shared
            | {"conversation_id": plan.version.conversation_id, "method": talk.method if talk else "new version"}
            | {"confidence": talk.confidence if talk else 1.0, "evidence": talk.evidence if talk else {}}
        )
    if to_customers:
        work.session.execute(insert(CustomerLink), to_customers)
    if to_conversations:
        work.session.execute(insert(ConversationLink), to_conversations)


def _homes(work: Work, item_ids: Sequence[int | None]) -> dict[int, int]:
    """Item -> the customer whose it is by itself."""
    found: dict[int, int] = {}
    for start in range(0, len(item_ids), 500):
        rows = work.session.execute(
            select(CustomerLink.item_id, CustomerLink.customer_id).where(
                CustomerLink.item_id.in_(item_ids[start : start + 500]), CustomerLink.valid_to.is_(None)
            )
        )
        found.update({row[0]: row[1] for row in rows})
    return found


def _home(plan: Plan, homes: dict[int, int]) -> int | None:
    return homes.get(plan.before.id or 0) if plan.before else None


def _restore(work: Work, plans: Sequence[Plan], run_id: int | None) -> None:
    """Items whose import was undone and that come again."""
    ids = [plan.version.id for plan in plans]
    if ids:
        work.session.execute(
            update(FeedbackItem).where(FeedbackItem.id.in_(ids)).values(current=True, import_run_id=run_id)
        )


def _why(plan: Plan, run_id: int | None) -> str:
    if plan.outcome != "skipped":
        return ""
    return TWICE if run_id is not None and plan.version.run_id == run_id else KNOWN


def _id(version: Version) -> int:
    if version.id is None:
        raise AssertionError("an item was planned but not written")
    return version.id
