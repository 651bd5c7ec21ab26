"""By which channel and in which conversation cases came in: what joins their costs to contacts."""

from datetime import datetime

import numpy as np

from bpm.processes.daybook.columns import Ints, Table
from bpm.processes.economics.spending import Spender, days_of


def came_in(spending: Spender, since: datetime, until: datetime) -> Table:
    """Of every case that was worked on in [since, until): case, and channel and conversation of what was said first."""
    first, last = days_of(since, until)
    return spending.book.read("began", spending.book.oldest(first, last), last)


def looked_up(wanted: Ints, keys: Ints, values: Ints, missing: int = 0) -> Ints:
    """The value that stands beside each wanted key; `missing` where it is not among the keys. Pure."""
    if not len(keys):
        return np.full(len(wanted), missing, dtype=np.int64)
    order = np.argsort(keys, kind="stable")
    place = np.minimum(np.searchsorted(keys[order], wanted), len(keys) - 1)
    return np.where(keys[order][place] == wanted, values[order][place], missing).astype(np.int64)
