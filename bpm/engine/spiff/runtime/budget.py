"""What to say when a step has done enough: the split that multiplied the tokens, or else a loop."""

from collections import Counter

from bpm.engine.spiff.specs.process import Element
from bpm.foundation.errors import BudgetExceededError

Splits = Counter[Element]
"""Element -> tokens that came out of it in this step beyond the one that went in."""
MANY = 100
"""From so many tokens out of one element on, a step that does not end is a matter of the split, not of a loop."""


def too_many_tokens(most: int, splits: Splits) -> BudgetExceededError:
    """More tokens are alive than a step may have."""
    said, remedy = _split(splits)
    return BudgetExceededError(f"More than {most} tokens at once{said}.", remedy=remedy)


def too_many_runs(runs: int, splits: Splits) -> BudgetExceededError:
    """A step does not come to its end."""
    if max(splits.values(), default=0) >= MANY:
        said, remedy = _split(splits)
        return BudgetExceededError(f"Still running after {runs} elements{said}.", remedy=remedy)
    return BudgetExceededError(
        f"Still running after {runs} elements.",
        remedy="Look for a loop without a waiting element such as a user task or a timer.",
    )


def _split(splits: Splits) -> tuple[str, str]:
    """(who multiplied the tokens, what to do about it)."""
    if not splits:
        return "", "Join parallel branches before the flow splits again, or lower the number of instances."
    ((element, more),) = splits.most_common(1)
    name = element.bpmn_id + (f", “{element.bpmn_name}”" if element.bpmn_name else "")
    said = f": the {element.model.kind} {name} multiplied them, by {more} more in this step"
    if element.model.details.loop is not None:
        return said, "Lower the number of its instances, or let them run one after the other."
    return said, "Join the branches that come out of it before the flow comes back to it, or choose only one of them."
