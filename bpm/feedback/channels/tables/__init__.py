"""Tables: what their header, their first rows and their cells say; the same for CSV and for workbooks."""

from bpm.feedback.channels.tables.cells import Cut
from bpm.feedback.channels.tables.habits import order_in
from bpm.feedback.channels.tables.table import cut, holds, is_named, mapping, names, read

__all__ = ["Cut", "cut", "holds", "is_named", "mapping", "names", "order_in", "read"]
