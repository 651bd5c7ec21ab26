"""Paths of cases, ours and those of logs: variants, the ways taken where ways part, hand-overs between departments."""

from bpm.processes.paths.branches import Branch, Way, branches_of, ways_of_log
from bpm.processes.paths.hand_overs import HandOvers, Passing, Stage, hand_overs_of
from bpm.processes.paths.traces import MOST_CASES, Step, Trace, count_cases, read_outside, read_traces
from bpm.processes.paths.variants import MOST_VARIANTS, Variant, Variants, key_of, variants_of

__all__ = [
    "MOST_CASES",
    "MOST_VARIANTS",
    "Branch",
    "HandOvers",
    "Passing",
    "Stage",
    "Step",
    "Trace",
    "Variant",
    "Variants",
    "Way",
    "branches_of",
    "count_cases",
    "hand_overs_of",
    "key_of",
    "read_outside",
    "read_traces",
    "variants_of",
    "ways_of_log",
]
