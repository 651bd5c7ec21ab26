"""The bar of every inbox while an incident is open; read once for all pages of a process until incidents change."""

from dataclasses import dataclass
from time import monotonic

from flask import current_app

from bpm.feedback import incidents
from bpm.feedback.incidents import IncidentBar
from bpm.foundation.work import Work
from bpm.identity import Permission, may
from web.core.request_context import actor, product, work
from web.incidents.blueprint import blueprint

READ_FOR = 30.0
"""Seconds after which it is read again, though nothing was heard."""
_NEWS = frozenset({"incidents"})


@dataclass(frozen=True)
class Kept:
    """The open incidents, the queue's mark before they were read, and when (monotonic seconds) that is too old."""

    mark: int
    until: float
    bars: tuple[IncidentBar, ...]


@blueprint.app_template_global("incident_bars")
def bars() -> tuple[IncidentBar, ...]:
    """The open incidents, for who may see what customers say."""
    if not may(actor(), Permission.SEE_FEEDBACK):
        return ()
    mark = product().queue.wait(-1, timeout=0, topics=_NEWS)
    kept: Kept | None = current_app.extensions.get("incident bars")
    if kept is None or kept.mark != mark or monotonic() >= kept.until:
        with product().unit_of_work.reading() as reading:
            kept = Kept(mark, monotonic() + READ_FOR, tuple(incidents.list_bars(reading)))
        current_app.extensions["incident bars"] = kept
    return kept.bars


@blueprint.app_template_global("incident_of")
def incident_of(item_id: int) -> IncidentBar | None:
    """The open incident that an item reports; asks nothing while none is open."""
    return incidents.incident_of_item(work(), item_id) if bars() else None


def fingerprint(unit: Work) -> str:
    """Changes when an incident is proposed, moves or is over, and when something is told."""
    return incidents.fingerprint(unit)
