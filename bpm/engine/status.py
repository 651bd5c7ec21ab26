"""In which states the rows of the engine can be: one closed list for each column, and what counts as running or ended.

The lists are stored by value, and a constraint of the database holds each of them.
"""

from enum import StrEnum


class InstanceStatus(StrEnum):
    """Of an instance."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    """An operator holds it; nothing in it moves."""
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"
    """It cannot go on at one place at least; elsewhere it may."""


GOES_ON = frozenset({InstanceStatus.ACTIVE, InstanceStatus.FAILED})
"""An instance in which a command may move something."""
RUNNING = GOES_ON | {InstanceStatus.SUSPENDED}
"""An instance that has not ended."""
ENDED = frozenset({InstanceStatus.COMPLETED, InstanceStatus.CANCELLED})
"""An instance in which nothing moves ever again."""


class VersionStatus(StrEnum):
    """Of a process version."""

    DRAFT = "draft"
    LIVE = "live"
    RETIRED = "retired"
    TRIAL = "trial"
    """Beside the live one: a share of new cases runs it, and a choice made as each begins is the only way to it."""


class RetentionStatus(StrEnum):
    """Of a wish to keep less."""

    WAITING = "waiting"
    APPLIED = "applied"
    STOPPED = "stopped"
    REPLACED = "replaced"


class SigningVerb(StrEnum):
    """What a department, or a newer draft, made of a signature."""

    SIGNED = "signed"
    WITHDRAWN = "withdrawn"
    LAPSED = "lapsed"
    CHANGES_WANTED = "changes_wanted"


class ActivityStatus(StrEnum):
    """Of one visit of an element."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    FAILED = "failed"


class WorkItemStatus(StrEnum):
    """Of a work item."""

    OPEN = "open"
    COMPLETED = "completed"
    CANCELLED = "cancelled"


class JobStatus(StrEnum):
    """Of a job."""

    READY = "ready"
    LEASED = "leased"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"
    """Its instance is suspended."""


WAITING_JOBS = frozenset({JobStatus.READY, JobStatus.LEASED})
"""A job that a worker has or will have."""
UNDONE_JOBS = frozenset({JobStatus.READY, JobStatus.LEASED, JobStatus.FAILED, JobStatus.HELD})
"""A job that is neither done nor withdrawn."""


class JobKind(StrEnum):
    """What a job does."""

    SERVICE = "service"
    SCRIPT = "script"
    DECISION = "decision"
    SEND = "send"
    DELIVER = "deliver"
    """A message or signal on its way to the job's instance."""


class SubscriptionStatus(StrEnum):
    """Of an event subscription."""

    OPEN = "open"
    CLOSED = "closed"
    HELD = "held"
    """A timer whose instance is suspended."""


WAITING_SUBSCRIPTIONS = frozenset({SubscriptionStatus.OPEN, SubscriptionStatus.HELD})
"""A subscription whose event has not come, whether or not it may come now."""


class SubscriptionKind(StrEnum):
    """What an event subscription waits for."""

    TIMER = "timer"
    MESSAGE = "message"
    SIGNAL = "signal"
    CONDITIONAL = "conditional"


class FailureStatus(StrEnum):
    """Of a failure."""

    OPEN = "open"
    RESOLVED = "resolved"


class BatchStatus(StrEnum):
    """Of a bulk act."""

    RUNNING = "running"
    PAUSED = "paused"
    DONE = "done"
    STOPPED = "stopped"


UNFINISHED_BATCHES = frozenset({BatchStatus.RUNNING, BatchStatus.PAUSED})
"""A bulk act that may still do something."""


class BatchItemStatus(StrEnum):
    """Of one target of a bulk act."""

    WAITING = "waiting"
    DONE = "done"
    REFUSED = "refused"
