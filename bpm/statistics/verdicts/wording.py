"""The word for a change, and the sentence that a person reads."""

from collections.abc import Sequence
from enum import StrEnum

from bpm.foundation.texts import _
from bpm.statistics.verdicts.effects import Effect
from bpm.statistics.verdicts.plan import Design, Plan


class Word(StrEnum):
    IMPROVED = "improved"
    WORSE = "worse"
    NO_DIFFERENCE = "no difference"
    NOT_SHOWN = "not shown"


def sentence_of(word: Word, effect: Effect | None, plan: Plan, stops: Sequence[str]) -> str:
    """What a person reads; `stops`: what holds a verdict back, the first of which is told."""
    if effect is None:
        return _("Not shown: %(why)s") % {"why": stops[0]}
    low, high = effect.interval
    figures = {
        "estimate": f"{effect.estimate:+.3g}",
        "low": f"{low:+.3g}",
        "high": f"{high:+.3g}",
        "smallest": f"{plan.smallest:g}",
    }
    if word is Word.NOT_SHOWN and stops:
        return _("Not shown: %(why)s") % {"why": stops[0]}
    if word is Word.NOT_SHOWN and plan.design is Design.BEFORE_AFTER:
        return (
            _("Not shown: %(estimate)s per case (%(low)s to %(high)s), but before and after alone shows no cause.")
            % figures
        )
    told = {
        Word.IMPROVED: _("Improved by %(estimate)s per case (95 %% interval %(low)s to %(high)s)."),
        Word.WORSE: _("Worse by %(estimate)s per case (95 %% interval %(low)s to %(high)s)."),
        Word.NO_DIFFERENCE: _("No difference beyond %(smallest)s: %(estimate)s per case (%(low)s to %(high)s)."),
        Word.NOT_SHOWN: _("Not shown: %(estimate)s per case, but the interval goes from %(low)s to %(high)s."),
    }
    return told[word] % figures
