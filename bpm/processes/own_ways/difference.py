"""A customer's way against ours: what is added, missing and reordered. Pure, by longest common subsequence."""

from collections.abc import Sequence
from dataclasses import dataclass

from bpm.processes.own_ways.matching import Match


@dataclass(frozen=True)
class WayDifference:
    """What differs; elements by id, added steps by their place in the customer's list."""

    kept: tuple[str, ...]
    """In both, and in one order: a longest common subsequence."""
    reordered: tuple[str, ...]
    """In both, and the customer has it earlier or later."""
    missing: tuple[str, ...]
    """In ours alone, in our order."""
    added: tuple[int, ...]
    """Places of the customer's list that are no step of ours."""

    @property
    def same(self) -> bool:
        return not (self.reordered or self.missing or self.added)


def compare(official: Sequence[str], own: Sequence[Match]) -> WayDifference:
    """`official`: ids of our activities in the order of the flows; `own`: the customer's steps in theirs."""
    theirs = [each.element for each in own if each.element in set(official)]
    kept = longest_common(official, theirs)
    return WayDifference(
        kept=kept,
        reordered=tuple(each for each in theirs if each not in kept),
        missing=tuple(each for each in official if each not in theirs),
        added=tuple(place for place, each in enumerate(own) if each.element not in set(official)),
    )


def longest_common(one: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    """A longest common subsequence (Wagner and Fischer 1974): of several the one that comes first in `one`."""
    lengths = [[0] * (len(other) + 1) for _ in range(len(one) + 1)]
    for row in range(len(one) - 1, -1, -1):
        for column in range(len(other) - 1, -1, -1):
            same = one[row] == other[column]
            lengths[row][column] = (
                lengths[row + 1][column + 1] + 1 if same else max(lengths[row + 1][column], lengths[row][column + 1])
            )
    found, row, column = [], 0, 0
    while row < len(one) and column < len(other):
        if one[row] == other[column]:
            found.append(one[row])
            row, column = row + 1, column + 1
        elif lengths[row][column + 1] >= lengths[row + 1][column]:
            column += 1
        else:
            row += 1
    return tuple(found)


def order_to_run(stretch: Sequence[str], own: Sequence[str], may_go: frozenset[str]) -> tuple[str, ...]:
    """The order in which a case takes the steps of a straight stretch of ours on a customer's way.

    `own`: the customer's order; `may_go`: steps that are left out where the customer has none of them. What may not go
    stays behind the step that is before it in ours. The end of the stretch is where the flow goes on: where the
    customer would have it earlier, ours stands.
    """
    order = [each for each in own if each in stretch]
    official = [each for each in stretch if each in order or each not in may_go]
    for place, each in enumerate(official):
        if each not in order:
            before = official[place - 1] if place else ""
            order.insert(order.index(before) + 1 if before in order else 0, each)
    return tuple(order) if order and order[-1] == official[-1] else tuple(official)
