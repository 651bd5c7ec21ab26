"""The one way in: what any channel hands over is normalised, recognised and kept, in batches of any size.

Numbered, because two workers may race and files repeat themselves:
1. Normalise; an item without words or score, or with key problems, is an error of its own and stops nobody.
2. Look up every version of the batch's natural keys at once, and decide what each item is (see `deduplication`).
3. Decide customers and conversations in memory, then write table by table.
A race for the same key breaks on the unique constraint: the transaction is lost as a whole and can be tried again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import select, update

from bpm.feedback import customers
from bpm.feedback.bulk import insert_all, put_all
from bpm.feedback.events import ItemReceived
from bpm.feedback.intake.attached_files import attach_again, attach_all, fitting
from bpm.feedback.intake.deduplication import Outcome, Plan, Version, plan_all
from bpm.feedback.intake.normalise import normalise, what_was_cut
from bpm.feedback.intake.placing import join_what_waited, place
from bpm.feedback.models import ConversationLink, CustomerLink, FeedbackItem, ImportHeld
from bpm.feedback.privacy.raw_records import keep_raw
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Work
from bpm.search import Changed

TWICE = "It is in this file twice."
KNOWN = "It is known already."
LATE = "A newer version of it is here already."


@dataclass(frozen=True)
class Received:
    """What became of one raw item."""

    item_id: int
    outcome: Outcome
    cut: str = ""
    """What was left out of its words because it was too long, and where it is."""
    why: str = ""
    """Of what was skipped: why."""
    warning: str = ""
    """What is odd about it."""


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
    company = customers.read_company(work, {raw.source for raw in clean})
    raws = [customers.localised(fitting(work, raw), company) for raw in clean]
    plans = plan_all(work, raws, now, run_id=run_id)
    fresh = [plan for plan in plans if (plan.outcome != "skipped" and not plan.restored) or plan.late]
    again = [plan for plan in plans if plan.restored]
    placed = [plan for plan in (*fresh, *again) if (plan.before is None or plan.moved) and not plan.late]
    place(work, placed, company, run_id=run_id)
    _write_items(work, fresh, run_id, now)
    for plan in fresh:
        attach_all(work, _id(plan.version), plan.raw)
    _restore(work, again, run_id)
    for plan in again:
        attach_again(work, _id(plan.version), plan.raw)
    _write_links(work, [*(plan for plan in fresh if not plan.late), *again], now)
    join_what_waited(work, placed)
    _hold(work, [plan.version for plan in plans if plan.outcome == "skipped"], run_id)
    done = [
        Received(_id(plan.version), plan.outcome, what_was_cut(plan.raw), _why(plan, known), plan.warning)
        for plan, known in zip(plans, _known_before(plans, run_id), strict=True)
    ]
    held = {plan.version.id for plan in plans if plan.held_because}
    for each in done:
        if each.outcome != "skipped" and each.item_id not in held:
            work.publish(ItemReceived(each.item_id))
    _tell_search(work, [*fresh, *again])
    if fresh:
        work.nudge("feedback")
    return done


def _tell_search(work: Work, plans: Sequence[Plan]) -> None:
    """What was written is found, what it took the place of no more, and the people are found by what was told."""
    versions = [version for plan in plans for version in (plan.version, plan.before) if version is not None]
    work.publish(Changed("item", tuple(each.id for each in versions if each.id is not None)))
    people = {plan.version.customer_id for plan in plans if _tells_of_the_person(plan)} - {None}
    if people:
        work.publish(Changed("customer", tuple(cast("set[int]", people))))


def _tells_of_the_person(plan: Plan) -> bool:
    """Whether by now more is known of whoever says it: they are new, have a new address, or come back."""
    return plan.restored or (plan.recognised is not None and bool(plan.recognised.person.addresses))


def _write_items(work: Work, plans: Sequence[Plan], run_id: int | None, now: datetime) -> None:
    """Rank by rank: a second version in the same batch needs the id of the first."""
    waiting = list(plans)
    while waiting:
        ready = [plan for plan in waiting if plan.before is None or plan.before.id is not None]
        waiting = [plan for plan in waiting if plan.before is not None and plan.before.id is None]
        for plan in ready:
            if plan.before is not None and not plan.moved:
                _inherit(plan)
        ids = insert_all(
            work,
            FeedbackItem,
            [_values(plan, run_id, now) for plan in ready],
            told_apart_by=(FeedbackItem.source, FeedbackItem.natural_key, FeedbackItem.version),
        )
        for plan, new_id in zip(ready, ids, strict=True):
            plan.version.id = new_id
        keep_raw(work, ((new_id, plan.raw.raw) for plan, new_id in zip(ready, ids, strict=True)))
    over = {plan.before.id for plan in plans if plan.before is not None}
    if over:
        work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(over)).values(current=False))


def _inherit(plan: Plan) -> None:
    """A new version of the same author's belongs where the one before belongs."""
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
        "subject_words": str(plan.joined.subject) if plan.joined and plan.joined.subject else None,
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
        "masked": raw.masked,
        "raw": {},
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
    put_all(work, CustomerLink, to_customers)
    put_all(work, ConversationLink, to_conversations)


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
    """Items whose import was undone and that come again: as if they had never been here."""
    for plan in plans:
        version = plan.version
        work.session.execute(
            update(FeedbackItem)
            .where(FeedbackItem.id == version.id)
            .values(
                current=not plan.held_because,
                held_at=work.now() if plan.held_because else None,
                held_because=plan.held_because,
                import_run_id=run_id,
                customer_id=version.customer_id,
                conversation_id=version.conversation_id,
                episode_id=version.episode_id,
            )
        )


def _hold(work: Work, versions: Sequence[Version], run_id: int | None) -> None:
    """Note that a run holds what another one brought: undoing that one then leaves it here."""
    ids = sorted({_id(version) for version in versions if version.run_id not in (None, run_id)})
    if run_id is None or not ids:
        return
    there: set[int] = set()
    for start in range(0, len(ids), 500):
        part = ids[start : start + 500]
        held = select(ImportHeld.item_id).where(ImportHeld.run_id == run_id, ImportHeld.item_id.in_(part))
        there |= set(work.session.scalars(held))
    put_all(work, ImportHeld, [{"item_id": each, "run_id": run_id} for each in ids if each not in there])


def _known_before(plans: Sequence[Plan], run_id: int | None) -> list[bool]:
    """Of each plan, whether what it is about was here before this file."""
    return [run_id is None or plan.version.run_id != run_id for plan in plans]


def _why(plan: Plan, known: bool) -> str:  # noqa: FBT001 (one of two words)
    if plan.outcome != "skipped":
        return ""
    return LATE if plan.late else KNOWN if known else TWICE


def _id(version: Version) -> int:
    if version.id is None:
        raise AssertionError("an item was planned but not written")
    return version.id
