"""Excel workbooks."""

from bpm.feedback.channels.xlsx.reader import columns, cut, is_workbook, mapping, read, rows

__all__ = ["columns", "cut", "is_workbook", "mapping", "read", "rows"]
