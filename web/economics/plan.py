"""Rates, costs of events and budgets as a table that people edit; what held before stands below."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TypeVar

from flask import request
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import CHANNELS
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from bpm.processes import economics
from bpm.processes.economics import BudgetLine, CostPlan, EventCost, PlanVersion, Rate, Side
from web.core.rendering import Choice, go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.economics.blueprint import blueprint, tabs
from web.economics.places import Places

BLANK = 2
"""Empty rows at the end of each table."""
MOST = 200
SIDES = ((Side.SERVICE, _("service")), (Side.MARKETING, _("marketing")), (Side.OTHER, _("other")))
Made = TypeVar("Made")


@dataclass(frozen=True)
class PlanPage:
    """What economics/plan.html shows."""

    tabs: tuple[Choice, ...]
    rates: tuple[Mapping[str, str], ...]
    events: tuple[Mapping[str, str], ...]
    budgets: tuple[Mapping[str, str], ...]
    """Rows as texts of their inputs."""
    currency: str
    groups: tuple[tuple[str, str], ...]
    places: tuple[str, ...]
    """What can cost something by the pass, as it is written into a row: one list for all rows."""
    channels: tuple[str, ...]
    sides: tuple[tuple[str, str], ...]
    history: tuple[PlanVersion, ...]
    number: int | None
    """Of the older plan that is looked at; None: the one that holds."""
    may_change: bool
    problem: str = ""
    reason: str = ""


@blueprint.get("/costs/plan")
@needs(Permission.INSIGHTS)
def plan() -> str:
    number = request.args.get("number", type=int)
    return render("economics/plan.html", _page(work(), economics.get_plan(work(), number=number), number=number))


def _page(
    unit: Work, held: CostPlan, *, number: int | None = None, sent: MultiDict[str, str] | None = None, problem: str = ""
) -> PlanPage:
    named = Places(unit)
    rows = {name: tuple(_sent(sent, name)) for name in _NAMES} if sent is not None else _rows(held, named)
    blank = {name: tuple(dict.fromkeys(_NAMES[name], "") for _place in range(BLANK)) for name in _NAMES}
    return PlanPage(
        tabs=tabs(),
        rates=rows["rate"] + blank["rate"],
        events=rows["event"] + blank["event"],
        budgets=rows["budget"] + blank["budget"],
        currency=sent.get("currency", "") if sent is not None else held.currency,
        groups=tuple((group.key, group.name) for group in identity.list_groups(unit)),
        places=named.offered,
        channels=CHANNELS,
        sides=SIDES,
        history=economics.list_plans(unit),
        number=number,
        may_change=may(actor(), Permission.SIGN) and number is None,
        problem=problem,
        reason=sent.get("reason", "") if sent is not None else "",
    )


_NAMES: Mapping[str, tuple[str, ...]] = {
    "rate": ("group", "amount", "side", "from"),
    "event": ("of", "amount", "side", "from"),
    "budget": ("name", "amount", "side", "channel", "from", "until"),
}
"""Table -> its columns; an input is named `table-place-column`."""


def _rows(held: CostPlan, named: Places) -> dict[str, tuple[Mapping[str, str], ...]]:
    return {
        "rate": tuple(
            {"group": each.group or "*", "amount": _text(each.per_hour), "side": each.side,
             "from": _day(each.valid_from)}
            for each in held.rates
        ),
        "event": tuple(
            {"of": each.channel or named.words_of(f"{each.process}:{each.element}"), "amount": _text(each.cost),
             "side": each.side, "from": _day(each.valid_from)}
            for each in held.events
        ),
        "budget": tuple(
            {"name": each.name, "amount": _text(each.per_month), "side": each.side, "channel": each.channel,
             "from": _day(each.valid_from), "until": _day(each.until)}
            for each in held.budgets
        ),
    }  # fmt: skip


def _text(amount: Decimal) -> str:
    return f"{amount:.4f}".rstrip("0").rstrip(".") if amount != round(amount, 2) else f"{amount:.2f}"


def _day(day: date | None) -> str:
    return "" if day in (None, date.min) else str(day)


def _sent(sent: MultiDict[str, str], table: str) -> Iterator[Mapping[str, str]]:
    """Rows of the form in which anything but the side stands."""
    for place in range(MOST):
        row = {name: sent.get(f"{table}-{place}-{name}", "").strip() for name in _NAMES[table]}
        if any(value for name, value in row.items() if name != "side"):
            yield row


@blueprint.post("/costs/plan")
@needs(Permission.SIGN)
def save_plan() -> Response | tuple[str, int]:
    sent = request.form
    try:
        made = CostPlan(
            rates=tuple(_each(sent, "rate", _rate)),
            events=tuple(_each(sent, "event", partial(_event, Places(work())))),
            budgets=tuple(_each(sent, "budget", _budget)),
            currency=sent.get("currency", "").strip().upper()[:3] or "EUR",
        )
        economics.save_plan(work(), made, reason=sent.get("reason", ""))
    except InvalidInputError as error:
        page = _page(work(), CostPlan(), sent=sent, problem=f"{error.message} {error.remedy}")
        return render("economics/plan.html", page), 400
    say(_("Kept. Every figure of cost is worked out by it from now on, those of earlier days, too."))
    return go("economics.plan")


def _each(sent: MultiDict[str, str], table: str, read: Callable[[Mapping[str, str]], Made]) -> Iterator[Made]:
    words = {"rate": _("Rates"), "event": _("Costs of events"), "budget": _("Budgets")}
    for number, row in enumerate(_sent(sent, table), 1):
        try:
            yield read(row)
        except InvalidInputError as error:
            place = _("%(table)s, row %(number)s: %(message)s")
            told = place % {"table": words[table], "number": number, "message": error.message}
            raise InvalidInputError(told, remedy=error.remedy) from error


def _rate(row: Mapping[str, str]) -> Rate:
    if not row["group"]:
        raise InvalidInputError(_("no group is chosen."), remedy=_("Choose one, or everybody else."))
    group = "" if row["group"] == "*" else row["group"]
    return Rate(group, _amount(row), _side(row), economics.day_of(row["from"]) or date.min)


def _event(named: Places, row: Mapping[str, str]) -> EventCost:
    if not row["of"]:
        raise InvalidInputError(_("no channel and no activity is chosen."), remedy=_("Choose one."))
    process, colon, element = named.value_of(row["of"]).partition(":")
    since = economics.day_of(row["from"]) or date.min
    if colon:
        return EventCost(_amount(row), process=process, element=element, side=_side(row), valid_from=since)
    return EventCost(_amount(row), channel=process, side=_side(row), valid_from=since)


def _budget(row: Mapping[str, str]) -> BudgetLine:
    since, until = economics.day_of(row["from"]) or date.min, economics.day_of(row["until"])
    return BudgetLine(row["name"][:200], _amount(row), _side(row), row["channel"], since, until)


def _amount(row: Mapping[str, str]) -> Decimal:
    found = economics.amount_of(row["amount"])
    if found is None:
        raise InvalidInputError(_("the amount is missing."), remedy=_("Write an amount such as 25 or 25.50."))
    return found


def _side(row: Mapping[str, str]) -> Side:
    return next((side for side in Side if side == row["side"]), Side.SERVICE)
