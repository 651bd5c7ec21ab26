"""What people put down for the checks of the gates: words, figures, names, and the signature of a social strategist."""

import math
from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work
from bpm.identity import Holder, list_grants, people_trained_for, role_names
from bpm.identity.models import User
from bpm.processes.improvements.gates.checks import BY_KEY, STRATEGIST, Check, CheckKind
from bpm.processes.improvements.gates.standing import count_voices, signature_of
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.measures.catalogue import MEASURES
from bpm.processes.models import Improvement, ImprovementEvidence

SHORTEST, LONGEST = 10, 5_000


@dataclass(frozen=True)
class Written:
    """What a person fills in for a check; which parts count is the check's to say."""

    words: str = ""
    number: str = ""
    n: str = ""
    ref: str = ""


def put_evidence(work: Work, improvement_id: int, key: str, given: Written) -> None:
    """Keep what stands behind a check, in place of what stood there; InvalidInputError with the field's name."""
    row, check = get_row(work, improvement_id), BY_KEY.get(key)
    if check is None or check.kind in (CheckKind.RECORDS, CheckKind.SIGN_OFF):
        raise InvalidInputError(_("This is nothing that one writes down."), remedy=_("Look at the list again."))
    words = given.words.strip()
    number, n, ref = _fitting(work, row, check, given, words)
    _keep(work, row, check, words=words, number=number, n=n, ref=ref)


def _fitting(
    work: Work, row: Improvement, check: Check, given: Written, words: str
) -> tuple[float | None, int | None, str]:
    """(number, n, ref) as they are kept."""
    if len(words) > LONGEST:
        raise _refused("words", _("Write it in at most 5,000 characters."))
    if check.kind is CheckKind.WORDS and len(words) < SHORTEST:
        raise _refused("words", _("Say it in a sentence."))
    if check.kind is CheckKind.NUMBER:
        return (*_figure(given, words), "")
    ref = given.ref.strip()
    if check.kind is CheckKind.MEASURE and ref not in MEASURES:
        raise _refused("ref", _("Choose a measure of the list."))
    if check.kind is CheckKind.VERSION and not _has_version(work, row, ref):
        raise _refused("ref", _("The process has no version %(number)s.") % {"number": ref or "–"})
    if check.kind is CheckKind.PERSON and not _is_somebody(work, ref):
        raise _refused("ref", _("Choose a person of the list."))
    return None, None, ref


def _is_somebody(work: Work, ref: str) -> bool:
    return ref.isdecimal() and len(ref) < 19 and work.session.get(User, int(ref)) is not None


def _figure(given: Written, words: str) -> tuple[float, int]:
    try:
        number = float(given.number.replace(",", ".").strip())
    except ValueError:
        number = math.nan
    if not math.isfinite(number):
        raise _refused("number", _("Write the figure as a number."))
    if not given.n.strip().isdecimal() or not 0 < int(given.n) < 10**9:
        raise _refused("n", _("Say of how many cases or items."))
    if not words:
        raise _refused("words", _("Say where it was read, and over which period."))
    return number, int(given.n)


def _refused(field: str, problem: str) -> InvalidInputError:
    return InvalidInputError(_("This was not kept."), remedy=problem, fields={field: problem})


def _has_version(work: Work, row: Improvement, number: str) -> bool:
    query = (
        select(ProcessVersion.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == row.definition_key)
    )
    return number.isdecimal() and len(number) < 10 and (
        work.session.scalar(query.where(ProcessVersion.number == int(number))) is not None
    )  # fmt: skip


def may_sign_off(work: Work, actor: Actor) -> bool:
    """Whether somebody is trained as social strategist today, or has a role of that name."""
    if actor.user_id is None:
        return False
    if actor.user_id in people_trained_for(work, STRATEGIST):
        return True
    named = {key for key, name in role_names(work).items() if name.strip().lower() == STRATEGIST}
    if not named:
        return False
    groups = [each.id for each in work.session.get_one(User, actor.user_id).groups]
    holders = [Holder(user_id=actor.user_id), *(Holder(group_id=group) for group in groups)]
    return any(
        grant.role in named and not grant.ended for holder in holders for grant in list_grants(work, holder=holder)
    )


def sign_off(work: Work, improvement_id: int, *, words: str = "") -> None:
    """A social strategist signs that the problem is what customers mean.

    ForbiddenError for anybody else; InvalidInputError before a problem is written, or without any voice.
    """
    row = get_row(work, improvement_id)
    if not may_sign_off(work, work.actor):
        raise ForbiddenError(
            _("Only a social strategist signs this."),
            remedy=_("Ask an administrator to note the skill “%(skill)s”.") % {"skill": STRATEGIST},
        )
    problem = work.session.scalar(
        select(ImprovementEvidence.words).where(
            ImprovementEvidence.improvement_id == row.id, ImprovementEvidence.check_key == "problem"
        )
    )
    voices = count_voices(work, row.id)
    if not problem:
        raise _refused("words", _("Write the problem first: it is what is signed."))
    if not voices:
        raise _refused("words", _("No voice of a customer speaks for it yet."))
    said = words.strip()[:LONGEST] or _("This is what customers mean.")
    _keep(work, row, BY_KEY["strategist"], words=said, ref=signature_of(problem, voices))


def _keep(
    work: Work, row: Improvement, check: Check, *, words: str, number: float | None = None, n: int | None = None,
    ref: str = "",
) -> None:  # fmt: skip
    known = work.session.scalar(
        select(ImprovementEvidence).where(
            ImprovementEvidence.improvement_id == row.id, ImprovementEvidence.check_key == check.key
        )
    )
    before = known.words or known.ref if known else None
    if known is None:
        known = ImprovementEvidence(improvement_id=row.id, check_key=check.key)
        work.session.add(known)
    known.words, known.number, known.n, known.ref = words, number, n, ref
    known.user_id, known.at = work.actor.user_id, work.now()
    work.session.flush()
    verb = "sign_off" if check.kind is CheckKind.SIGN_OFF else "evidence"
    note(work, row, verb, before=(before or "")[:300], after=check.key, reason=words)
    after = {"check": check.key, "words": words, "number": number, "n": n, "ref": ref}
    audit.record(work, f"improvement.{verb}", thing(row), before={"words": before}, after=after)
