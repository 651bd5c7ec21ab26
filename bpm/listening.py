"""Who acts on what happens when a command takes items in: the trail, the index, the clocks; no other room is loaded."""

from bpm import audit, search
from bpm.feedback import clocks
from bpm.feedback.events import ImportEnded, ItemReceived
from bpm.feedback.searched import SEARCHED
from bpm.foundation.bus import Bus

NOBODY_ACTS_ON = (ItemReceived, ImportEnded)
"""An item waits for the worker; of an import's end a person is told who began it in the browser."""


def wire_listening(bus: Bus) -> None:
    """Those alone."""
    audit.wire(bus)
    search.wire(bus, SEARCHED)
    clocks.wire(bus)
