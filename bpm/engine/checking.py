"""The light face of the engine: files are checked and tested without a database, and without what a database needs."""

from bpm.engine.bpmn.model import Prepared
from bpm.engine.definitions.check import as_report, check, check_decisions, check_forms, warm_up
from bpm.engine.definitions.process_tests import CaseResult, run_cases

__all__ = [
    "CaseResult",
    "Prepared",
    "as_report",
    "check",
    "check_decisions",
    "check_forms",
    "run_cases",
    "warm_up",
]
