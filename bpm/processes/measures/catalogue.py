"""The measures by name: what each counts, why, and on what evidence it may steer anybody."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Literal

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

Better = Literal["lower", "higher"]


class MeasureKind(StrEnum):
    """How a measure is worked out, and so which interval it has."""

    SHARE = "share"
    """Hits of n; Wilson's interval."""
    RATE = "rate"
    """Events per 100 of an exposure; Byar's interval."""
    MEAN = "mean"
    """A mean of numbers; the normal interval of a mean."""
    DURATION = "duration"
    """Seconds; the median, with an interval of ranks, p90 and p95."""


@dataclass(frozen=True)
class Definition:
    """What a measure counted from a day on; a change is a new version, and series say where it changed."""

    version: int
    since: date
    words: str


@dataclass(frozen=True)
class Measure:
    """A measure with its definition, purpose and evidence."""

    name: str
    title: str
    unit: str
    better: Better
    kind: MeasureKind
    purpose: str
    """Which decision it serves. Empty: none was stated, so it steers nobody."""
    evidence: str
    """Why a better figure means that customers fare better. Empty: nobody showed it."""
    definitions: tuple[Definition, ...]
    of_voices: bool = False
    """Whether it counts things said, so that links of each kind are told apart."""
    owner: str = "social strategist"

    @property
    def definition(self) -> str:
        return self.definitions[-1].words

    @property
    def version(self) -> int:
        """Of its definition."""
        return self.definitions[-1].version

    def definition_at(self, day: date) -> Definition:
        """The one that held on that day; before the first one, that."""
        held = [each for each in self.definitions if each.since <= day]
        return held[-1] if held else self.definitions[0]


_FIRST = date(2026, 11, 30)


def _measure(
    name: str,
    title: str,
    unit: str,
    better: Better,
    kind: MeasureKind,
    words: str,
    purpose: str,
    evidence: str,
    *,
    of_voices: bool = False,
) -> Measure:
    return Measure(name, title, unit, better, kind, purpose, evidence, (Definition(1, _FIRST, words),), of_voices)


_SHARE, _RATE, _MEAN, _DURATION = MeasureKind.SHARE, MeasureKind.RATE, MeasureKind.MEAN, MeasureKind.DURATION

