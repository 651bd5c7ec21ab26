"""What somebody sends for a version: files sorted, what was left out carried over, the whole looked over and kept."""

from bpm.engine.definitions.received.carry_over import Part, carry_over, missing_from, parts_named, parts_of
from bpm.engine.definitions.received.examination import Examined, examine
from bpm.engine.definitions.received.folders import files_in
from bpm.engine.definitions.received.packing import packed
from bpm.engine.definitions.received.problems import problem
from bpm.engine.definitions.received.reader import MOST_FILES, Received, is_model, read_bundle
from bpm.engine.definitions.received.references import check_references
from bpm.engine.definitions.received.uploads import (
    KEPT_DAYS,
    came_of,
    discard_upload,
    examined_of,
    finish_upload,
    keep_upload,
    sweep_uploads,
)

__all__ = [
    "KEPT_DAYS",
    "MOST_FILES",
    "Examined",
    "Part",
    "Received",
    "came_of",
    "carry_over",
    "check_references",
    "discard_upload",
    "examine",
    "examined_of",
    "files_in",
    "finish_upload",
    "is_model",
    "keep_upload",
    "missing_from",
    "packed",
    "parts_named",
    "parts_of",
    "problem",
    "read_bundle",
    "sweep_uploads",
]
