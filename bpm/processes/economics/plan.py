"""What work costs: rates of groups, costs of events, budgets; each from a day on. Pure.

Amounts are decimals of the currency, never floats; a rate is an amount an hour, a budget an amount a calendar month.
"""

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

EVERYBODY = ""
"""Group that stands for all without a rate of their own."""
MOST = Decimal(100_000_000)
PLACES = 4
"""Decimals of an amount: a hundredth of a cent is what a mail may cost."""
MOST_LINES = 500


class Side(StrEnum):
    """Whose money it is."""

    SERVICE = "service"
    MARKETING = "marketing"
    OTHER = "other"


@dataclass(frozen=True)
class Rate:
    """What an hour of a group's people costs from a day on; `group` "" holds for all without one."""

    group: str
    per_hour: Decimal
    side: Side = Side.SERVICE
    valid_from: date = date.min


@dataclass(frozen=True)
class EventCost:
    """What each pass of an element costs, or each contact by a channel: exactly one of `element`, `channel` is said."""

    cost: Decimal
    process: str = ""
    element: str = ""
    channel: str = ""
    side: Side = Side.SERVICE
    valid_from: date = date.min


@dataclass(frozen=True)
class BudgetLine:
    """Money for a month; `channel`, where it is spent on one alone; `until` is the first day it holds no more."""

    name: str
    per_month: Decimal
    side: Side = Side.SERVICE
    channel: str = ""
    valid_from: date = date.min
    until: date | None = None


@dataclass(frozen=True)
class CostPlan:
    """All of it, as it holds."""

    rates: tuple[Rate, ...] = ()
    events: tuple[EventCost, ...] = ()
    budgets: tuple[BudgetLine, ...] = ()
    currency: str = "EUR"

    def rate(self, group: str, day: date) -> Rate | None:
        """The group's rate on a day, else that of everybody; None where nobody said any."""
        for key in (group, EVERYBODY):
            valid = [each for each in self.rates if each.group == key and each.valid_from <= day]
            if valid:
                return max(valid, key=lambda each: each.valid_from)
        return None

    def of_element(self, process: str, element: str, day: date) -> EventCost | None:
        """What a pass costs on a day."""
        return _newest((e for e in self.events if e.element == element and e.process == process and element), day)

    def of_channel(self, channel: str, day: date) -> EventCost | None:
        """What a contact by the channel costs on a day."""
        return _newest((each for each in self.events if each.channel == channel and channel), day)

    def cuts(self) -> tuple[datetime, ...]:
        """Instants at which a rate changes; a day begins at midnight UTC."""
        days = {each.valid_from for each in self.rates if each.valid_from > date.min}
        return tuple(datetime.combine(day, time.min, UTC) for day in sorted(days))

    @property
    def is_empty(self) -> bool:
        return not (self.rates or self.events or self.budgets)


def _newest(found: Iterable[EventCost], day: date) -> EventCost | None:
    return max((each for each in found if each.valid_from <= day), key=lambda each: each.valid_from, default=None)


def budget_of(line: BudgetLine, since: datetime, until: datetime) -> Decimal:
    """What of the line lies in [since, until): whole days, each its part of its month."""
    total, day, end = Decimal(0), since.date(), until.date()
    while day < end:
        days = monthrange(day.year, day.month)[1]
        month_ends = date(day.year, day.month, days) + timedelta(days=1)
        first, last = max(day, line.valid_from), min(end, month_ends, line.until or end)
        if last > first:
            total += line.per_month * (last - first).days / days
        day = min(end, month_ends)
    return total


