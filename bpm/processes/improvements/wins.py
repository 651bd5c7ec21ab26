"""Cards that tell colleagues of a win: what was said, changed and brought about; none claims what is not shown.

An effect is claimed only where the registered question was answered with "improved". Anything else is said as it is.
"""

from dataclasses import dataclass
from datetime import datetime

from bpm.engine.models import ProcessVersion
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.gates.standing import Standing, standings
from bpm.processes.improvements.listing import ImprovementFilter, VoiceRow, get_improvement, list_improvements
from bpm.processes.improvements.owners import OwnerRow, owners_of
from bpm.processes.improvements.records import get_row
from bpm.processes.improvements.verdict_reader import IMPROVED, VerdictRead, is_answered, latest_of_improvement
from bpm.processes.models import Improvement
from bpm.processes.status import ImprovementStatus

QUOTED = 3
"""Voices that stand on a card, the first ones."""
MOST = 100


@dataclass(frozen=True)
class Win:
    """A card. `effect`: the sentence of the verdict; `claims`: whether it is called a win; else `refusal` says why."""

    id: int
    title: str
    process_name: str
    voices: int
    people: int
    quoted: tuple[VoiceRow, ...]
    change: str
    version: str
    live_at: datetime | None
    owners: tuple[OwnerRow, ...]
    effect: str
    claims: bool
    refusal: str
    verdict: VerdictRead | None


def win_of(work: Work, improvement_id: int) -> Win:
    """The card of one improvement; NotFoundError when there is none."""
    it, row = get_improvement(work, improvement_id), get_row(work, improvement_id)
    found = {each.check.key: each for each in standings(work, row)}
    read = latest_of_improvement(work, improvement_id)
    refusal = refusal_of(read, answered=is_answered(work, read))
    number, live_at = _version(work, row, found["version"])
    return Win(
        id=it.row.id, title=it.row.title, process_name=it.row.process_name, voices=it.row.voices, people=it.row.people,
        quoted=it.frozen[-QUOTED:], change=found["countermeasure"].words or it.description, version=number,
        live_at=live_at, owners=owners_of(work, improvement_id), effect=read.sentence if read else "",
        claims=not refusal, refusal=refusal, verdict=read,
    )  # fmt: skip


def refusal_of(read: VerdictRead | None, *, answered: bool) -> str:
    """Why no effect may be claimed; empty where one may. Pure."""
    if read is None:
        return _("No effect is claimed: no verdict was registered and read.")
    if not answered:
        return _("No effect is claimed: the question is not answered yet.")
    if read.verdict == IMPROVED:
        return ""
    if not read.shown:
        return _("No effect is claimed: none was shown.")
    return _("This is no win: the verdict says “%(verdict)s”.") % {"verdict": read.verdict}


def _version(work: Work, row: Improvement, written: Standing) -> tuple[str, datetime | None]:
    """(number, since when it is live) of the version that brought it about, or that is to."""
    if row.version_id is not None:
        version = work.session.get_one(ProcessVersion, row.version_id)
        return str(version.number), version.live_at
    return written.ref, None


def list_wins(work: Work) -> tuple[Win, ...]:
    """Cards of what was concluded, those that claim an effect first, the newest first."""
    rows = list_improvements(work, ImprovementFilter(status=ImprovementStatus.CONCLUDED), limit=MOST).rows
    cards = [win_of(work, row.id) for row in rows]
    return tuple(sorted(cards, key=lambda card: (not card.claims, -card.id)))
