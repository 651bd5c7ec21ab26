"""What a gesture costs, when it pays back, what it would cost for all alike, and what the rule for all says. Pure.

Amounts are whole cents. Nothing here knows how many follow a customer: what only reach would explain is no service, it
is public relations, and is booked as that.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

LIKE_CUSTOMERS = 1_000
HARMED = frozenset({"complaint", "outage_report", "cancellation"})
"""Kinds in which something went wrong for the customer."""
MOST = 100_000_000
"""Cents."""


@dataclass(frozen=True)
class Rules:
    """Up to what cost a gesture is given to any customer, by urgency (0 to 3) where something went wrong for them."""

    by_urgency: tuple[int, int, int, int] = (0, 2_500, 5_000, 15_000)
    otherwise: int = 0
    """Where nothing went wrong."""
    limit: int = 5_000
    """What one person gives without asking, unless they have a limit of their own."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """User name -> their own limit."""
    approvers: str = ""
    """Group that approves what is above; empty: the giver's own."""
    currency: str = "EUR"

    def limit_of(self, username: str) -> int:
        """What that person gives without asking."""
        return self.limits.get(username, self.limit)


@dataclass(frozen=True)
class Facts:
    """All that the rule for everybody looks at."""

    kind: str | None
    urgency: int | None


@dataclass(frozen=True)
class Verdict:
    """What the rule for everybody says of a gesture."""

    is_given: bool
    up_to: int
    why: str


def verdict(cost: int, facts: Facts, rules: Rules) -> Verdict:
    """Whether any customer to whom the same happened would be given it."""
    harmed = facts.kind in HARMED
    up_to = rules.by_urgency[min(max(facts.urgency or 0, 0), 3)] if harmed else rules.otherwise
    if not harmed:
        why = _("nothing went wrong for them")
    else:
        why = _("%(kind)s of urgency %(urgency)s") % {"kind": (facts.kind or "").replace("_", " "),
                                                      "urgency": facts.urgency or 0}  # fmt: skip
    return Verdict(cost <= up_to, up_to, why)


def break_even_visits(cost: int, margin_per_visit: int | None) -> int | None:
    """After how many visits it has paid for itself, rounded up; None where it never does, or the margin is unknown."""
    if margin_per_visit is None or margin_per_visit <= 0:
        return None
    return -(-cost // margin_per_visit)


def for_all_alike(cost: int, customers: int = LIKE_CUSTOMERS) -> int:
    """What it would cost to give it to that many customers to whom the same happened."""
    return cost * customers


def cents_of(text: str, name: str, *, empty: int | None = None) -> int | None:
    """An amount as people write it: 25, 25.50 or 25,50; InvalidInputError for anything else, and below zero."""
    plain = text.strip().replace("\u202f", "").replace(" ", "").replace(",", ".")
    if not plain:
        return empty
    whole, _dot, part = plain.partition(".")
    if not (whole or "0").isdecimal() or (part and not part.isdecimal()) or len(part) > 2 or len(whole) > 9:
        say = _("Write an amount such as 25 or 25.50.")
        raise InvalidInputError(_("%(text)s is no amount.") % {"text": text[:40]}, remedy=say, fields={name: say})
    return int(whole or "0") * 100 + int((part + "00")[:2])


def rules_from(stored: Mapping[str, Any]) -> Rules:
    """Rules as they are stored; InvalidInputError where they are none."""
    try:
        steps = tuple(int(each) for each in stored["by_urgency"])
        limits = {str(name): int(limit) for name, limit in dict(stored.get("limits", {})).items()}
        rules = Rules(
            by_urgency=(steps[0], steps[1], steps[2], steps[3]), otherwise=int(stored["otherwise"]),
            limit=int(stored["limit"]), limits=limits, approvers=str(stored.get("approvers", "")),
            currency=str(stored.get("currency", "EUR"))[:3],
        )  # fmt: skip
    except (KeyError, IndexError, TypeError, ValueError):
        raise InvalidInputError(_("These are no rules of goodwill."), remedy=_("Give every amount.")) from None
    amounts = (*rules.by_urgency, rules.otherwise, rules.limit, *rules.limits.values())
    if any(not 0 <= each <= MOST for each in amounts):
        raise InvalidInputError(_("An amount is too large."), remedy=_("A million at most."))
    return rules


def as_plain(rules: Rules) -> dict[str, Any]:
    """As they are stored."""
    return {
        "by_urgency": list(rules.by_urgency), "otherwise": rules.otherwise, "limit": rules.limit,
        "limits": dict(sorted(rules.limits.items())), "approvers": rules.approvers, "currency": rules.currency,
    }  # fmt: skip