def amount_of(text: str, *, empty: Decimal | None = None) -> Decimal | None:
    """An amount as people write it (25, 25.50, 0,035); InvalidInputError for anything else, and below zero."""
    plain = text.strip().replace("\u202f", "").replace("\u00a0", "").replace(" ", "").replace(",", ".")
    if not plain:
        return empty
    say = _("Write an amount such as 25, 25.50 or 0.035.")
    try:
        value = Decimal(plain)
    except InvalidOperation:
        raise InvalidInputError(_("“%(text)s” is no amount.") % {"text": text[:40]}, remedy=say) from None
    if not value.is_finite() or not 0 <= value <= MOST or value != round(value, PLACES):
        raise InvalidInputError(_("“%(text)s” is no amount.") % {"text": text[:40]}, remedy=say)
    return value


def day_of(text: str, *, empty: date | None = None) -> date | None:
    """A day as a browser sends it; InvalidInputError for anything else."""
    if not text.strip():
        return empty
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise InvalidInputError(
            _("“%(text)s” is no day.") % {"text": text[:40]}, remedy=_("Write it as 2026-01-31.")
        ) from None


def demand_usable(plan: CostPlan) -> None:
    """InvalidInputError, naming the line, for what says one thing twice or nothing at all."""
    if sum(len(each) for each in (plan.rates, plan.events, plan.budgets)) > MOST_LINES:
        raise InvalidInputError(_("A plan has at most 500 lines."), remedy=_("Leave out what holds no more."))
    _refuse_twice([(each.group or _("everybody"), each.valid_from) for each in plan.rates])
    for event in plan.events:
        if bool(event.element) == bool(event.channel):
            raise InvalidInputError(_("A cost is one of an activity or of a channel."), remedy=_("Choose one."))
    _refuse_twice([(each.channel or f"{each.process}: {each.element}", each.valid_from) for each in plan.events])
    for line in plan.budgets:
        if not line.name.strip():
            raise InvalidInputError(_("A budget has no name."), remedy=_("Name it."))
        if line.until is not None and line.until <= line.valid_from:
            raise InvalidInputError(
                _("The budget “%(name)s” ends before it begins.") % {"name": line.name}, remedy=_("Look at its days.")
            )


def _refuse_twice(found: Sequence[tuple[str, date]]) -> None:
    for name, day in found:
        if found.count((name, day)) > 1:
            raise InvalidInputError(
                _("“%(name)s” stands twice from the same day on.") % {"name": name}, remedy=_("Leave one of them out.")
            )


def as_plain(plan: CostPlan) -> dict[str, Any]:
    """As it is stored."""
    return {
        "currency": plan.currency,
        "rates": [
            {"group": e.group, "per_hour": str(e.per_hour), "side": str(e.side), "from": _day(e.valid_from)}
            for e in plan.rates
        ],
        "events": [
            {"cost": str(e.cost), "process": e.process, "element": e.element, "channel": e.channel,
             "side": str(e.side), "from": _day(e.valid_from)}
            for e in plan.events
        ],
        "budgets": [
            {"name": e.name, "per_month": str(e.per_month), "side": str(e.side), "channel": e.channel,
             "from": _day(e.valid_from), "until": _day(e.until)}
            for e in plan.budgets
        ],
    }  # fmt: skip


def plan_of(stored: Mapping[str, Any]) -> CostPlan:
    """As it was stored."""
    return CostPlan(
        rates=tuple(
            Rate(e["group"], Decimal(e["per_hour"]), Side(e["side"]), _read(e["from"])) for e in stored["rates"]
        ),
        events=tuple(
            EventCost(Decimal(e["cost"]), e["process"], e["element"], e["channel"], Side(e["side"]), _read(e["from"]))
            for e in stored["events"]
        ),
        budgets=tuple(
            BudgetLine(
                e["name"], Decimal(e["per_month"]), Side(e["side"]), e["channel"], _read(e["from"]),
                date.fromisoformat(e["until"]) if e["until"] else None,
            )
            for e in stored["budgets"]
        ),
        currency=stored["currency"],
    )  # fmt: skip


def _day(day: date | None) -> str:
    return "" if day is None or day == date.min else day.isoformat()


def _read(text: str) -> date:
    return date.fromisoformat(text) if text else date.min
