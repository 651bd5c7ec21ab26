"""Promises in a reply that is being written: proposed below its words, made of those that its author ticked."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bpm.feedback import promises
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from web.promises.panel import Tick
from web.ui.formats import now, reader_zone
from web.ui.task_dates import local_input, read_moment

FIELD = "promise-{}"
"""Name of the box of a sentence; its time stands in the field of the same name and `-until`."""
MOST = 5


def ticks_of(form: Mapping[str, str]) -> tuple[Tick, ...]:
    """What the words in the field `text` promise; what was ticked, and a time that was changed, stay as they are."""
    ticked = dict(_ticked(form))
    return tuple(
        Tick(
            number,
            each,
            ticked.get(each.text) or (local_input(each.until) if each.until else ""),
            each.text in ticked,
        )
        for number, each in enumerate(promises.propose(form.get("text", ""), now(), reader_zone()))
    )


def read_ticked(form: Mapping[str, str]) -> tuple[tuple[str, datetime], ...]:
    """[(sentence, until when)] of what was ticked and still stands in the words of the reply.

    Raises InvalidInputError where one has no time to come: ask before the reply is written.
    """
    words = " ".join(form.get("text", "").split())
    return tuple(
        (sentence, _moment(sentence, until)) for sentence, until in _ticked(form) if " ".join(sentence.split()) in words
    )


def _moment(sentence: str, written: str) -> datetime:
    until = read_moment(written)
    if until is None or until <= now():
        problem = _("“%(what)s”: say until when, a time to come.") % {"what": sentence}
        raise InvalidInputError(_("The promise was not made."), remedy=problem, fields={"text": problem})
    return until


def make_ticked(work: Work, reply_id: int, ticked: Sequence[tuple[str, datetime]]) -> str:
    """Make promises of what was ticked, from a reply; says so in a sentence, empty for none."""
    for sentence, until in ticked:
        promises.make_promise(work, sentence, until, reply_id=reply_id)
    number = len(ticked)
    return ngettext("%(num)s promise made.", "%(num)s promises made.", number) % {"num": number} if number else ""


def _ticked(form: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for number in range(MOST):
        name = FIELD.format(number)
        if form.get(name):
            yield form[name], form.get(f"{name}-until", "")
