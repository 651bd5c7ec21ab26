"""What a room beside this one says of a rollout; set by the composition root, and nothing till then."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bpm.foundation.work import Work


@dataclass(frozen=True)
class Advice:
    """What follows from the rule that was written down before: "live", "withdraw", or "" for neither; and the verdict.

    `sentence` is the verdict as people read it.
    """

    decision: str
    sentence: str


@dataclass
class Hooks:
    """The advice of a rollout, or None where no verdict was planned for it."""

    advice: Callable[[Work, int], Advice | None] = field(default=lambda _work, _rollout_id: None)


HOOKS = Hooks()


def set_hooks(*, advice: Callable[[Work, int], Advice | None] | None = None) -> None:
    """Let whoever plans verdicts say what they advise; what is not named stays as it is."""
    HOOKS.advice = advice or HOOKS.advice
