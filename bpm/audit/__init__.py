"""The audit trail: who did what, when, with what before and after, in a chain of hashes that survives erasure."""

from bpm.audit.erasing import erase_values, erase_values_telling
from bpm.audit.exporting import export_csv, export_lines
from bpm.audit.last_reads import last_read
from bpm.audit.listing import AuditRow, Filters, count_unsealed, list_rows
from bpm.audit.noting import Noted, Thing, record, wire
from bpm.audit.sealing import seal_all, sweep_unsealed
from bpm.audit.verifying import Verdict, remember, verify, verify_new

__all__ = [
    "AuditRow",
    "Filters",
    "Noted",
    "Thing",
    "Verdict",
    "count_unsealed",
    "erase_values",
    "erase_values_telling",
    "export_csv",
    "export_lines",
    "last_read",
    "list_rows",
    "record",
    "remember",
    "seal_all",
    "sweep_unsealed",
    "verify",
    "verify_new",
    "wire",
]
