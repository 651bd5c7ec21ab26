"""Which function sees what a measure counts."""

from collections.abc import Callable, Iterable, Mapping

from bpm.processes.measures.observed import costs, flow, silence, times, voice
from bpm.processes.measures.observed.facts import Facts
from bpm.processes.measures.observed.seen import Seen

OBSERVED: Mapping[str, Callable[[Facts], Iterable[Seen]]] = {
    "negative_share": voice.negative_share,
    "complaints_per_100": voice.complaints_per_100,
    "effort": voice.effort,
    "csat": voice.csat,
    "nps": voice.nps,
    "first_answer": voice.first_answer,
    "waiting": times.waiting,
    "work": times.work,
    "rework": flow.rework,
    "hand_overs": flow.hand_overs,
    "escapes": voice.escapes,
    "promises_kept": flow.promises_kept,
    "listening_ratio": voice.listening_ratio,
    "cost_per_case": costs.cost_per_case,
    "cost_per_conversation": costs.cost_per_conversation,
    "recontact_7d": flow.recontact_7d,
    "closed_loop_rate": voice.closed_loop_rate,
    "closed_loop_time": voice.closed_loop_time,
    "rescue_rate": voice.rescue_rate,
    "response_rate": flow.response_rate,
    "silent_share": silence.silent_share,
    "last_impression": voice.last_impression,
    "response_grade": voice.response_grade,
}
"""Name of a measure -> what it sees."""
