"""The board of define, measure, analyse, improve, control: gates that ask for evidence, and the A3 sheet of it."""

from bpm.processes.improvements.gates.board import Card, Column, read_board
from bpm.processes.improvements.gates.checks import (
    BY_KEY,
    CHECKS,
    SHEET,
    STAGES,
    STRATEGIST,
    Check,
    CheckKind,
    next_stage,
)
from bpm.processes.improvements.gates.evidence import Written, may_sign_off, put_evidence, sign_off
from bpm.processes.improvements.gates.moving import GateShutError, go_back, pass_gate
from bpm.processes.improvements.gates.reading import Reading, read_now
from bpm.processes.improvements.gates.standing import Standing, of_stage, standings, standings_of

__all__ = [
    "BY_KEY",
    "CHECKS",
    "SHEET",
    "STAGES",
    "STRATEGIST",
    "Card",
    "Check",
    "CheckKind",
    "Column",
    "GateShutError",
    "Reading",
    "Standing",
    "Written",
    "go_back",
    "may_sign_off",
    "next_stage",
    "of_stage",
    "pass_gate",
    "put_evidence",
    "read_board",
    "read_now",
    "sign_off",
    "standings",
    "standings_of",
]
