"""The face of the engine: every command by its name, each once. Reads are in `queries`, tables in `models`."""

from bpm.engine.bpmn.layout import Drawing, drawing_from
from bpm.engine.bpmn.model import Prepared
from bpm.engine.bpmn.offers import offered_to, topics_of
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.definitions.check import check, course_of, difference
from bpm.engine.definitions.connectors import AS_MODELLED, Connector, get_connectors, set_connector
from bpm.engine.definitions.deployment import deploy, run_tests
from bpm.engine.definitions.installation import installation_of, names_without_people, unmet_by_upload, unmet_by_version
from bpm.engine.definitions.keys import default_key, under_key
from bpm.engine.definitions.layout import drawing_of, sweep_drawings
from bpm.engine.definitions.received import (
    KEPT_DAYS,
    Examined,
    Part,
    Received,
    came_of,
    carry_over,
    discard_upload,
    examine,
    examined_of,
    files_in,
    finish_upload,
    is_model,
    keep_upload,
    missing_from,
    packed,
    parts_named,
    parts_of,
    read_bundle,
    sweep_uploads,
)
from bpm.engine.definitions.release import end_trial, go_live, obstacles, put_on_trial, retire, was_live
from bpm.engine.definitions.retention import (
    MOST_DAYS,
    Loss,
    confirm_retention,
    loss_of,
    needs_confirmation,
    set_retention,
    stop_retention,
    sweep_retention,
    waiting_change,
)
from bpm.engine.definitions.service_targets import (
    get_service_target,
    get_service_targets,
    key_of,
    set_service_target,
    target_for,
)
from bpm.engine.definitions.signing import (
    FEWEST,
    departments_of,
    set_departments,
    sign,
    signing_departments,
    want_changes,
    withdraw,
)
from bpm.engine.differences import (
    Change,
    Course,
    Described,
    Difference,
    cell_property,
    counterparts,
    describe,
)
from bpm.engine.instances.correlation import broadcast, correlate, wire
from bpm.engine.instances.loading import SuspendedError
from bpm.engine.instances.starting import start
from bpm.engine.instances.version_choice import Beginning, VersionChoice, set_chooser
from bpm.engine.jobs.candidates import JOBS_AT_ONCE
from bpm.engine.jobs.jobs import BpmnError, JobCall, Outside, ServiceTask
from bpm.engine.jobs.runner import sweep_jobs
from bpm.engine.migration.impact import Impact, count_running, impact_of, impact_of_upload, running_on
from bpm.engine.migration.migration import forecast, migrate, obstacle_for_batch
from bpm.engine.migration.plans import MigrationPlan, check_plan, plan_from_json, propose_plan
from bpm.engine.operations.actions import ACTS
from bpm.engine.operations.batches import begin_batch, pause_batch, resume_batch, stop_batch, sweep_batches, take_back
from bpm.engine.operations.dry_run import FORECASTS, Forecast, dry_run
from bpm.engine.operations.failures import complete_failed_job, retry, skip
from bpm.engine.operations.invariants import check_invariants
from bpm.engine.operations.modification import cancel, move, resume, set_variables, skip_visit, suspend, visit_at
from bpm.engine.operations.restart import TAKEN_UP, Restart, restart
from bpm.engine.queries.monitoring import beat
from bpm.engine.replay import replay, replay_words, sweep_replays
from bpm.engine.rules.group_keys import group_key
from bpm.engine.spiff.runtime.state import change_state
from bpm.engine.timers.timers import sweep_timers
from bpm.engine.work_items.dates import schedule
from bpm.engine.work_items.handing_over import hand_over_all, held_by, offer_elsewhere
from bpm.engine.work_items.start_forms import start_with_form
from bpm.engine.work_items.work_items import assign, claim, complete, release, save_draft

__all__ = [
    "ACTS",
    "AS_MODELLED",
    "FEWEST",
    "FORECASTS",
    "JOBS_AT_ONCE",
    "KEPT_DAYS",
    "MOST_DAYS",
    "TAKEN_UP",
    "Beginning",
    "BpmnError",
    "Bundle",
    "Change",
    "Connector",
    "Course",
    "Described",
    "Difference",
    "Drawing",
    "Examined",
    "Forecast",
    "Impact",
    "JobCall",
    "Loss",
    "MigrationPlan",
    "Outside",
    "Part",
    "Prepared",
    "Received",
    "Restart",
    "ServiceTask",
    "SuspendedError",
    "VersionChoice",
    "assign",
    "beat",
    "begin_batch",
    "broadcast",
    "came_of",
    "cancel",
    "carry_over",
    "cell_property",
    "change_state",
    "check",
    "check_invariants",
    "check_plan",
    "claim",
    "complete",
    "complete_failed_job",
    "confirm_retention",
    "correlate",
    "count_running",
    "counterparts",
    "course_of",
    "default_key",
    "departments_of",
    "deploy",
    "describe",
    "difference",
    "discard_upload",
    "drawing_from",
    "drawing_of",
    "dry_run",
    "end_trial",
    "examine",
    "examined_of",
    "files_in",
    "finish_upload",
    "forecast",
    "get_connectors",
    "get_service_target",
    "get_service_targets",
    "go_live",
    "group_key",
    "hand_over_all",
    "held_by",
    "impact_of",
    "impact_of_upload",
    "installation_of",
    "is_model",
    "keep_upload",
    "key_of",
    "loss_of",
    "migrate",
    "missing_from",
    "move",
    "names_without_people",
    "needs_confirmation",
    "obstacle_for_batch",
    "obstacles",
    "offer_elsewhere",
    "offered_to",
    "packed",
    "parts_named",
    "parts_of",
    "pause_batch",
    "plan_from_json",
    "propose_plan",
    "put_on_trial",
    "read_bundle",
    "release",
    "replay",
    "replay_words",
    "restart",
    "resume",
    "resume_batch",
    "retire",
    "retry",
    "run_tests",
    "running_on",
    "save_draft",
    "schedule",
    "set_chooser",
    "set_connector",
    "set_departments",
    "set_retention",
    "set_service_target",
    "set_variables",
    "sign",
    "signing_departments",
    "skip",
    "skip_visit",
    "start",
    "start_with_form",
    "stop_batch",
    "stop_retention",
    "suspend",
    "sweep_batches",
    "sweep_drawings",
    "sweep_jobs",
    "sweep_replays",
    "sweep_retention",
    "sweep_timers",
    "sweep_uploads",
    "take_back",
    "target_for",
    "topics_of",
    "under_key",
    "unmet_by_upload",
    "unmet_by_version",
    "visit_at",
    "waiting_change",
    "want_changes",
    "was_live",
    "wire",
    "withdraw",
]
