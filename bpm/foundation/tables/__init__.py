"""Rows handed out as files: CSV, JSON Lines, workbooks, no cell of which a spreadsheet runs."""

from bpm.foundation.tables.cells import csv_line, safe
from bpm.foundation.tables.writing import csv_row, json_line, write_csv, write_lines, write_xlsx

__all__ = ["csv_line", "csv_row", "json_line", "safe", "write_csv", "write_lines", "write_xlsx"]
