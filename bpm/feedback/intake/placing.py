"""Where new items belong: whose they are, in which conversation and episode, who takes part, what is only likely."""

from collections.abc import Sequence

from bpm.feedback import customers
from bpm.feedback.conversations import board as conversations
from bpm.feedback.conversations.joining import apart, enter, join
from bpm.feedback.conversations.known_talks import read_board, read_episodes
from bpm.feedback.conversations.merge import join_threads
from bpm.feedback.conversations.participants import Part, known_others, note_parts
from bpm.feedback.conversations.proposals import propose
from bpm.feedback.intake.deduplication import Plan
from bpm.feedback.status import Role
from bpm.foundation.work import Work


def place(work: Work, plans: Sequence[Plan], company: customers.Company, *, run_id: int | None) -> None:
    """Customer, conversation and episode of the items that are new, or somebody else's now."""
    if not plans:
        return
    raws = [plan.raw for plan in plans]
    batch = customers.recognise(work, raws, company)
    customers.write(work, batch, [raw.source for raw in raws], company, run_id=run_id)
    people = [each.person if each else None for each in batch.found]
    board = read_board(work, raws, people)
    order = sorted(range(len(plans)), key=lambda at: plans[at].placed_at)
    for at in order:
        plan, block = plans[at], batch.held[at]
        plan.recognised = batch.found[at]
        if block is None:
            plan.joined = join(board, plan.raw, people[at], plan.placed_at)
            continue
        plan.held_because, plan.version.current = customers.held_because(block), False
        plan.joined = apart(people[at])
    read_episodes(work, board, [plan.joined for plan in plans if plan.joined])
    for plan in (plans[at] for at in order):
        if plan.joined is not None:
            enter(plan.joined, plan.raw, plan.placed_at)
    conversations.write(work, board, [plan.joined for plan in plans if plan.joined])
    for plan in plans:
        if plan.joined is not None and plan.joined.episode is not None:
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


def join_what_waited(work: Work, plans: Sequence[Plan]) -> None:
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
