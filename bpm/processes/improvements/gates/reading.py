"""Where the named measure stands now, for the baseline of an improvement: read, and for a person to take over."""

from dataclasses import dataclass
from datetime import timedelta

from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.ctq.tree import unit_of
from bpm.processes.improvements.gates.standing import standings
from bpm.processes.improvements.records import get_row
from bpm.processes.measures.asking import Question, ask

PERIOD = timedelta(days=90)


@dataclass(frozen=True)
class Reading:
    """The figure as the baseline's form takes it; `number` empty where it is not shown."""

    number: str
    n: int
    words: str


def read_now(work: Work, improvement_id: int) -> Reading | None:
    """The measure that its gates name, in the live version over the last 90 days; None before one is named."""
    row = get_row(work, improvement_id)
    measure = next((each.ref for each in standings(work, row) if each.check.key == "measure"), "")
    if not measure:
        return None
    try:
        [found] = ask(work, Question(row.definition_key, measure, since=work.now() - PERIOD))
    except EarshotError:
        return None
    unit = unit_of(measure)
    told = {"version": found.version, "days": PERIOD.days, "unit": unit.words}
    if found.value is None:
        return Reading("", found.n, _("Version %(version)s, last %(days)s days: too few to show.") % told)
    words = _("In %(unit)s; version %(version)s, last %(days)s days") % told
    if found.interval is not None:
        low, high = (f"{each / unit.factor:.3g}" for each in found.interval)
        words += _(", 95 %% interval %(low)s to %(high)s") % {"low": low, "high": high}
    return Reading(f"{found.value / unit.factor:.4g}", found.n, words + ".")
