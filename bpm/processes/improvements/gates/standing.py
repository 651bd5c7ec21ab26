"""What stands behind each check of an improvement: what people wrote and signed, and what is on record."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.improvements.gates.checks import CHECKS, Check, CheckKind
from bpm.processes.improvements.owners import ENOUGH, owners_of
from bpm.processes.improvements.records import get_row
from bpm.processes.improvements.verdict_reader import count_plans, is_answered, latest_of_improvement
from bpm.processes.models import Improvement, ImprovementEvidence, ImprovementVoice
from bpm.processes.models.register_lists import Stage

FEWEST_N = 10
"""A baseline of fewer is no figure (see `bpm.statistics.SHOWN_FROM`)."""


@dataclass(frozen=True)
class Standing:
    """A check with what stands behind it; `missing` says what the gate still asks for, empty where it is met."""

    check: Check
    told: str
    missing: str
    words: str = ""
    number: float | None = None
    n: int | None = None
    ref: str = ""
    who: str = ""
    at: datetime | None = None

    @property
    def met(self) -> bool:
        return not self.missing


def standings(work: Work, row: Improvement) -> tuple[Standing, ...]:
    """Every check of every gate, in their order."""
    written = {
        each.check_key: (each, who or "")
        for each, who in work.session.execute(
            select(ImprovementEvidence, User.display_name)
            .outerjoin(User, User.id == ImprovementEvidence.user_id)
            .where(ImprovementEvidence.improvement_id == row.id)
        )
    }
    voices = count_voices(work, row.id)
    statement = written["problem"][0].words if "problem" in written else ""
    signed = signature_of(statement, voices)
    return tuple(
        _on_record(work, row, each, voices) if each.kind is CheckKind.RECORDS else _written(work, each, written, signed)
        for each in CHECKS
    )


def standings_of(work: Work, improvement_id: int) -> tuple[Standing, ...]:
    """The same by its number; NotFoundError when there is none."""
    return standings(work, get_row(work, improvement_id))


def of_stage(found: tuple[Standing, ...], stage: Stage) -> tuple[Standing, ...]:
    return tuple(each for each in found if each.check.stage is stage)


def count_voices(work: Work, improvement_id: int) -> int:
    query = select(func.count()).select_from(ImprovementVoice)
    return work.session.scalar(query.where(ImprovementVoice.improvement_id == improvement_id)) or 0


def signature_of(statement: str, voices: int) -> str:
    """What a sign-off is of: it falls when the problem is written anew, or the last voice goes."""
    return hashlib.sha256(f"{bool(voices)} {statement.strip()}".encode()).hexdigest()


def _written(work: Work, check: Check, written: Mapping[str, tuple[ImprovementEvidence, str]], signed: str) -> Standing:
    if check.key not in written:
        return Standing(check, "", check.asks)
    row, who = written[check.key]
    told = _TOLD.get(check.kind, _words)(work, row)
    missing = ""
    if check.kind is CheckKind.SIGN_OFF and row.ref != signed:
        missing = _("What was signed was written anew since: it has to be signed again.")
    if check.kind is CheckKind.NUMBER and (row.n or 0) < FEWEST_N:
        missing = _("A figure of fewer than %(n)s is not shown: wait for more.") % {"n": FEWEST_N}
    return Standing(check, told, missing, row.words, row.number, row.n, row.ref, who, row.at)


def _words(_work: Work, row: ImprovementEvidence) -> str:
    return row.words


def _number(_work: Work, row: ImprovementEvidence) -> str:
    return _("%(number)s, n = %(n)s: %(words)s") % {"number": f"{row.number:g}", "n": row.n, "words": row.words}


def _measure(_work: Work, row: ImprovementEvidence) -> str:
    from bpm.processes.measures.catalogue import MEASURES

    known = MEASURES.get(row.ref)
    return _(known.title) if known else row.ref


def _version(_work: Work, row: ImprovementEvidence) -> str:
    told = _("version %(number)s") % {"number": row.ref}
    return f"{told}: {row.words}" if row.words else told


def _person(work: Work, row: ImprovementEvidence) -> str:
    user = work.session.get(User, int(row.ref)) if row.ref.isdecimal() else None
    return user.display_name if user else row.ref


_TOLD: Mapping[CheckKind, Callable[[Work, ImprovementEvidence], str]] = {
    CheckKind.NUMBER: _number,
    CheckKind.MEASURE: _measure,
    CheckKind.VERSION: _version,
    CheckKind.PERSON: _person,
}


def _on_record(work: Work, row: Improvement, check: Check, voices: int) -> Standing:
    if check.key == "voices":
        told = ngettext("%(n)s voice", "%(n)s voices", voices) % {"n": voices}
        return Standing(check, told if voices else "", "" if voices else _("No voice of a customer speaks for it yet."))
    if check.key == "functions":
        names = [each.function for each in owners_of(work, row.id)]
        few = _("Only one function owns it.") if names else _("No function owns it yet.")
        return Standing(check, ", ".join(names), "" if len(names) >= ENOUGH else few)
    if check.key == "plan":
        plans = count_plans(work, row.id)
        told = ngettext("%(n)s question registered", "%(n)s questions registered", plans) % {"n": plans}
        return Standing(check, told if plans else "", "" if plans else _("No verdict is registered for it yet."))
    read = latest_of_improvement(work, row.id)
    if read is None:
        return Standing(check, "", _("Its verdict was not read yet."))
    early = "" if is_answered(work, read) else _("The last planned look is still to come.")
    return Standing(check, read.sentence, early, at=read.at, ref=read.verdict)
