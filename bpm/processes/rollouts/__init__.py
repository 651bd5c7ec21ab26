"""Rollouts: two versions of a process live at once, each new case given one of them, until somebody decides."""

from bpm.processes.rollouts.acting import (
    LIVE,
    STEP,
    WITHDRAW,
    ask_step,
    has_next_step,
    next_step_at,
    pause,
    refuse,
    resume,
    stop,
)
from bpm.processes.rollouts.assigning import Stage, arm_of, turn_of
from bpm.processes.rollouts.concluding import approve, decide, is_a_against_a
from bpm.processes.rollouts.ending import sweep_rollouts, wire
from bpm.processes.rollouts.fitting import why_unfit
from bpm.processes.rollouts.hooks import Advice, set_hooks
from bpm.processes.rollouts.models import Rollout, RolloutAct, RolloutCase
from bpm.processes.rollouts.ratio import InBothArms, SampleRatio, in_both_arms, sample_ratio, units_in_both
from bpm.processes.rollouts.reading import (
    ActRow,
    ArmCase,
    ArmCount,
    RolloutRow,
    arm_of_case,
    arms,
    count_arms,
    count_by_day,
    get_rollout,
    list_acts,
    list_cases,
    list_rollouts,
    open_rollout,
    starts_per_week,
)
from bpm.processes.rollouts.starting import UNITS, RolloutWish, start, start_as_wished
from bpm.processes.rollouts.words import OPEN, Arm, Rest, RolloutStatus, RolloutVerb, Unit, Way

__all__ = [
    "LIVE", "OPEN", "STEP", "UNITS", "WITHDRAW",
    "ActRow", "Advice", "Arm", "ArmCase", "ArmCount", "InBothArms", "Rest", "Rollout", "RolloutAct", "RolloutCase",
    "RolloutRow", "RolloutStatus", "RolloutVerb", "RolloutWish", "SampleRatio", "Stage", "Unit", "Way",
    "approve", "arm_of", "arm_of_case", "arms", "ask_step", "count_arms", "count_by_day", "decide", "get_rollout",
    "has_next_step", "in_both_arms", "is_a_against_a", "list_acts", "list_cases", "list_rollouts", "next_step_at",
    "open_rollout", "pause", "refuse", "resume", "sample_ratio", "set_hooks", "start", "start_as_wished",
    "starts_per_week", "stop", "sweep_rollouts", "turn_of", "units_in_both", "why_unfit", "wire",
]  # fmt: skip
