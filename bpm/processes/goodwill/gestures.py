"""Gestures: within a person's limit given at once, above it when a colleague approves; each with cost and purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select

from bpm import audit, notices
from bpm.engine import api as engine
from bpm.engine.events import MessageThrown, WorkItemAssigned
from bpm.engine.models import WorkItem
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Classification
from bpm.foundation.bus import Bus
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand, list_groups
from bpm.identity.models import User
from bpm.processes import attribution
from bpm.processes.goodwill.economics import (
    Facts,
    Rules,
    Verdict,
    as_plain,
    break_even_visits,
    for_all_alike,
    rules_from,
    verdict,
)
from bpm.processes.handing_over.shipped import ensure_live
from bpm.processes.models import Gesture, GoodwillRules
from bpm.processes.status import GestureStatus, LinkKind, Purpose

APPROVAL, DECIDED = "goodwill_approval", "goodwill_decided"
"""The shipped process of approvals, and the message by which it says what was decided."""


@dataclass(frozen=True)
class Wish:
    """What somebody wants to give: `amount` is its worth to the customer, `cost` what it costs us in full."""

    what: str
    amount: int
    cost: int
    purpose: Purpose
    why: str
    margin_per_visit: int | None = None


@dataclass(frozen=True)
class GestureRow:
    """A gesture with what it means."""

    id: int
    item_id: int
    by: str
    at: datetime
    what: str
    amount: int
    cost: int
    purpose: Purpose
    why: str
    status: GestureStatus
    decided_by: str
    decided_why: str
    verdict: Verdict
    """Of the rule for everybody, as it was when it was given."""
    visits: int | None
    for_all: int
    """What it would cost for a thousand customers alike."""


def get_rules(work: Work) -> Rules:
    """Those that hold now; the shipped ones before anybody changed them."""
    stored = work.session.scalar(select(GoodwillRules.rules).order_by(GoodwillRules.id.desc()).limit(1))
    return Rules() if stored is None else rules_from(stored)


def save_rules(work: Work, rules: Rules, *, reason: str) -> None:
    """Keep rules from now on; for managers alone, with a reason."""
    demand(work.actor, Permission.SIGN)
    why = reason.strip()[:400]
    if not why:
        say = _("Say why; colleagues read it.")
        raise InvalidInputError(_("The rules were not changed."), remedy=say, fields={"reason": say})
    if rules.approvers and rules.approvers not in {group.key for group in list_groups(work)}:
        raise InvalidInputError(_("There is no such group."), remedy=_("Choose one of the list."))
    plain, before = as_plain(rules_from(as_plain(rules))), as_plain(get_rules(work))
    work.session.add(GoodwillRules(rules=plain, reason=why, user_id=work.actor.user_id, at=work.now()))
    work.session.flush()
    audit.record(work, "goodwill.rules", audit.Thing("goodwill", 1, "Goodwill"), before=before, after=plain, reason=why)


def give(work: Work, item_id: int, wish: Wish) -> Gesture:
    """Give a gesture for an item. Within the giver's limit it is given at once; above, an approval task is made.

    InvalidInputError where something is missing, or where the rule for everybody says no and it is to be booked as
    service: what only this customer gets is public relations.
    """
    demand(work.actor, Permission.ANSWER)
    item, rules = get_current(work, item_id), get_rules(work)
    _demand_said(wish)
    claim = work.session.execute(
        select(Classification.primary, Classification.urgency).where(
            Classification.item_id == item.id, Classification.current
        )
    ).first()
    found = verdict(wish.cost, Facts(*(claim or (None, None))), rules)
    if wish.purpose == Purpose.SERVICE and not found.is_given:
        say = _("By the rule for everybody it is not given (%(why)s): book it as PR, or give less.") % {
            "why": found.why
        }
        raise InvalidInputError(_("This is no service."), remedy=say, fields={"purpose": say})
    within = wish.cost <= rules.limit_of(work.actor.name)
    row = Gesture(
        item_id=item.id, user_id=work.actor.user_id, at=work.now(), what=wish.what.strip()[:300], amount=wish.amount,
        cost=wish.cost, margin_per_visit=wish.margin_per_visit, purpose=wish.purpose, why=wish.why.strip()[:600],
        status=GestureStatus.GIVEN if within else GestureStatus.WAITING, rule_given=found.is_given,
        rule_up_to=found.up_to, rule_why=found.why,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"gesture": row.what, "cost": row.cost, "purpose": row.purpose, "status": row.status}
    audit.record(work, "goodwill.give", feedback_item(item.id), before={"gesture": None}, after=after, reason=row.why)
    if not within:
        _ask(work, row, rules)
    work.nudge("feedback")
    return row


def _demand_said(wish: Wish) -> None:
    fields = {}
    if not wish.what.strip():
        fields["what"] = _("Say what it is.")
    if not wish.why.strip():
        fields["why"] = _("Say why in a line.")
    if wish.cost <= 0 or wish.amount < 0:
        fields["cost"] = _("Give what it costs us in full.")
    if fields:
        raise InvalidInputError(_("The gesture was not given."), remedy=" ".join(fields.values()), fields=fields)


def _ask(work: Work, row: Gesture, rules: Rules) -> None:
    """A colleague decides: a case of the shipped process with one task."""
    ensure_live(work, APPROVAL)
    group = rules.approvers or min(work.actor.groups, default="") or None
    facts = {
        "gesture_id": row.id, "item_id": row.item_id, "what": row.what, "group_key": group, "why": row.why,
        "cost": f"{row.cost / 100:.2f} {rules.currency}", "asked_by": work.actor.display_name,
        "for_all": f"{for_all_alike(row.cost) / 100:.2f} {rules.currency}",
        "rule": _("given to everybody") if row.rule_given else _("not given to everybody: PR"),
    }  # fmt: skip
    case = engine.start(work, APPROVAL, facts, business_key=f"goodwill-{row.id}")
    row.case_id = case.id
    item = get_current(work, row.item_id)
    why = _("A gesture for it waits for approval.")
    attribution.record(work, item, instance_id=case.id, evidence=why, kind=LinkKind.OPENED_BY)
    task = work.session.scalar(select(WorkItem.id).where(WorkItem.instance_id == case.id).limit(1))
    if task is not None and group is not None:
        work.publish(WorkItemAssigned(task, None, group, row.why))


def on_message(work: Work, event: MessageThrown) -> None:
    """A colleague decided on a gesture; nobody decides on their own."""
    if event.event != DECIDED:
        return
    row = work.session.scalar(
        select(Gesture).where(Gesture.case_id == event.instance_id, Gesture.status == GestureStatus.WAITING)
    )
    if row is None:
        return
    own = row.user_id == work.actor.user_id
    approved = event.payload.get("approved") in (True, "true") and not own
    row.status = GestureStatus.GIVEN if approved else GestureStatus.DECLINED
    row.decided_by, row.decided_at = work.actor.user_id, work.now()
    row.decided_why = (
        _("Nobody approves their own gesture.") if own else str(event.payload.get("approval_why") or "")[:600]
    )
    work.session.flush()
    after = {"status": row.status, "why": row.decided_why}
    audit.record(
        work, "goodwill.decide", feedback_item(row.item_id), before={"status": GestureStatus.WAITING}, after=after
    )
    words = {"what": row.what, "word": _("approved") if approved else _("declined"), "why": row.decided_why}
    notices.raise_for(
        work, [row.user_id], "returned", _("Gesture “%(what)s” was %(word)s. %(why)s") % words, f"/inbox/{row.item_id}",
        about=("gesture", row.id), key=f"gesture:{row.id}",
    )  # fmt: skip
    work.nudge("feedback")


def gestures_of(work: Work, item_id: int) -> tuple[GestureRow, ...]:
    """Those for an item, oldest first."""
    return _rows(work, Gesture.item_id == item_id)


def list_gestures(work: Work, *, since: datetime, until: datetime) -> tuple[GestureRow, ...]:
    """Those of a period, oldest first."""
    return _rows(work, Gesture.at >= since, Gesture.at < until)


def totals(rows: Sequence[GestureRow]) -> dict[Purpose, tuple[int, int]]:
    """Purpose -> (number, cost in full) of what was given."""
    found = dict.fromkeys(Purpose, (0, 0))
    for row in rows:
        if row.status == GestureStatus.GIVEN:
            number, cost = found[row.purpose]
            found[row.purpose] = (number + 1, cost + row.cost)
    return found


def _rows(work: Work, *conditions: ColumnElement[bool]) -> tuple[GestureRow, ...]:
    rows = work.session.scalars(select(Gesture).where(*conditions).order_by(Gesture.id)).all()
    people = {row.user_id for row in rows} | {row.decided_by for row in rows if row.decided_by is not None}
    found = work.session.execute(select(User.id, User.display_name).where(User.id.in_(people))) if people else ()
    names = {row.id: row.display_name for row in found}
    return tuple(
        GestureRow(
            id=row.id, item_id=row.item_id, by=names.get(row.user_id, ""), at=row.at, what=row.what, amount=row.amount,
            cost=row.cost, purpose=row.purpose, why=row.why, status=row.status,
            decided_by=names.get(row.decided_by or 0, ""), decided_why=row.decided_why,
            verdict=Verdict(row.rule_given, row.rule_up_to, row.rule_why),
            visits=break_even_visits(row.cost, row.margin_per_visit), for_all=for_all_alike(row.cost),
        )
        for row in rows
    )  # fmt: skip


def wire(bus: Bus) -> None:
    """Let what is approved be given."""
    bus.subscribe(MessageThrown, on_message)
