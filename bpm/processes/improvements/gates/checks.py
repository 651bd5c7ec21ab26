"""What each gate of the board asks for, as data; the Lean A3 sheet is another arrangement of the same parts."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bpm.foundation.texts import _
from bpm.processes.models.register_lists import Stage

STRATEGIST = "social strategist"
"""The skill (or the role of one's own) of those who sign that an improvement may be measured."""


class CheckKind(StrEnum):
    """How a check is met."""

    WORDS = "words"
    """A person writes it."""
    NUMBER = "number"
    """A person writes a figure, of how many, and how it is known."""
    MEASURE = "measure"
    """A measure of the catalogue is named."""
    VERSION = "version"
    """A version of the process, live or a draft, is named."""
    PERSON = "person"
    """A colleague is named."""
    SIGN_OFF = "sign_off"
    """Somebody with the skill signs what is written."""
    RECORDS = "records"
    """Nobody writes it: what is on record meets it, or does not."""


@dataclass(frozen=True)
class Check:
    """One line of a gate; `needed`: the gate is shut without it."""

    key: str
    stage: Stage
    kind: CheckKind
    label: str
    asks: str
    needed: bool = True


CHECKS: tuple[Check, ...] = (
    Check("background", Stage.DEFINE, CheckKind.WORDS, _("Background"),
          _("Why now, and why us?"), needed=False),
    Check("problem", Stage.DEFINE, CheckKind.WORDS, _("Problem"),
          _("What goes wrong, for whom, since when, how often? No cause and no solution yet.")),
    Check("voices", Stage.DEFINE, CheckKind.RECORDS, _("Voices"),
          _("At least one item of customers speaks for it.")),
    Check("strategist", Stage.DEFINE, CheckKind.SIGN_OFF, _("Sign-off of a social strategist"),
          _("Somebody trained as social strategist signs that this is what customers mean.")),
    Check("functions", Stage.DEFINE, CheckKind.RECORDS, _("Owned by two functions"),
          _("A change that one function owns alone stops at its border."), needed=False),
    Check("measure", Stage.MEASURE, CheckKind.MEASURE, _("Measure"),
          _("By which measure will one see it?")),
    Check("baseline", Stage.MEASURE, CheckKind.NUMBER, _("Where it stands today"),
          _("The figure, of how many cases or items, and where it was read.")),
    Check("goal", Stage.MEASURE, CheckKind.WORDS, _("Goal"),
          _("From what to what, until when?")),
    Check("cause", Stage.ANALYSE, CheckKind.WORDS, _("Cause"),
          _("Why does it happen? Ask again until the answer is something that one can change.")),
    Check("cause_shown", Stage.ANALYSE, CheckKind.WORDS, _("What shows the cause"),
          _("Which figures, cases or words say that it is this and nothing else?")),
    Check("countermeasure", Stage.IMPROVE, CheckKind.WORDS, _("What is changed"),
          _("What will run differently, and why does that meet the cause?")),
    Check("version", Stage.IMPROVE, CheckKind.VERSION, _("Version"),
          _("The version or draft of the process that has the change.")),
    Check("plan", Stage.IMPROVE, CheckKind.RECORDS, _("Verdict registered"),
          _("What counts as better is laid down before it starts.")),
    Check("schedule", Stage.IMPROVE, CheckKind.WORDS, _("Who does what until when"),
          _("Steps with names and dates."), needed=False),
    Check("keeper", Stage.CONTROL, CheckKind.PERSON, _("Who watches it"),
          _("The colleague who looks at its chart and acts when it signals.")),
    Check("chart", Stage.CONTROL, CheckKind.WORDS, _("What is watched"),
          _("Which control chart, with which limits, and what is done at a signal?")),
    Check("verdict", Stage.CONTROL, CheckKind.RECORDS, _("Verdict read"),
          _("The registered question has its answer.")),
    Check("follow_up", Stage.CONTROL, CheckKind.WORDS, _("What follows"),
          _("What was learnt, who else can use it, what is left to do?"), needed=False),
)  # fmt: skip
"""In the order in which gates ask for them."""

BY_KEY: Mapping[str, Check] = {each.key: each for each in CHECKS}
STAGES = tuple(Stage)

SHEET: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("Background"), ("background", "voices")),
    (_("Problem and where it stands today"), ("problem", "measure", "baseline")),
    (_("Goal"), ("goal",)),
    (_("Cause"), ("cause", "cause_shown")),
    (_("Countermeasure"), ("countermeasure", "version")),
    (_("Plan"), ("schedule", "plan", "functions")),
    (_("Follow-up"), ("keeper", "chart", "verdict", "follow_up")),
)
"""The A3 sheet: boxes, left column first, and the checks whose words stand in each."""


def next_stage(stage: Stage) -> Stage | None:
    """Where its gate leads; None behind the last one."""
    place = STAGES.index(stage)
    return STAGES[place + 1] if place + 1 < len(STAGES) else None
