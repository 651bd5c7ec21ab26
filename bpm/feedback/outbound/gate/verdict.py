"""What the gate says of a message."""

from dataclasses import dataclass
from datetime import datetime

NEEDS_MENTOR = "needs_mentor"


@dataclass(frozen=True)
class Remark:
    """One thing that the gate noticed: a code for programs, a sentence, and what to do about it."""

    code: str
    text: str
    remedy: str = ""


@dataclass(frozen=True)
class Verdict:
    """What keeps the message back, what its author has to have seen, what is worth a thought, what is changed."""

    text: str
    """As it would go out."""
    refusals: tuple[Remark, ...] = ()
    warnings: tuple[Remark, ...] = ()
    """Each has to be confirmed by its code."""
    hints: tuple[Remark, ...] = ()
    """Never in the way."""
    changes: tuple[Remark, ...] = ()
    hold_until: datetime | None = None
    hold_because: Remark | None = None
    canned: float = 0.0

    def unconfirmed(self, confirmed: frozenset[str]) -> tuple[Remark, ...]:
        """Warnings that the author has not said yes to."""
        return tuple(each for each in self.warnings if each.code not in confirmed)

    @property
    def is_open(self) -> bool:
        """Whether it may go, once its warnings are confirmed."""
        return not self.refusals

    @property
    def waits_for_mentor(self) -> bool:
        """Whether a mentor's approval is all that is missing."""
        return bool(self.refusals) and all(each.code == NEEDS_MENTOR for each in self.refusals)
