"""What people do with an improvement: propose it, name an owner, say what becomes of it, tie voices to it."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.items import get_current
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.models import Improvement, ImprovementVoice
from bpm.processes.status import ImprovementStatus, VoiceKind

LONGEST_TITLE, LONGEST_TEXT = 300, 5_000

NEXT: Mapping[ImprovementStatus, tuple[ImprovementStatus, ...]] = {
    ImprovementStatus.PROPOSED: (ImprovementStatus.APPROVED, ImprovementStatus.DECLINED),
    ImprovementStatus.APPROVED: (ImprovementStatus.CONCLUDED, ImprovementStatus.DECLINED),
    ImprovementStatus.DECLINED: (ImprovementStatus.PROPOSED,),
    ImprovementStatus.CONCLUDED: (ImprovementStatus.APPROVED,),
}
"""What an improvement can become next; what was declined or concluded can be taken up again."""


@dataclass(frozen=True)
class ImprovementDraft:
    """What a person fills in."""

    definition_key: str
    title: str
    description: str = ""
    element: str = ""
    owner_id: int | None = None


def propose_improvement(work: Work, draft: ImprovementDraft, *, item_id: int | None = None) -> int:
    """Propose a change to a process, perhaps because of an item; its id. InvalidInputError with `fields`."""
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can propose this."), remedy=_("Sign in."))
    _check(work, draft)
    row = Improvement(
        definition_key=draft.definition_key, element=draft.element.strip()[:300], title=draft.title.strip(),
        description=draft.description.strip(), owner_id=draft.owner_id, proposed_by=work.actor.user_id,
        status=ImprovementStatus.PROPOSED, created_at=work.now(), item_id=item_id,
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    after = {"title": row.title, "process": row.definition_key, "owner": row.owner_id, "item": item_id}
    audit.record(work, "improvement.propose", _thing(row), after=after)
    if item_id is not None:
        link_voice(work, row.id, item_id, kind=VoiceKind.TAUGHT)
    return row.id


def change_improvement(work: Work, improvement_id: int, draft: ImprovementDraft) -> None:
    """Change what it says, which process it is about and whose it is; InvalidInputError with `fields`."""
    row = _get(work, improvement_id)
    _check(work, draft)
    before = _told(row)
    row.definition_key, row.element = draft.definition_key, draft.element.strip()[:300]
    row.title, row.description, row.owner_id = draft.title.strip(), draft.description.strip(), draft.owner_id
    audit.record(work, "improvement.change", _thing(row), before=before, after=_told(row))


def _told(row: Improvement) -> dict[str, str | int | None]:
    return {
        "title": row.title, "description": row.description, "process": row.definition_key, "step": row.element,
        "owner": row.owner_id,
    }  # fmt: skip


def _check(work: Work, draft: ImprovementDraft) -> None:
    problems = {}
    if not draft.title.strip() or len(draft.title.strip()) > LONGEST_TITLE:
        problems["title"] = _("Say in one line what shall change.")
    if len(draft.description) > LONGEST_TEXT:
        problems["description"] = _("Say it in at most 5,000 characters.")
    known = select(ProcessDefinition.id).where(ProcessDefinition.key == draft.definition_key)
    if work.session.scalar(known) is None:
        problems["process"] = _("Choose the process that it is about.")
    if draft.owner_id is not None and work.session.get(User, draft.owner_id) is None:
        problems["owner"] = _("Choose a person of the list.")
    if problems:
        raise InvalidInputError(
            _("The improvement cannot be kept like this."), remedy=_("Look at the fields that are marked."),
            fields=problems,
        )  # fmt: skip


def set_status(work: Work, improvement_id: int, status: str, *, reason: str, version_number: int | None = None) -> None:
    """Say what becomes of it, and why; a concluded one may name the version of its process that brought it about.

    ConflictError where it cannot become that now, InvalidInputError without a reason or for an unknown version.
    """
    row = _get(work, improvement_id)
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
    before = {"status": row.status, "version": row.version_id}
    row.status, row.status_reason, row.status_at, row.version_id = wanted, why, work.now(), version_id
    after = {"status": row.status, "version": row.version_id}
    audit.record(work, "improvement.status", _thing(row), before=before, after=after, reason=why)


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


def link_voice(work: Work, improvement_id: int, item_id: int, *, kind: VoiceKind = VoiceKind.LINKED) -> bool:
    """Say that an item speaks for it; False when that is known. NotFoundError when there is no such item."""
    row, item = _get(work, improvement_id), get_current(work, item_id)
    first = item.first_id or item.id
    known = select(ImprovementVoice.id).where(
        ImprovementVoice.improvement_id == row.id, ImprovementVoice.item_id == first
    )
    if work.session.scalar(known) is not None:
        return False
    work.session.add(
        ImprovementVoice(improvement_id=row.id, item_id=first, kind=kind, user_id=work.actor.user_id, at=work.now())
    )
    work.session.flush()
    linked = {"item": first, "as": kind}
    audit.record(work, "improvement.link", _thing(row), before={"item": None}, after=linked)
    return True


def unlink_voice(work: Work, improvement_id: int, item_id: int) -> None:
    """Take a voice away that does not belong to it; NotFoundError when it is none of its voices."""
    row = _get(work, improvement_id)
    voice = work.session.scalar(
        select(ImprovementVoice).where(ImprovementVoice.improvement_id == row.id, ImprovementVoice.item_id == item_id)
    )
    if voice is None:
        raise NotFoundError(_("This item is none of its voices."))
    work.session.delete(voice)
    before = {"item": item_id, "as": voice.kind}
    audit.record(work, "improvement.unlink", _thing(row), before=before, after={"item": None})


def _get(work: Work, improvement_id: int) -> Improvement:
    row = work.session.get(Improvement, improvement_id)
    if row is None:
        raise NotFoundError(_("There is no improvement %(number)s.") % {"number": improvement_id})
    return row


def _thing(row: Improvement) -> audit.Thing:
    return audit.Thing("improvement", row.id, row.title)
