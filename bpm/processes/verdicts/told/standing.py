"""How a question stands while it runs, without looking at an outcome: its health, watched cases, what is missing."""

import math
from dataclasses import dataclass

from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.processes import rollouts
from bpm.processes.verdicts.arms import count_cases
from bpm.processes.verdicts.comparing import DAY
from bpm.processes.verdicts.models import VerdictLook, VerdictPlan
from bpm.processes.verdicts.plans import last_day
from bpm.processes.verdicts.status import PlanDesign, PlanState

FEWEST = 10
WEEK = 7


@dataclass(frozen=True)
class Standing:
    """What a person reads first; `stage` says how far down the order of reading it comes from."""

    stage: str
    """unhealthy, no data, early, coming, said, or needs people."""
    words: str
    begun: tuple[int, int]
    """Cases that began on the old and on the new version."""
    watched: tuple[int, int]
    """Those of them that were watched for the window."""


def standing(work: Work, row: VerdictPlan, newest: VerdictLook | None) -> Standing:
    """In this order: unhealthy, no data and why, no full week, what is missing, the sentence, what people must do."""
    begun = count_cases(work, row, until=work.now())
    watched = count_cases(work, row, until=work.now() - row.window_days * DAY)

    def told(stage: str, words: str) -> Standing:
        return Standing(stage, words, begun, watched)

    if row.state is PlanState.WITHDRAWN:
        return told("said", _("Given up."))
    if newest is not None and row.state in (PlanState.READ, PlanState.DECIDED):
        needs = row.state is PlanState.READ
        return told("needs people" if needs else "said", newest.sentence)
    if row.state is PlanState.REGISTERED:
        return told("coming", _("Registered; it starts on %(day)s.") % {"day": row.starts_at.date().isoformat()})
    unhealthy = _unhealthy(work, row)
    if unhealthy:
        return told("unhealthy", unhealthy)
    if min(watched) < FEWEST:
        return told("no data", _no_data(row, begun, watched))
    if row.design is not PlanDesign.SERIES and (work.now() - row.starts_at) < WEEK * DAY:
        return told("early", _("No result before one full week: each day of the week must be in it."))
    return told("coming", _missing(work, row, watched, newest))


def _unhealthy(work: Work, row: VerdictPlan) -> str:
    if row.design is not PlanDesign.RANDOMISED or row.rollout_id is None:
        return ""
    rollout = rollouts.get_rollout(work, row.rollout_id).rollout
    moved = len(rollouts.in_both_arms(work, rollout))
    if moved:
        return ngettext(
            "Unhealthy: %(num)s case ran on both versions.", "Unhealthy: %(num)s cases ran on both versions.", moved
        ) % {"num": moved}
    ratio = rollouts.sample_ratio(work, rollout)
    return _("Unhealthy: %(words)s") % {"words": ratio.words} if ratio.alarm else ""


def _no_data(row: VerdictPlan, begun: tuple[int, int], watched: tuple[int, int]) -> str:
    if row.design is PlanDesign.RANDOMISED and row.rollout_id is None:
        return _("No data: no rollout of these two versions has begun; it is taken up by itself when it does.")
    if min(begun) < FEWEST:
        return _("No data: %(old)s old and %(new)s new cases began; from ten of each on there are figures.") % {
            "old": begun[0], "new": begun[1],
        }  # fmt: skip
    return _("No data: %(old)s old and %(new)s new cases were watched for %(days)g days; it takes ten of each.") % {
        "old": watched[0], "new": watched[1], "days": row.window_days,
    }  # fmt: skip


def _missing(work: Work, row: VerdictPlan, watched: tuple[int, int], newest: VerdictLook | None) -> str:
    until = max(0, (last_day(work, row) - work.now().date()).days + 1)
    before = "" if newest is None else _("Look %(n)s of %(looks)s: %(sentence)s ") % {
        "n": newest.number, "looks": row.looks, "sentence": newest.sentence,
    }  # fmt: skip
    if row.design in (PlanDesign.SERIES, PlanDesign.BEFORE_AFTER):
        return before + ngettext(
            "%(num)s day left until it is looked at.", "%(num)s days left until it is looked at.", until
        ) % {"num": until}
    done = newest.number if newest is not None else 0
    left = max(0, math.ceil(row.per_arm * (done + 1) / row.looks) - min(watched))
    ran = max(1.0, (work.now() - row.starts_at) / DAY - row.window_days)
    days = math.ceil(left * ran / max(1, min(watched)))
    words = _("About %(cases)s watched cases of each version left until look %(n)s of %(looks)s: %(time)s.")
    days = min(days, until)
    time = ngettext("%(num)s day", "%(num)s days", days) % {"num": days}
    return before + words % {"cases": left, "n": done + 1, "looks": row.looks, "time": time}
