"""Talking to a customer about an improvement or a theme: a task with the addresses they agreed to, and what was heard.

1. Only who agreed (for service or research) is offered, with the addresses of that consent alone; everybody else who
   said something there is named with why not.
2. The task is a case of the shipped process `talk_to_customer`. When it ends, what was heard comes back here.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select

from bpm import audit
from bpm.engine import api as engine
from bpm.engine.events import InstanceEnded, WorkItemAssigned
from bpm.engine.models import ProcessInstance, WorkItem
from bpm.engine.status import InstanceStatus, WorkItemStatus
from bpm.feedback import themes
from bpm.feedback.models import Consent, ContactPoint, Customer, FeedbackItem
from bpm.foundation.bus import Bus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, actor_of, get_user, may
from bpm.identity.models import User
from bpm.processes import attribution
from bpm.processes.handing_over.shipped import ensure_live
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.models import CustomerTalk, ImprovementVoice
from bpm.processes.models.register_lists import TalkKind, TalkStatus

PROCESS = "talk_to_customer"
PURPOSES = ("service", "research")
"""What somebody has to have agreed to; a talk sells nothing."""
MOST, LONGEST = 200, 2_000


@dataclass(frozen=True)
class About:
    """What a talk is about: exactly one of the two."""

    improvement_id: int | None = None
    theme_id: int | None = None


@dataclass(frozen=True)
class Candidate:
    """A customer who said something there; `contacts` are addresses with their consent, `why_not` where there is none.

    `contacts`: (kind of address, the address, what was agreed).
    """

    customer_id: int | None
    name: str
    item_id: int
    said: str
    contacts: tuple[tuple[str, str, str], ...] = ()
    why_not: str = ""


@dataclass(frozen=True)
class Candidates:
    """Those who can be talked to, and those who cannot."""

    agreed: tuple[Candidate, ...]
    left_out: tuple[Candidate, ...]


@dataclass(frozen=True)
class TalkDraft:
    """Whom to talk to, how, why, and who does; `user_id` None: whoever asks."""

    customer_id: int
    kind: str
    why: str
    user_id: int | None = None


@dataclass(frozen=True)
class TalkRow:
    """A talk as pages show it."""

    id: int
    customer: str
    customer_id: int | None
    kind: TalkKind
    why: str
    status: TalkStatus
    note: str
    asked_by: str
    asked_at: datetime
    done_by: str
    done_at: datetime | None
    instance_id: int | None


def candidates_of(work: Work, about: About) -> Candidates:
    """Everybody who said something there, each once by their newest item, the newest first."""
    items = _items(work, about)
    newest: dict[tuple[str, int], FeedbackItem] = {}
    for item in items:
        person = ("customer", item.customer_id) if item.customer_id is not None else ("item", item.id)
        newest.setdefault(person, item)
    agreed = _contacts(work, [item.customer_id for item in newest.values() if item.customer_id is not None])
    found = [_candidate(item, agreed.get(item.customer_id or 0, ())) for item in newest.values()]
    return Candidates(tuple(each for each in found if not each.why_not), tuple(each for each in found if each.why_not))


def _items(work: Work, about: About) -> Sequence[FeedbackItem]:
    wanted: ColumnElement[bool]
    if about.theme_id is not None:
        wanted = FeedbackItem.id.in_(themes.items_of(work, about.theme_id, limit=MOST).rows)
    else:
        row = get_row(work, about.improvement_id or 0)
        voices = select(ImprovementVoice.item_id).where(ImprovementVoice.improvement_id == row.id)
        wanted = or_(FeedbackItem.id.in_(voices), FeedbackItem.first_id.in_(voices))
    return work.session.scalars(
        select(FeedbackItem)
        .where(FeedbackItem.current, FeedbackItem.erased_at.is_(None), wanted)
        .order_by(FeedbackItem.placed_at.desc(), FeedbackItem.id.desc())
        .limit(MOST)
    ).all()


def _contacts(work: Work, customers: Sequence[int]) -> Mapping[int, tuple[tuple[str, str, str], ...]]:
    """{customer: addresses that may be used for a talk}"""
    rows = work.session.execute(
        select(ContactPoint.customer_id, ContactPoint.kind, ContactPoint.value, Consent.purpose, Consent.channel)
        .join(Consent, Consent.contact_point_id == ContactPoint.id)
        .where(
            ContactPoint.customer_id.in_(customers), ContactPoint.ended_at.is_(None),
            Consent.purpose.in_(PURPOSES), Consent.withdrawn_at.is_(None),
        )
        .order_by(ContactPoint.id, Consent.id)
    )  # fmt: skip
    found: dict[int, tuple[tuple[str, str, str], ...]] = {}
    for customer_id, kind, value, purpose, channel in rows:
        agreed = _("agreed to %(purpose)s by %(channel)s") % {"purpose": purpose, "channel": channel}
        found[customer_id] = (*found.get(customer_id, ()), (str(kind), value, agreed))
    return found


def _candidate(item: FeedbackItem, contacts: tuple[tuple[str, str, str], ...]) -> Candidate:
    name = item.author_name or item.author_handle or _("somebody")
    why_not = ""
    if item.customer_id is None:
        why_not = _("Nobody knows who said it.")
    elif not contacts:
        why_not = _("They have not agreed to be talked to.")
    return Candidate(item.customer_id, name, item.id, item.text[:200], contacts, why_not)


def ask_talk(work: Work, about: About, draft: TalkDraft) -> int:
    """Make the task; the talk's id. InvalidInputError with `fields` (customer, kind, why, who)."""
    known = {each.customer_id: each for each in candidates_of(work, about).agreed}
    candidate = known.get(draft.customer_id)
    kind = next((each for each in TalkKind if each == draft.kind), None)
    who = get_user(work, draft.user_id if draft.user_id is not None else work.actor.user_id or 0)
    problems = {}
    if candidate is None:
        problems["customer"] = _("Choose one of those who agreed to it.")
    if kind is None:
        problems["kind"] = _("Choose a call or a meeting.")
    if not 0 < len(draft.why.strip()) <= LONGEST:
        problems["why"] = _("Say what you want to hear from them.")
    if not who.active or not may(actor_of(who), Permission.WORK):
        problems["who"] = _("%(name)s does not work on tasks.") % {"name": who.display_name}
    if problems or candidate is None or kind is None:
        raise InvalidInputError(
            _("No talk was asked for."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    ensure_live(work, PROCESS)
    row = CustomerTalk(
        improvement_id=about.improvement_id, theme_id=about.theme_id, customer_id=draft.customer_id, kind=kind,
        why=draft.why.strip(), asked_by=work.actor.user_id, asked_at=work.now(), status=TalkStatus.OPEN,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    case = engine.start(work, PROCESS, _variables(candidate, row, who), business_key=f"talk-{row.id}")
    row.instance_id = case.id
    item = work.session.get_one(FeedbackItem, candidate.item_id)
    attribution.record(work, item, instance_id=case.id, evidence=_("A talk with them was asked for."))
    task = work.session.scalar(
        select(WorkItem.id).where(WorkItem.instance_id == case.id, WorkItem.status == WorkItemStatus.OPEN)
    )
    if task is not None:
        work.publish(WorkItemAssigned(task, who.id, None, row.why))
    _note(work, row, f"{kind}: {who.display_name}", row.why)
    after = {"customer": draft.customer_id, "kind": kind, "who": who.display_name, "case": case.id}
    audit.record(work, "talk.ask", audit.Thing("talk", row.id), before={"talk": None}, after=after, reason=row.why)
    return row.id


def _variables(candidate: Candidate, row: CustomerTalk, who: User) -> dict[str, object]:
    contact = "; ".join(f"{kind} {value} ({agreed})" for kind, value, agreed in candidate.contacts)
    return {
        "talk_id": row.id, "customer_name": candidate.name, "contact": contact, "why": row.why, "kind": str(row.kind),
        "item_id": candidate.item_id, "text": candidate.said, "assignee": who.username, "group_key": None,
        "due_at": None,
    }  # fmt: skip


def _note(work: Work, row: CustomerTalk, told: str, why: str) -> None:
    if row.improvement_id is not None:
        note(work, get_row(work, row.improvement_id), "talk", after=told, reason=why)


def wire(bus: Bus) -> None:
    """Let what was heard come back."""
    bus.subscribe(InstanceEnded, on_ended)


def on_ended(work: Work, event: InstanceEnded) -> None:
    """A case of a talk is over: keep what was heard, once."""
    if event.key != PROCESS:
        return
    row = work.session.scalar(
        select(CustomerTalk).where(
            CustomerTalk.instance_id == event.instance_id, CustomerTalk.status == TalkStatus.OPEN
        )
    )  # fmt: skip
    if row is None:
        return
    values = work.session.scalar(
        select(ProcessInstance.variables).where(ProcessInstance.id == event.instance_id)
    ) or {}  # fmt: skip
    row.status = TalkStatus.ENDED
    if event.status == InstanceStatus.COMPLETED:
        row.status = TalkStatus.TALKED if values.get("outcome") == TalkStatus.TALKED else TalkStatus.NOT_REACHED
        row.note = str(values.get("note") or "")[:4_000]
    row.done_by, row.done_at = work.actor.user_id, work.now()
    _note(work, row, str(row.status), row.note)
    about = thing(get_row(work, row.improvement_id)) if row.improvement_id else audit.Thing("talk", row.id)
    after = {"status": row.status, "note": row.note}
    audit.record(work, "talk.end", about, before={"status": TalkStatus.OPEN}, after=after)


def talks_of(work: Work, about: About | None = None) -> tuple[TalkRow, ...]:
    """Talks about that, or all of them, the newest first."""
    asker, doer = User.__table__.alias("asker"), User.__table__.alias("doer")
    query = (
        select(CustomerTalk, Customer.name, asker.c.display_name, doer.c.display_name)
        .outerjoin(Customer, Customer.id == CustomerTalk.customer_id)
        .outerjoin(asker, asker.c.id == CustomerTalk.asked_by)
        .outerjoin(doer, doer.c.id == CustomerTalk.done_by)
        .order_by(CustomerTalk.id.desc())
        .limit(MOST)
    )
    if about is not None:
        column, value = (
            (CustomerTalk.improvement_id, about.improvement_id)
            if about.improvement_id is not None
            else (CustomerTalk.theme_id, about.theme_id)
        )
        query = query.where(column == value)
    return tuple(
        TalkRow(
            row.id, name or _("somebody"), row.customer_id, row.kind, row.why, row.status, row.note, asked or "",
            row.asked_at, done or "", row.done_at, row.instance_id,
        )
        for row, name, asked, done in work.session.execute(query)
    )  # fmt: skip
