"""The light face of the engine: files are checked and tested without a database, and without what a database needs."""

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import as_report, check, check_decisions, check_forms, difference, warm_up
from bpm.engine.definitions.installation import Installation, installation_of, unmet
from bpm.engine.definitions.process_tests import CaseResult, run_cases
from bpm.engine.differences import Change, Difference
from bpm.engine.differences.reports import Group, as_lines, as_markdown, as_page, groups_of
from bpm.engine.rules.case_keys import not_looked_at
from bpm.engine.rules.file_names import kept_name

__all__ = [
    "Bundle",
    "CaseResult",
    "Change",
    "Difference",
    "Group",
    "Installation",
    "Prepared",
    "as_lines",
    "as_markdown",
    "as_page",
    "as_report",
    "check",
    "check_decisions",
    "check_forms",
    "difference",
    "groups_of",
    "installation_of",
    "kept_name",
    "not_looked_at",
    "run_cases",
    "unmet",
    "warm_up",
]
