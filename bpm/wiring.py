"""Who acts on what, room by room, and what can be found; the few who act on new items stand in `listening`."""

from bpm import feedback, processes, search
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback import incidents, outbound, portal
from bpm.foundation.bus import Bus
from bpm.listening import wire_listening
from bpm.processes import (
    goodwill,
    guards,
    handing_over,
    own_ways,
    ownership,
    rollouts,
    routing,
    two_way,
    verdicts,
)
from bpm.processes.measures import rollups

SEARCHED = (*feedback.queries.SEARCHED, *engine_queries.SEARCHED)
"""What can be found, room by room."""


def wire(bus: Bus) -> None:
    """The whole product."""
    wire_listening(bus)
    wire_rest(bus)


def wire_rest(bus: Bus) -> None:
    """Everybody who does not act when items are taken in."""
    search.wire(bus, engine_queries.SEARCHED)
    engine.wire(bus)
    processes.wire(bus)
    processes.wire_notices(bus)
    processes.wire_escapes(bus)
    handing_over.wire(bus)
    routing.wire(bus)
    goodwill.wire(bus)
    two_way.wire(bus)
    outbound.wire(bus)
    guards.wire(bus)
    ownership.wire(bus)
    own_ways.wire(bus)
    rollouts.wire(bus)
    rollups.wire(bus)
    rollouts.set_hooks(advice=verdicts.advice)
    outbound.set_hooks(
        incident=incidents.incident_for_gate,
        call_guard=guards.why_not_to_call,
        private_link=lambda _work, _item: portal.PLACEHOLDER,
        words=portal.words_of,
    )
