"""What became of what somebody said: heard, understood, decided, changed, told; inside, and as they may read it."""

from bpm.processes.trails.publishing import Names, PublicStep, PublicTrail, publish
from bpm.processes.trails.reading import list_published_names, publish_name, read_names, read_trails
from bpm.processes.trails.steps import (
    Changed,
    Decided,
    Facts,
    HandedOver,
    Heard,
    Stage,
    Step,
    Told,
    Trail,
    Understood,
    build,
)

__all__ = [
    "Changed",
    "Decided",
    "Facts",
    "HandedOver",
    "Heard",
    "Names",
    "PublicStep",
    "PublicTrail",
    "Stage",
    "Step",
    "Told",
    "Trail",
    "Understood",
    "build",
    "list_published_names",
    "publish",
    "publish_name",
    "read_names",
    "read_trails",
]
