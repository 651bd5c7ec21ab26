"""The trail of one item, built from facts: which stages it reached, when and by whom. Pure; it reads no clock.

Law 2: an item is done only when somebody decided what becomes of it. What was told before a decision is told, but it
ends nothing; a customer who says that it is not solved opens it again until a person has looked.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from bpm.feedback.status import DecisionKind
from bpm.foundation.texts import _


class Stage(StrEnum):
    """How far an item is."""

    HEARD = "heard"
    UNDERSTOOD = "understood"
    DECIDED = "decided"
    CHANGED = "changed"
    TOLD = "told"


DECISION_WORDS = {
    DecisionKind.DO: _("yes"),
    DecisionKind.NOT_NOW: _("later"),
    DecisionKind.NO: _("no"),
    DecisionKind.NO_REPLY_WANTED: _("no answer was wanted"),
}


@dataclass(frozen=True)
class Heard:
    """When it came in, when it was said (None: nobody knows), on which channel."""

    received_at: datetime
    channel: str
    said_at: datetime | None = None


@dataclass(frozen=True)
class Understood:
    """What was read out of it; `by` is the person who corrected it, empty for the classifier."""

    kind: str
    at: datetime
    topic: str = ""
    by: str = ""
    sure: bool = True


@dataclass(frozen=True)
class HandedOver:
    """To a group, with a note, and what came back of it; that it went and came is published, nothing else of it is."""

    group: str
    at: datetime
    note: str = ""
    by: str = ""
    back_at: datetime | None = None
    back_by: str = ""
    result: str = ""


@dataclass(frozen=True)
class Decided:
    """What becomes of it, and why."""

    decision: DecisionKind
    reason: str
    at: datetime
    by: str = ""


@dataclass(frozen=True)
class Changed:
    """An improvement that it spoke for was concluded; `did` is what the public board says of it, if it does."""

    title: str
    process_key: str
    process_name: str
    at: datetime
    version: int | None = None
    happened: str = ""
    did: str = ""


@dataclass(frozen=True)
class Told:
    """An answer that left, in the name of a person."""

    by: str
    text: str
    channel: str
    at: datetime


Part = TypeVar("Part", HandedOver, Decided, Changed, Told)


@dataclass(frozen=True)
class Facts:
    """Everything that is known of one item, each list in any order."""

    heard: Heard
    understood: Understood | None = None
    handed_over: tuple[HandedOver, ...] = ()
    decided: tuple[Decided, ...] = ()
    changed: tuple[Changed, ...] = ()
    told: tuple[Told, ...] = ()
    asked_again_at: datetime | None = None
    """When the customer last said that it is not solved, while nobody has decided on those words."""


@dataclass(frozen=True)
class Step:
    """One stage that was reached, for colleagues to read."""

    stage: Stage
    at: datetime
    words: str
    by: str = ""
    note: str = ""


@dataclass(frozen=True)
class Trail:
    """What became of an item."""

    facts: Facts
    steps: tuple[Step, ...]
    """In the order of the stages, then of time."""

    @property
    def reached(self) -> Stage:
        """The furthest stage."""
        return self.steps[-1].stage

    @property
    def decision(self) -> Decided | None:
        """The one that counts: the newest."""
        return max(self.facts.decided, key=lambda each: each.at, default=None)

    @property
    def is_open_again(self) -> bool:
        return self.facts.asked_again_at is not None

    @property
    def is_done(self) -> bool:
        """Decided, and told or in no need of an answer; never without a decision."""
        decision = self.decision
        if decision is None or self.is_open_again:
            return False
        return bool(self.facts.told) or decision.decision is DecisionKind.NO_REPLY_WANTED

    def missing(self) -> tuple[Stage, ...]:
        """Stages that were not reached; a change is only missing where one was decided."""
        there = {each.stage for each in self.steps}
        decision = self.decision
        waits = decision is None or decision.decision is DecisionKind.DO
        return tuple(each for each in Stage if each not in there and (waits or each is not Stage.CHANGED))


def build(facts: Facts) -> Trail:
    """The trail that the facts tell."""
    steps = [Step(Stage.HEARD, facts.heard.received_at, _("On %(channel)s.") % {"channel": facts.heard.channel})]
    if facts.understood is not None:
        steps.append(_understood(facts.understood))
    steps += sorted((step for each in facts.handed_over for step in _handed_over(each)), key=lambda step: step.at)
    steps += [_decided(each) for each in _in_time(facts.decided)]
    steps += [_changed(each) for each in _in_time(facts.changed)]
    steps += [_told(each) for each in _in_time(facts.told)]
    return Trail(facts, tuple(steps))


def _in_time(parts: Iterable[Part]) -> list[Part]:
    return sorted(parts, key=lambda each: each.at)


def _understood(read: Understood) -> Step:
    kind = read.kind.replace("_", " ")
    words = _("As %(kind)s about %(topic)s.") % {"kind": kind, "topic": read.topic} if read.topic else f"{kind}."
    return Step(Stage.UNDERSTOOD, read.at, words, read.by, "" if read.sure else _("Not sure."))


def _changed(change: Changed) -> Step:
    values = {"title": change.title, "process": change.process_name, "version": change.version}
    words = (
        _("%(title)s (%(process)s)") if change.version is None else _("%(title)s (%(process)s, version %(version)s)")
    )
    return Step(Stage.CHANGED, change.at, words % values, note=change.happened)


def _handed_over(over: HandedOver) -> list[Step]:
    words = _("Handed over to %(group)s.") % {"group": over.group}
    found = [Step(Stage.UNDERSTOOD, over.at, words, over.by, over.note)]
    if over.back_at is not None:
        back = _("Back from %(group)s.") % {"group": over.group}
        found.append(Step(Stage.UNDERSTOOD, over.back_at, back, over.back_by, over.result))
    return found


def _decided(made: Decided) -> Step:
    return Step(Stage.DECIDED, made.at, DECISION_WORDS[made.decision], made.by, made.reason)


def _told(told: Told) -> Step:
    return Step(Stage.TOLD, told.at, _("On %(channel)s.") % {"channel": told.channel}, told.by, told.text)
