"""Rows handed out as files, no cell of which a spreadsheet runs, and small tables taken in."""

from bpm.foundation.tables.cells import csv_line, safe
from bpm.foundation.tables.reading import read_rows
from bpm.foundation.tables.writing import csv_row, json_line, write_csv, write_lines, write_xlsx

__all__ = ["csv_line", "csv_row", "json_line", "read_rows", "safe", "write_csv", "write_lines", "write_xlsx"]
