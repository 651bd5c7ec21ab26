"""Bring your own process: a customer's own steps against ours, run inside guard rails, and learnt from."""

from bpm.processes.own_ways.difference import WayDifference, compare, longest_common, order_to_run
from bpm.processes.own_ways.listing import (
    FEWEST,
    CaseOnWay,
    FrequentStep,
    WayRow,
    cases_on,
    frequent_steps,
    list_ways,
    propose_step,
    steps_of_cases,
)
from bpm.processes.own_ways.matching import Match, match
from bpm.processes.own_ways.rails import PEOPLE, Mandatory, mandatory_of, mark_mandatory, unmark_mandatory
from bpm.processes.own_ways.reading import steps_of_csv, steps_of_drawing, steps_of_text
from bpm.processes.own_ways.running import own_steps_before, start_on_way, way_of_case, wire
from bpm.processes.own_ways.status import StepKind, WaySource, WayStatus
from bpm.processes.own_ways.ways import Way, accept, decline, get_way, hand_in, pair

__all__ = [
    "FEWEST",
    "PEOPLE",
    "CaseOnWay",
    "FrequentStep",
    "Mandatory",
    "Match",
    "StepKind",
    "Way",
    "WayDifference",
    "WayRow",
    "WaySource",
    "WayStatus",
    "accept",
    "cases_on",
    "compare",
    "decline",
    "frequent_steps",
    "get_way",
    "hand_in",
    "list_ways",
    "longest_common",
    "mandatory_of",
    "mark_mandatory",
    "match",
    "order_to_run",
    "own_steps_before",
    "pair",
    "propose_step",
    "start_on_way",
    "steps_of_cases",
    "steps_of_csv",
    "steps_of_drawing",
    "steps_of_text",
    "unmark_mandatory",
    "way_of_case",
    "wire",
]
