"""Tables of the engine: what was uploaded, what is live, what runs, and what waits for whom."""

from bpm.engine.models.columns import MaybeJson
from bpm.engine.models.definitions import (
    ProcessDefinition,
    ProcessSpec,
    ProcessVersion,
    RetentionChange,
    Signature,
    SigningRecord,
    Upload,
)
from bpm.engine.models.instances import ActivityInstance, ProcessInstance, StepRecord
from bpm.engine.models.running import Batch, BatchItem, WorkerHeartbeat
from bpm.engine.models.waiting import (
    DONE_ITEM,
    DUE_ITEM,
    NORMAL_PRIORITY,
    OPEN_ITEM,
    WAITING_JOB,
    EventSubscription,
    Failure,
    Job,
    WorkItem,
)

__all__ = [
    "DONE_ITEM",
    "DUE_ITEM",
    "NORMAL_PRIORITY",
    "OPEN_ITEM",
    "WAITING_JOB",
    "ActivityInstance",
    "Batch",
    "BatchItem",
    "EventSubscription",
    "Failure",
    "Job",
    "MaybeJson",
    "ProcessDefinition",
    "ProcessInstance",
    "ProcessSpec",
    "ProcessVersion",
    "RetentionChange",
    "Signature",
    "SigningRecord",
    "StepRecord",
    "Upload",
    "WorkItem",
    "WorkerHeartbeat",
]
