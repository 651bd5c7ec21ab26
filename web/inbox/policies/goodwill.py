"""Goodwill: a gesture on the page of the feedback, the rules for all, and what was given of it."""

from dataclasses import dataclass

from flask import Blueprint, request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import goodwill
from bpm.processes.goodwill import GestureRow, Rules, Wish, cents_of
from bpm.processes.status import Purpose
from web.core.rendering import Choice, go, go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox.acts import again
from web.inbox.blueprint import blueprint as inbox
from web.measures.periods import Period, asked_period, choices

blueprint = Blueprint("goodwill", __name__, url_prefix="/goodwill")
URGENCIES = (_("none"), _("low"), _("high"), _("urgent"))


@dataclass(frozen=True)
class GoodwillPage:
    """What inbox/goodwill.html shows."""

    rules: Rules
    steps: tuple[tuple[str, int], ...]
    """(urgency in words, up to what cost)"""
    limits: tuple[tuple[str, str, int], ...]
    """(user name, name, what they give without asking)"""
    groups: tuple[tuple[str, str], ...]
    rows: tuple[GestureRow, ...]
    totals: tuple[tuple[str, int, int], ...]
    """(purpose, number, cost in full)"""
    period: Period
    periods: tuple[Choice, ...]
    may_change: bool
    problem: str = ""


def _page(problem: str = "") -> GoodwillPage:
    rules, period = goodwill.get_rules(work()), asked_period(work().now())
    rows = goodwill.list_gestures(work(), since=period.since, until=period.until)
    users = (user for user in identity.list_users(work()) if user.active)
    answering = (user for user in users if may(identity.actor_of(user), Permission.ANSWER))
    return GoodwillPage(
        rules=rules,
        steps=tuple(zip(URGENCIES, rules.by_urgency, strict=True)),
        limits=tuple((user.username, user.display_name, rules.limit_of(user.username)) for user in answering),
        groups=tuple((group.key, group.name) for group in identity.list_groups(work())),
        rows=rows[::-1],
        totals=tuple((str(purpose), *figures) for purpose, figures in goodwill.totals(rows).items()),
        period=period,
        periods=choices(period),
        may_change=may(actor(), Permission.SIGN),
        problem=problem,
    )


@blueprint.get("")
@needs(Permission.SEE_FEEDBACK)
def overview() -> str:
    return render("inbox/goodwill.html", _page())


@blueprint.post("")
@needs(Permission.SIGN)
def save_rules() -> Response | tuple[str, int]:
    sent, before = request.form, goodwill.get_rules(work())
    try:
        steps = [cents_of(sent.get(f"urgency-{number}", ""), "urgency", empty=0) or 0 for number in range(4)]
        limit = cents_of(sent.get("limit", ""), "limit", empty=0) or 0
        named = {name[6:]: cents_of(value, "limit") for name, value in sent.items() if name.startswith("limit-")}
        rules = Rules(
            by_urgency=(steps[0], steps[1], steps[2], steps[3]),
            otherwise=cents_of(sent.get("otherwise", ""), "otherwise", empty=0) or 0,
            limit=limit,
            limits={name: cents for name, cents in named.items() if cents is not None and cents != limit},
            approvers=sent.get("approvers", ""),
            currency=sent.get("currency", before.currency).strip().upper()[:3] or before.currency,
        )
        goodwill.save_rules(work(), rules, reason=sent.get("reason", ""))
    except InvalidInputError as error:
        return render("inbox/goodwill.html", _page(f"{error.message} {error.remedy}")), 400
    say(_("Kept. It holds for gestures from now on."))
    return go("goodwill.overview")


@inbox.post("/<int:item_id>/gestures")
@needs(Permission.ANSWER)
def give(item_id: int) -> Response | tuple[str, int]:
    """Give a gesture, or ask for its approval where it is above one's own limit."""
    sent = request.form
    try:
        cost = cents_of(sent.get("cost", ""), "cost", empty=0) or 0
        wish = Wish(
            what=sent.get("what", ""),
            amount=cents_of(sent.get("amount", ""), "amount", empty=cost) or 0,
            cost=cost,
            purpose=Purpose.PR if sent.get("purpose") == "pr" else Purpose.SERVICE,
            why=sent.get("why", ""),
            margin_per_visit=cents_of(sent.get("margin", ""), "margin"),
        )
        row = goodwill.give(work(), item_id, wish)
    except InvalidInputError as error:
        return again(item_id, error, "what", "cost", "amount", "margin", "purpose", "why")
    given = row.case_id is None
    say(_("Given, in your name.") if given else _("It is above what you give without asking: a colleague decides."))
    return go_back("inbox.item", item_id=item_id)
