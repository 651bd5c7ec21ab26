"""A trail as its author may read it: chosen fields in our own words, and no name of ours that was not published. Pure.

What is never published, whatever it says: notes, who it was handed to and what came back, what the classifier was
unsure of, titles and descriptions of improvements, drafts. A reason is published, for whoever wrote it was told so;
names of groups, processes and cases in it are replaced, and private data is masked. An answer is published as it was
sent.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bpm.feedback.status import DecisionKind
from bpm.foundation.texts import _
from bpm.processes.trails.steps import Changed, Decided, Facts, Stage, Told, Trail

KIND_WORDS: Mapping[str, str] = {
    "complaint": _("a complaint"),
    "question": _("a question"),
    "request": _("a request"),
    "suggestion": _("a suggestion"),
    "praise": _("praise"),
    "outage_report": _("a report of a disturbance"),
    "cancellation": _("a cancellation"),
}
CHANNEL_WORDS: Mapping[str, str] = {
    "social": _("in public"),
    "call": _("on the phone"),
    "email": _("by mail"),
    "survey": _("in a survey"),
    "review": _("in a review"),
    "chat": _("here or in a chat"),
}
_CASE = re.compile(
    r"\b(?:process instance|instance|case|task|item|ticket|feedback)\s*(?:no\.?|number|#)?\s*\d+\b", re.IGNORECASE
)
_BY_ITSELF = re.compile(r"Decided in process instance \d+\.?")


@dataclass(frozen=True)
class Names:
    """Names of ours: which customers may read, and in which words; all others are to be hidden.

    `groups` and `processes` hold every key and name that is used inside.
    """

    published: Mapping[tuple[str, str], str] = field(default_factory=dict)
    """(group | process | topic, key) -> words."""
    groups: Mapping[str, str] = field(default_factory=dict)
    processes: Mapping[str, str] = field(default_factory=dict)
    """Key or name -> key."""


@dataclass(frozen=True)
class PublicStep:
    """One line of the letter; `said` is what a person wrote for the customer."""

    stage: Stage
    at: datetime
    words: str
    by: str = ""
    said: str = ""


@dataclass(frozen=True)
class PublicTrail:
    """What its author may read about an item."""

    steps: tuple[PublicStep, ...]
    is_done: bool
    is_open_again: bool


def publish(trail: Trail, names: Names, *, mask: Callable[[str], str]) -> PublicTrail:
    """The trail for its author; `mask` hides private data in a text."""
    facts = trail.facts
    steps = [_heard(facts), *_understood(facts, names), *_looked_into(facts)]
    if trail.decision is not None:
        steps.append(_decided(trail.decision, names, mask))
    steps += [_changed(change, names) for change in sorted(facts.changed, key=lambda each: each.at)]
    steps += [_told(told) for told in sorted(facts.told, key=lambda each: each.at)]
    return PublicTrail(tuple(steps), trail.is_done, trail.is_open_again)


def _looked_into(facts: Facts) -> list[PublicStep]:
    """That colleagues were asked, and that they have answered: not who, and not what."""
    steps = []
    for each in facts.handed_over:
        steps.append(PublicStep(Stage.UNDERSTOOD, each.at, _("We asked colleagues to look into it.")))
        if each.back_at is not None:
            steps.append(PublicStep(Stage.UNDERSTOOD, each.back_at, _("They have looked into it.")))
    return sorted(steps, key=lambda step: step.at)


def _told(told: Told) -> PublicStep:
    words = _("%(who)s answered you %(where)s.") % {"who": told.by, "where": _where(told.channel)}
    return PublicStep(Stage.TOLD, told.at, words, told.by, told.text)


def _where(channel: str) -> str:
    return CHANNEL_WORDS.get(channel, "")


def _heard(facts: Facts) -> PublicStep:
    words = _("It reached us %(where)s.") % {"where": _where(facts.heard.channel)}
    return PublicStep(Stage.HEARD, facts.heard.received_at, words)


def _understood(facts: Facts, names: Names) -> list[PublicStep]:
    read = facts.understood
    if read is None or not read.sure or read.kind not in KIND_WORDS:
        return []
    words = _("We read it as %(kind)s.") % {"kind": KIND_WORDS[read.kind]}
    if topic := names.published.get(("topic", read.topic)):
        words = _("We read it as %(kind)s about %(topic)s.") % {"kind": KIND_WORDS[read.kind], "topic": topic}
    return [PublicStep(Stage.UNDERSTOOD, read.at, words)]


def _decided(made: Decided, names: Names, mask: Callable[[str], str]) -> PublicStep:
    words = {
        DecisionKind.DO: _("We decided to act on it."),
        DecisionKind.NOT_NOW: _("We decided: not now."),
        DecisionKind.NO: _("We decided not to."),
        DecisionKind.NO_REPLY_WANTED: _("We took note of it; no answer was asked for."),
    }[made.decision]
    return PublicStep(Stage.DECIDED, made.at, words, made.by, mask(hide_names(made.reason, names)))


def _changed(change: Changed, names: Names) -> PublicStep:
    process = names.published.get(("process", change.process_key))
    if change.did:
        words = change.did
    elif process and change.version is not None:
        values = {"process": process, "version": change.version}
        words = _("We changed %(process)s; it is version %(version)s now.") % values
    elif process:
        words = _("We changed %(process)s.") % {"process": process}
    elif change.version is not None:
        words = _("We changed how we work; it is version %(version)s now.") % {"version": change.version}
    else:
        words = _("We changed how we work.")
    return PublicStep(Stage.CHANGED, change.at, words)


def hide_names(text: str, names: Names) -> str:
    """The text without names of groups, processes and cases of ours, but for those that are published."""
    if _BY_ITSELF.fullmatch(text.strip()):
        return ""
    hidden = _CASE.sub(_("our file"), text)
    for kind, known, instead in (
        ("process", names.processes, _("one of our processes")),
        ("group", names.groups, _("a department")),
    ):
        for name in sorted(known, key=len, reverse=True):
            if name:
                words = names.published.get((kind, known[name]), instead)
                hidden = _pattern(name, kind).sub(words.replace("\\", ""), hidden)
    return hidden


def _pattern(name: str, kind: str) -> re.Pattern[str]:
    """A short name counts as it is written: `IT` is a group, `it` is a word.

    A process that bears a plain word (refund), and a group that bears a short one, are meant where the word "process",
    "version" or "team" stands beside it.
    """
    flags = re.IGNORECASE if len(name) > 3 else 0
    spelt = re.escape(name).replace("_", r"[_\s-]").replace(r"\ ", r"[_\s-]")
    beside = r"\s+(?:process|version|workflow)(?:\s+\d+)?" if kind == "process" else r"\s+(?:department|team|group)"
    is_a_word = name.isalpha() and (kind == "process" or (len(name) <= 3 and name.islower()))
    needed = "" if is_a_word else "?"
    return re.compile(rf"(?<![\w@.-])(?:the\s+)?{spelt}(?:{beside}){needed}(?![\w@])", flags)
