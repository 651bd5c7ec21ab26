"""Exact amounts as whole cents whose sum is right. Pure."""

from collections.abc import Sequence
from decimal import ROUND_FLOOR, ROUND_HALF_UP, Decimal

_CENT = Decimal(100)


def whole_cents(amounts: Sequence[Decimal]) -> list[int]:
    """Each amount (of the currency) in cents; together they are the rounded sum, never a cent more or less.

    Largest remainder (Hamilton 1792; Balinski and Young, Fair Representation, 1982): all are rounded down, and the
    cents that are missing go to those that lost most, the first of them where several lost the same.
    """
    exact = [amount * _CENT for amount in amounts]
    floors = [int(each.to_integral_value(ROUND_FLOOR)) for each in exact]
    missing = to_cents(sum(amounts, Decimal(0))) - sum(floors)
    by_loss = sorted(range(len(exact)), key=lambda place: (floors[place] - exact[place], place))
    for place in by_loss[:missing]:
        floors[place] += 1
    return floors


def to_cents(amount: Decimal) -> int:
    """One amount in cents, a half upwards."""
    return int((amount * _CENT).to_integral_value(ROUND_HALF_UP))
