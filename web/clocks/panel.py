"""The clock of one item as its page shows it."""

from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from bpm.feedback import clocks
from bpm.feedback.clocks import ClockRow
from bpm.identity import Permission, may
from web.core.request_context import actor, work
from web.ui.clocks import draw_clock
from web.ui.formats import now


@dataclass(frozen=True)
class ClockPanel:
    """What clocks/_clock.html shows."""

    item_id: int
    clock: ClockRow | None
    drawn: Markup
    snoozed_until: datetime | None
    may_answer: bool


def clock_panel(item_id: int, *, snoozed_until: datetime | None) -> ClockPanel:
    """How the clocks of the item stand, and what can be done about them."""
    clock = clocks.find_clock(work(), item_id)
    return ClockPanel(item_id, clock, draw_clock(clock, now()), snoozed_until, may(actor(), Permission.ANSWER))
