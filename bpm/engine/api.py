"""The face of the engine: every command by its name, each once. Reads are in `queries`, tables in `models`."""

from bpm.engine.bpmn.layout import Drawing, drawing_from
from bpm.engine.definitions.check import check
from bpm.engine.definitions.deployment import deploy, record_upload, run_tests
from bpm.engine.definitions.installation import (
    installation_of,
    names_without_people,
    unmet_by_upload,
    unmet_by_version,
)
from bpm.engine.definitions.keys import default_key, under_key
from bpm.engine.definitions.layout import drawing_of
from bpm.engine.definitions.release import go_live, obstacles, retire, sign
from bpm.engine.definitions.retention import set_retention, sweep_retention
from bpm.engine.instances.correlation import broadcast, correlate, wire
from bpm.engine.instances.instances import SuspendedError, start
from bpm.engine.jobs.candidates import JOBS_AT_ONCE
from bpm.engine.jobs.jobs import BpmnError, JobCall, Outside, ServiceTask
from bpm.engine.jobs.runner import sweep_jobs
from bpm.engine.migration.impact import Impact, count_running, impact_of, impact_of_upload, running_on
from bpm.engine.migration.migration import forecast, migrate, obstacle_for_batch
from bpm.engine.migration.plans import MigrationPlan, check_plan, plan_from_json, propose_plan
from bpm.engine.operations.actions import ACTS
from bpm.engine.operations.batches import begin_batch, pause_batch, resume_batch, stop_batch, sweep_batches
from bpm.engine.operations.dry_run import FORECASTS, Forecast, dry_run
from bpm.engine.operations.failures import complete_failed_job, retry, skip
from bpm.engine.operations.invariants import check_invariants
from bpm.engine.operations.modification import cancel, move, resume, set_variables, skip_visit, suspend, visit_at
from bpm.engine.queries.monitoring import beat
from bpm.engine.timers.timers import sweep_timers
from bpm.engine.work_items.handing_over import hand_over_all, held_by, offer_elsewhere
from bpm.engine.work_items.start_forms import start_with_form
from bpm.engine.work_items.work_items import assign, claim, complete, release, save_draft

__all__ = [
    "ACTS",
    "FORECASTS",
    "JOBS_AT_ONCE",
    "BpmnError",
    "Drawing",
    "Forecast",
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
    "default_key",
    "deploy",
    "drawing_from",
    "drawing_of",
    "dry_run",
    "forecast",
    "go_live",
    "hand_over_all",
    "held_by",
    "impact_of",
    "impact_of_upload",
    "installation_of",
    "migrate",
    "move",
    "names_without_people",
    "obstacle_for_batch",
    "obstacles",
    "offer_elsewhere",
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
    "under_key",
    "unmet_by_upload",
    "unmet_by_version",
    "visit_at",
    "wire",
]
