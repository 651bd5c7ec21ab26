"""What so many cases would show: the question in the address, and a verdict asked of simulated changes."""

from collections.abc import Mapping
from dataclasses import dataclass

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from web.ui.fields import Field

ROUNDS = 100
MOST_CASES = 5000


@dataclass(frozen=True)
class Question:
    """Shares from 0 to 1."""

    start: float
    end: float
    smallest: float
    per_arm: int
    cases_each: float


@dataclass(frozen=True)
class Answer:
    """How often, of a hundred simulated changes, each sentence would be said; `example` is the first of them."""

    said: tuple[tuple[str, int], ...]
    example: str
    needed: int
    rounds: int = ROUNDS


_FIELDS: tuple[tuple[str, str, str, Mapping[str, float | str], str], ...] = (
    ("from", _("Share now, in %"), "30", {"min": 0, "max": 100, "step": "any"}, ""),
    ("to", _("Share after the change, in %"), "20", {"min": 0, "max": 100, "step": "any"}, ""),
    ("smallest", _("Smallest change that matters, in points"), "5", {"min": 0.1, "max": 100, "step": "any"}, ""),
    ("cases", _("Cases on each version"), "300", {"min": 10, "max": MOST_CASES, "step": 1}, ""),
    ("each", _("Cases per customer"), "1", {"min": 1, "max": 50, "step": "any"}, _("on average")),
)


def fields_of(asked: Mapping[str, str], problems: Mapping[str, str]) -> tuple[Field, ...]:
    return tuple(
        Field(
            name,
            label,
            "number",
            help=note,
            required=True,
            value=asked.get(name, usual),
            limits=limits,
            error=problems.get(name, ""),
        )
        for name, label, usual, limits, note in _FIELDS
    )


def question_of(asked: Mapping[str, str]) -> Question:
    """InvalidInputError with the fields that hold no number in their range."""
    problems, numbers = {}, {}
    for name, _label, usual, limits, _note in _FIELDS:
        low, high = float(limits["min"]), float(limits["max"])
        try:
            numbers[name] = float(asked.get(name, usual))
        except ValueError:
            numbers[name] = float("nan")
        if not low <= numbers[name] <= high:
            problems[name] = _("Write a number from %(low)g to %(high)g.") % {"low": low, "high": high}
    if not problems and numbers["from"] == numbers["to"] == 0:
        problems["to"] = _("Where nothing happens nothing can be compared.")
    if problems:
        raise InvalidInputError(_("That cannot be simulated."), fields=problems)
    return Question(
        numbers["from"] / 100, numbers["to"] / 100, numbers["smallest"] / 100, int(numbers["cases"]), numbers["each"]
    )


def answer(question: Question) -> Answer:
    """A hundred simulated changes, the same for the same question. Loads NumPy and SciPy at the first call."""
    from bpm.statistics import verdicts
    from bpm.statistics.verdicts.simulated import World, what_n_would_do

    world = World(question.start, question.end, question.cases_each, leaning=0.1 if question.cases_each > 1 else 0.0)
    found = what_n_would_do(world, question.per_arm, question.smallest, rounds=ROUNDS)
    end = question.end if question.end != question.start else max(0.0, question.start - question.smallest)
    needed = verdicts.needed(question.start, end).per_arm if end != question.start else 0
    return Answer(tuple((word.value, count) for word, count in found.counts.items()), found.example, needed)
