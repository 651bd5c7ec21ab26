"""The service clock of a feedback item as a bar with its words: how much of the time has gone by, and what is due."""

from datetime import datetime, timedelta

from markupsafe import Markup, escape

from bpm.feedback.clocks import ClockRow
from bpm.foundation.texts import _
from web.ui.formats import duration
from web.ui.html import badge, bar

WARN_FROM = 0.75


def draw_clock(clock: ClockRow | None, at: datetime) -> Markup:
    """Bar and words of an item's clock; empty where none runs."""
    if clock is None or clock.resolved_at is not None:
        return Markup("")
    if clock.paused_at is not None:
        return badge(_("waits for the customer"), "info")
    due = clock.due_at
    if due is None:
        return Markup("")
    told, left = words_of(clock), due - at
    if left <= timedelta(0):
        late = (_("answer %(time)s late") if told == "answer" else _("settlement %(time)s late")) % {
            "time": duration(-left)
        }
        return Markup('<span class="clock">') + bar(1, late, "bad") + badge(late, "bad") + Markup("</span>")
    share = (at - clock.started_at) / (due - clock.started_at) if due > clock.started_at else 0
    said = (_("answer due in %(time)s") if told == "answer" else _("to be settled in %(time)s")) % {
        "time": duration(left)
    }
    drawn = bar(share, said, "warn" if share > WARN_FROM else "plain")
    return Markup('<span class="clock">{}<span aria-hidden="true">{}</span></span>').format(drawn, escape(said))


def words_of(clock: ClockRow) -> str:
    """What is due next: answer or settlement."""
    return "answer" if clock.answered_at is None and clock.answer_due_at is not None else "settlement"
