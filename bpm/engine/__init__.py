"""BPMN only: deployment, instances, work items, jobs; knows no customer."""

from bpm.engine.checks import check
from bpm.engine.correlation import broadcast, correlate, wire
from bpm.engine.deployment import deploy, record_upload, run_tests
from bpm.engine.failures import complete_failed_job, retry, retry_all
from bpm.engine.going_live import go_live, obstacles, retire, sign
from bpm.engine.instances import cancel, set_variables, start
from bpm.engine.invariants import check_invariants
from bpm.engine.job_sweep import sweep_jobs
from bpm.engine.jobs import BpmnError, JobCall, ServiceTask
from bpm.engine.operations import beat
from bpm.engine.timer_sweep import sweep_timers
from bpm.engine.work_items import assign, claim, complete, release, save_draft

__all__ = [
    "BpmnError",
    "JobCall",
    "ServiceTask",
    "assign",
    "beat",
    "broadcast",
    "cancel",
    "check",
    "check_invariants",
    "claim",
    "complete",
    "complete_failed_job",
    "correlate",
    "deploy",
    "go_live",
    "obstacles",
    "record_upload",
    "release",
    "retire",
    "retry",
    "retry_all",
    "run_tests",
    "save_draft",
    "set_variables",
    "sign",
    "start",
    "sweep_jobs",
    "sweep_timers",
    "wire",
]
