"""BPMN only: deployment, instances, work items, jobs; knows no customer.

The face is loaded name by name: who only reads a model (`earshot check`, the child that reads uploads) does not pay
for the tables.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpm.engine.batches import begin_batch, pause_batch, resume_batch, stop_batch, sweep_batches
    from bpm.engine.checks import check
    from bpm.engine.correlation import broadcast, correlate, wire
    from bpm.engine.deployment import deploy, record_upload, run_tests
    from bpm.engine.failures import complete_failed_job, retry, skip
    from bpm.engine.forecasting import dry_run
    from bpm.engine.going_live import go_live, obstacles, retire, sign
    from bpm.engine.impact import Impact, count_running, impact_of, impact_of_upload, running_on
    from bpm.engine.instances import SuspendedError, start
    from bpm.engine.invariants import check_invariants
    from bpm.engine.job_sweep import sweep_jobs
    from bpm.engine.jobs import BpmnError, JobCall, Outside, ServiceTask
    from bpm.engine.migration import forecast, migrate
    from bpm.engine.operations import beat
    from bpm.engine.plans import MigrationPlan, check_plan, plan_from_json, propose_plan
    from bpm.engine.repair import cancel, move, resume, set_variables, skip_visit, suspend, visit_at
    from bpm.engine.retention import set_retention, sweep_retention
    from bpm.engine.starting import start_with_form
    from bpm.engine.timer_sweep import sweep_timers
    from bpm.engine.waiting_jobs import JOBS_AT_ONCE
    from bpm.engine.work_items import assign, claim, complete, release, save_draft

_ROOMS = {
    "batches": ("begin_batch", "pause_batch", "resume_batch", "stop_batch", "sweep_batches"),
    "checks": ("check",),
    "correlation": ("broadcast", "correlate", "wire"),
    "deployment": ("deploy", "record_upload", "run_tests"),
    "failures": ("complete_failed_job", "retry", "skip"),
    "forecasting": ("dry_run",),
    "going_live": ("go_live", "obstacles", "retire", "sign"),
    "impact": ("Impact", "count_running", "impact_of", "impact_of_upload", "running_on"),
    "instances": ("SuspendedError", "start"),
    "invariants": ("check_invariants",),
    "job_sweep": ("sweep_jobs",),
    "jobs": ("BpmnError", "JobCall", "Outside", "ServiceTask"),
    "migration": ("forecast", "migrate"),
    "operations": ("beat",),
    "plans": ("MigrationPlan", "check_plan", "plan_from_json", "propose_plan"),
    "repair": ("cancel", "move", "resume", "set_variables", "skip_visit", "suspend", "visit_at"),
    "retention": ("set_retention", "sweep_retention"),
    "starting": ("start_with_form",),
    "timer_sweep": ("sweep_timers",),
    "waiting_jobs": ("JOBS_AT_ONCE",),
    "work_items": ("assign", "claim", "complete", "release", "save_draft"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}


def __getattr__(name: str) -> Any:
    if name not in _ROOM_OF:
        raise AttributeError(f"bpm.engine has no {name}")
    return getattr(import_module(f"bpm.engine.{_ROOM_OF[name]}"), name)


__all__ = [
    "JOBS_AT_ONCE",
    "BpmnError",
    "Impact",
    "JobCall",
    "MigrationPlan",
    "Outside",
    "ServiceTask",
    "SuspendedError",
    "assign",
    "beat",
    "begin_batch",
    "broadcast",
    "cancel",
    "check",
    "check_invariants",
    "check_plan",
    "claim",
    "complete",
    "complete_failed_job",
    "correlate",
    "count_running",
    "deploy",
    "dry_run",
    "forecast",
    "go_live",
    "impact_of",
    "impact_of_upload",
    "migrate",
    "move",
    "obstacles",
    "pause_batch",
    "plan_from_json",
    "propose_plan",
    "record_upload",
    "release",
    "resume",
    "resume_batch",
    "retire",
    "retry",
    "run_tests",
    "running_on",
    "save_draft",
    "set_retention",
    "set_variables",
    "sign",
    "skip",
    "skip_visit",
    "start",
    "start_with_form",
    "stop_batch",
    "suspend",
    "sweep_batches",
    "sweep_jobs",
    "sweep_retention",
    "sweep_timers",
    "visit_at",
    "wire",
]
