"""What differs between two bundles: pure, over bytes and JSON values; called in the bounded child."""

from bpm.engine.differences.answers import KINDS, PartKind, answer
from bpm.engine.differences.decisions import cell_property
from bpm.engine.differences.model import Change, Difference, from_plain
from bpm.engine.differences.models import Described, compare_models, describe
from bpm.engine.differences.steps import Course, counterparts, course_from_plain, course_of

__all__ = [
    "KINDS",
    "Change",
    "Course",
    "Described",
    "Difference",
    "PartKind",
    "answer",
    "cell_property",
    "compare_models",
    "counterparts",
    "course_from_plain",
    "course_of",
    "describe",
    "from_plain",
]
