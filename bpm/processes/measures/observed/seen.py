"""One thing that a measure saw: a value at an instant, and everything it can be split by."""

from dataclasses import dataclass
from datetime import datetime

PERSON = "person"


@dataclass(frozen=True, slots=True)
class Seen:
    """A hit or a miss, a number, a length in seconds or an exposure; empty texts where a split does not apply."""

    at: datetime
    value: float
    weight: int = 1
    """How much it adds to n: 0 for an event whose exposure is counted apart."""
    element: str = ""
    group: str = ""
    channel: str = ""
    voice: str = ""
    theme: str = ""
    kind: str = ""
    """Of the link; empty for what no link carries."""
    item_id: int | None = None
    row_id: int | None = None
    """Of the version of an item that it is about; a thing that is about no item is its case's."""
    case_id: int | None = None
    whole: bool = True
    """Whether it counts for the process as a whole, too: visits of activities are no exposure of a process."""
    part: bool = True
    """Whether it counts for its element and lane."""
    reader: str = ""
    """Of a thing that was read: the model version, or `PERSON`."""
    running: bool = False
    """It has not ended: counted beside the figure, never in it."""