_ALL = (
    _measure(
        "negative_share", _("Negative share"), "%", "lower", _SHARE,
        _("Items of customers with a sentiment of -0.25 or less, of those that were read and placed."),
        _("Find the activity that hurts customers."),
        _("It is what they said themselves; the classifier's error is audited and corrected for."), of_voices=True,
    ),
    _measure(
        "complaints_per_100", _("Complaints per 100"), _("per 100 passes"), "lower", _RATE,
        _("Complaints per 100 cases that began; at an activity, per 100 visits of it."),
        _("Compare activities that are passed through unequally often."),
        _("Counts without exposure rank the busiest activity worst, whatever it does."), of_voices=True,
    ),
    _measure(
        "effort", _("Effort"), _("of 5"), "higher", _MEAN,
        _("Mean answer to “How was it?” from 1, very hard, to 5, very easy."),
        _("See whether the process asks too much of customers."),
        _("Effort goes with loyalty more closely than delight does (Dixon, Freeman and Toman, 2010)."), of_voices=True,
    ),
    _measure(
        "csat", _("Satisfied customers"), "%", "higher", _SHARE,
        _("Ratings of 4 or 5, of all ratings from 1 to 5."),
        _("Follow how customers rate what they lived through."),
        _("It is their own rating; read it beside the response rate."), of_voices=True,
    ),
    _measure(
        "nps", _("Net promoter score"), _("points"), "higher", _MEAN,
        _("Share of 9 and 10 less share of 0 to 6, of all answers from 0 to 10, in points."),
        _("Compare with what others publish."),
        _("Its own interval says how little a small sample tells; it is no measure of one activity."), of_voices=True,
    ),
    _measure(
        "first_answer", _("First answer"), _("seconds"), "lower", _DURATION,
        _("From what was said until a person first answered in the conversation; no receipt counts."),
        _("Decide how many people answer when."), _("Waiting for a word is what most complaints repeat."),
        of_voices=True,
    ),
    _measure(
        "waiting", _("Waiting time"), _("seconds"), "lower", _DURATION,
        _("From when an activity was opened until a person took it, else until it ended."),
        _("Find where cases lie."), _("Most of the time that customers live through is waiting, not work."),
    ),
    _measure(
        "work", _("Work time"), _("seconds"), "lower", _DURATION,
        _("From when a person took an activity until it was done."),
        _("Plan capacity and price a case."), _("It is recorded by the run itself."),
    ),
    _measure(
        "rework", _("Rework"), "%", "lower", _SHARE,
        _("Cases that passed through an activity of people or jobs again; at an activity, its visits after the first."),
        _("Find what is not right the first time."), _("Each repeat is time of staff and customer that adds nothing."),
    ),
    _measure(
        "hand_overs", _("Hand-overs"), _("per case"), "lower", _MEAN,
        _("How often a case went on in another lane than before."),
        _("Find where customers are passed on."), _("Each hand-over waits in a queue and may lose what was said."),
    ),
    _measure(
        "escapes", _("Went public"), _("per 100 passes"), "lower", _RATE,
        _("Public posts of people whose case or private words waited then, per 100 cases that began, or visits."),
        _("Find where silence drives customers into the open."), _("The post itself is the event."), of_voices=True,
    ),
    _measure(
        "promises_kept", _("Promises kept"), "%", "higher", _SHARE,
        _("Promises kept in time, of those whose time has come."),
        _("Promise only what is kept."), _("A broken promise is worse than none."),
    ),
    _measure(
        "listening_ratio", _("Listening ratio"), "%", "higher", _SHARE,
        _("Items with a decision or an action, of all heard; those without an answer are in the denominator."),
        _("See whether anything results."), _("If actions do not result, it is not listening."), of_voices=True,
    ),
    _measure(
        "cost_per_case", _("Cost of a case"), _("money"), "lower", _MEAN,
        _("Time times rate of its lanes, costs of its events, goodwill and contacts."),
        _("Weigh a change against what it costs."), _("Cases and overhead together meet the budget."),
    ),
    _measure(
        "cost_per_conversation", _("Cost of a conversation"), _("money"), "lower", _MEAN,
        _("What the cases of a conversation cost together."),
        _("Weigh prevention against answering."), _("One conversation may run through several cases."),
    ),
    _measure(
        "recontact_7d", _("Contact again within 7 days"), "%", "lower", _SHARE,
        _("Cases whose customer wrote again within seven days of the end of the case, of cases that ended."),
        _("Keep the clock honest: a closed case is not a solved one."),
        _("Closing to please the clock shows here first."), of_voices=False,
    ),
    _measure(
        "closed_loop_rate", _("Closed loops"), "%", "higher", _SHARE,
        _("Complaints whose customer a person answered and whose decision stands, of all complaints."),
        _("See that nobody is left without a word."), _("Customers judge by what they were told became of it."),
        of_voices=True,
    ),
    _measure(
        "closed_loop_time", _("Time to close the loop"), _("seconds"), "lower", _DURATION,
        _("From a complaint until a person had answered and decided it."),
        _("Plan who follows up."), _("An answer that comes too late closes nothing."), of_voices=True,
    ),
    _measure(
        "rescue_rate", _("Rescued"), "%", "higher", _SHARE,
        _("Customers who complained and whose last word since is not negative, of those who said anything since."),
        _("See whether making good works."), _("It compares each customer with themselves."), of_voices=True,
    ),
    _measure(
        "response_rate", _("Response rate"), "%", "higher", _SHARE,
        _("Answers, of those whom a survey asked."),
        _("Know for whom a score speaks."), _("A score of those who are content says nothing about the others."),
    ),
    _measure(
        "silent_share", _("Silent share"), "%", "lower", _SHARE,
        _("Bad cases whose customer said nothing during or within 30 days after them. Bad: it took longer than nine of "
          "ten of its version, was done again, failed, or broke a promise."),
        _("Remember those who leave without a word."),
        _("Few unhappy customers complain; what they do instead is counted as behaviour, never as words."),
    ),
    _measure(
        "last_impression", _("Bad end"), "%", "lower", _SHARE,
        _("Cases whose last word was negative though the mean before it was not, of cases with two words or more."),
        _("Put the end of a process right."), _("What comes last is what sticks."), of_voices=True,
    ),
    _measure(
        "response_grade", _("Response grade"), _("of 4"), "higher", _MEAN,
        _("Mean points (0 to 4) of complaints on two sides of the rubric of responses: speed and last impression."),
        _("Learn from how we answered."), _("Its rubric is data and stands beside it."), of_voices=True,
    ),
)  # fmt: skip

MEASURES: Mapping[str, Measure] = {measure.name: measure for measure in _ALL}


def get_measure(name: str) -> Measure:
    """The measure of that name; InvalidInputError names those there are."""
    measure = MEASURES.get(name)
    if measure is None:
        problem = _("There is no measure “%(name)s”.") % {"name": name}
        remedy = _("Choose one of: %(names)s.") % {"names": ", ".join(MEASURES)}
        raise InvalidInputError(problem, remedy=remedy, fields={"measure": problem})
    return measure
