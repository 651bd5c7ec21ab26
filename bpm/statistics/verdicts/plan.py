"""What was laid down before the change: measure, direction, smallest effect that matters, design, looks."""

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _


class Outcome(StrEnum):
    SHARE = "share"
    """Yes or no per case."""
    RATE = "rate"
    """How many per case, such as complaints."""
    MEAN = "mean"
    """A number per case, such as hours."""


class Direction(StrEnum):
    """Which way is better."""

    LOWER = "lower"
    HIGHER = "higher"


class Design(StrEnum):
    RANDOMISED = "randomised"
    """Chance decided which version a case or customer got."""
    STAGED = "staged"
    """Groups changed at different times: difference in differences."""
    SERIES = "series"
    """Everybody changed at one time, after many periods: interrupted series."""
    BEFORE_AFTER = "before_after"
    """Everybody changed at one time, with little before: weak."""


@dataclass(frozen=True)
class Plan:
    """A registered plan; `smallest` in the units of the outcome per case, above zero."""

    outcome: Outcome
    direction: Direction
    smallest: float
    design: Design
    looks: int = 1
    look: int | None = None
    """Which of the looks this is; None: told from how many cases there are."""
    planned: float | None = None
    """Cases per arm that the last look was planned for; None: as many as 80 % power needs."""
    control: str = ""
    """The arm that keeps the old version; empty: told from its name."""
    ratio: Mapping[str, float] = field(default_factory=dict)
    """How cases were to be split over the arms; empty: evenly."""
    window_days: float = 0.0
    """How long after its start a case may still bring its outcome."""
    sensitivity: float = 1.0
    specificity: float = 1.0
    """Of the classifier that told the outcome, from its audit."""
    not_read: tuple[str, ...] = ()


_WORDS = ("outcome", "direction", "design")
_READ = frozenset(
    {*_WORDS, "smallest", "looks", "look", "planned", "control", "ratio", "window_days", "sensitivity", "specificity"}
)


def read_plan(text: str, *, file: str = "the plan") -> Plan:
    """The plan of a JSON text. InvalidInputError names each entry that does not fit, with what would."""
    try:
        given = json.loads(text)
    except ValueError as error:
        raise InvalidInputError(
            _("%(file)s is no JSON: %(why)s.") % {"file": file, "why": str(error)}, remedy=_example()
        ) from error
    if not isinstance(given, dict):
        raise InvalidInputError(_("%(file)s is no JSON object.") % {"file": file}, remedy=_example())
    return plan_of(given, file=file)


def plan_of(given: Mapping[str, Any], *, file: str = "the plan") -> Plan:
    """The plan of values that came from outside."""
    wrong: list[str] = []
    outcome = _choice(given, "outcome", Outcome, wrong)
    direction = _choice(given, "direction", Direction, wrong)
    design = _choice(given, "design", Design, wrong)
    smallest = _number(given, "smallest", wrong, default=None)
    if smallest is not None and smallest <= 0:
        wrong.append(_("smallest is %(x)g: write the smallest effect that matters, above 0.") % {"x": smallest})
    if smallest is not None and smallest >= 1 and given.get("outcome") == Outcome.SHARE:
        wrong.append(_("smallest is %(x)g of a share: write 0.05 for five points of a hundred.") % {"x": smallest})
    looks = _whole(given, "looks", wrong) or 1
    look = _whole(given, "look", wrong)
    if look is not None and look > looks:
        wrong.append(_("look is %(look)s of %(looks)s looks: it cannot be more.") % {"look": look, "looks": looks})
    planned = _number(given, "planned", wrong, default=0.0)
    window = _number(given, "window_days", wrong, default=0.0)
    sensitivity, specificity = (_number(given, name, wrong, default=1.0) for name in ("sensitivity", "specificity"))
    if sensitivity is not None and specificity is not None and not 1 < sensitivity + specificity <= 2:
        wrong.append(_("sensitivity and specificity are shares that add up to more than 1."))
    ratio = given.get("ratio") or {}
    if not _is_ratio(ratio):
        wrong.append(_('ratio is no object such as {"old": 1, "new": 1}.'))
    if wrong:
        raise InvalidInputError("\n".join(f"{file}: {each}" for each in wrong), remedy=_example())
    return Plan(
        outcome=Outcome(outcome),
        direction=Direction(direction),
        smallest=float(smallest or 0),
        design=Design(design),
        looks=looks,
        look=look,
        planned=planned or None,
        control=str(given.get("control", "")),
        ratio={str(arm): float(part) for arm, part in ratio.items()},
        window_days=float(window or 0),
        sensitivity=float(sensitivity or 1),
        specificity=float(specificity or 1),
        not_read=tuple(sorted(str(name) for name in given if name not in _READ)),
    )


def _choice(given: Mapping[str, Any], name: str, kinds: type[StrEnum], wrong: list[str]) -> str:
    value = given.get(name)
    known = [kind.value for kind in kinds]
    if value not in known:
        wrong.append(
            _("%(name)s is %(value)s: write one of %(known)s.")
            % {"name": name, "value": json.dumps(value)[:40], "known": ", ".join(known)}
        )
        return ""
    return str(value)


def _number(given: Mapping[str, Any], name: str, wrong: list[str], *, default: float | None) -> float | None:
    value = given.get(name, default)
    if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value) and value >= 0:
        return float(value)
    wrong.append(_("%(name)s is %(value)s: write a number.") % {"name": name, "value": json.dumps(value)[:40]})
    return None


def _whole(given: Mapping[str, Any], name: str, wrong: list[str]) -> int | None:
    value = given.get(name)
    if value is None:
        return None
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 1000:
        return value
    wrong.append(
        _("%(name)s is %(value)s: write a whole number from 1 to 1000.")
        % {"name": name, "value": json.dumps(value)[:40]}
    )
    return None


def _is_ratio(ratio: object) -> bool:
    return isinstance(ratio, dict) and all(
        isinstance(part, int | float) and not isinstance(part, bool) and math.isfinite(part) and part > 0
        for part in ratio.values()
    )


def _example() -> str:
    return _(
        'A plan: {"outcome": "share", "direction": "lower", "smallest": 0.05, "design": "randomised", "looks": 1}.'
    )
