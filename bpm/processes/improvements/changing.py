"""What people do with an improvement: change what it says, name an owner, say what becomes of it."""

from collections.abc import Mapping

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.proposing import LONGEST_TEXT, ImprovementDraft, check_draft
from bpm.processes.improvements.records import get_row, note, thing
from bpm.processes.models import Improvement
from bpm.processes.status import ImprovementStatus

NEXT: Mapping[ImprovementStatus, tuple[ImprovementStatus, ...]] = {
    ImprovementStatus.PROPOSED: (ImprovementStatus.APPROVED, ImprovementStatus.DECLINED),
    ImprovementStatus.APPROVED: (ImprovementStatus.CONCLUDED, ImprovementStatus.DECLINED),
    ImprovementStatus.DECLINED: (ImprovementStatus.PROPOSED,),
    ImprovementStatus.CONCLUDED: (ImprovementStatus.APPROVED,),
}
"""What an improvement can become next; what was declined or concluded can be taken up again."""


def change_improvement(work: Work, improvement_id: int, draft: ImprovementDraft) -> None:
    """Change what it says, which process it is about and whose it is; InvalidInputError with `fields`."""
    row = get_row(work, improvement_id)
    check_draft(work, draft)
    before = _told(row)
    row.definition_key, row.element = draft.definition_key, draft.element.strip()[:300]
    row.title, row.description, row.owner_id = draft.title.strip(), draft.description.strip(), draft.owner_id
    audit.record(work, "improvement.change", thing(row), before=before, after=_told(row))


def _told(row: Improvement) -> dict[str, str | int | None]:
    return {
        "title": row.title, "description": row.description, "process": row.definition_key, "step": row.element,
        "owner": row.owner_id,
    }  # fmt: skip


def set_status(work: Work, improvement_id: int, status: str, *, reason: str, version_number: int | None = None) -> None:
    """Say what becomes of it, and why; a concluded one may name the version of its process that brought it about.

    ConflictError where it cannot become that now, InvalidInputError without a reason or for an unknown version.
    """
    row = get_row(work, improvement_id)
    wanted = next((each for each in ImprovementStatus if each == status), None)
    if wanted is None or wanted not in NEXT[row.status]:
        raise ConflictError(
            _("It is %(status)s now.") % {"status": row.status}, remedy=_("Look at it again, then decide.")
        )
    why = reason.strip()
    if not why or len(why) > LONGEST_TEXT:
        missing = _("Say what happened.") if wanted is ImprovementStatus.CONCLUDED else _("Say why.")
        raise InvalidInputError(missing, remedy=missing, fields={"reason": missing})
    version_id = _version(work, row, version_number) if wanted is ImprovementStatus.CONCLUDED else None
    before: dict[str, object] = {"status": row.status, "version": row.version_id}
    row.status, row.status_reason, row.status_at, row.version_id = wanted, why, work.now(), version_id
    after = {"status": row.status, "version": row.version_id}
    note(work, row, "status", before=str(before["status"]), after=row.status, reason=why)
    audit.record(work, "improvement.status", thing(row), before=before, after=after, reason=why)


def _version(work: Work, row: Improvement, number: int | None) -> int | None:
    """The version's id; None where none is named."""
    if number is None:
        return None
    found = work.session.scalar(
        select(ProcessVersion.id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessDefinition.key == row.definition_key, ProcessVersion.number == number)
    )
    if found is None:
        words = _("The process has no version %(number)s.") % {"number": number}
        raise InvalidInputError(words, remedy=_("Look at its page."), fields={"version": words})
    return found
