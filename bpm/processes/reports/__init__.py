"""Reports of measures: what is asked, kept under a name, shared with a group, mailed to who subscribes."""

from bpm.processes.reports.mailing import sweep_report_mails
from bpm.processes.reports.saving import (
    ReportRow,
    get_report,
    list_reports,
    remove_report,
    save_report,
    subscribe,
    unsubscribe,
)
from bpm.processes.reports.spec import PICTURES, Spec, read_spec

__all__ = [
    "PICTURES",
    "ReportRow",
    "Spec",
    "get_report",
    "list_reports",
    "read_spec",
    "remove_report",
    "save_report",
    "subscribe",
    "sweep_report_mails",
    "unsubscribe",
]
