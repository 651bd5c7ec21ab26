"""CSV: any delimiter, any usual encoding, decimal comma, BOM, three header rows of survey exports."""

from bpm.feedback.channels.csv.reader import columns, cut, looks_like_table, mapping, read

__all__ = ["columns", "cut", "looks_like_table", "mapping", "read"]
