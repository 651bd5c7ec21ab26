"""Opening an improvement: one way for all of them, with what it is opened from and its frozen set of voices."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.improvements.owners import set_owners
from bpm.processes.improvements.records import note, thing
from bpm.processes.improvements.voices import freeze, voices_behind
from bpm.processes.models import Improvement, ImprovementSheet
from bpm.processes.models.register_lists import Origin, Stage
from bpm.processes.status import ImprovementStatus

LONGEST_TITLE, LONGEST_TEXT = 300, 5_000


@dataclass(frozen=True)
class ImprovementDraft:
    """What a person fills in; `owners`: (group, person of it or None) of the functions that own it together."""

    definition_key: str
    title: str
    description: str = ""
    element: str = ""
    owner_id: int | None = None
    owners: tuple[tuple[int, int | None], ...] = ()


@dataclass(frozen=True)
class OpenedFrom:
    """What an improvement is opened from: its kind, what names it, and how people call it."""

    kind: Origin
    ref: str = ""
    label: str = ""


def propose(
    work: Work, draft: ImprovementDraft, *, opened_from: OpenedFrom, voices: Iterable[int] | None = None,
) -> int:  # fmt: skip
    """Open an improvement; its id. `voices` (items) are its frozen set; None: what stands behind the origin now.

    ForbiddenError unless a person acts, InvalidInputError with `fields`.
    """
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can propose this."), remedy=_("Sign in."))
    check_draft(work, draft)
    behind = voices_behind(work, opened_from.kind, opened_from.ref) if voices is None else tuple(voices)
    of_item = opened_from.kind in (Origin.ITEM, Origin.CUSTOMER) and opened_from.ref.isdecimal()
    first = int(opened_from.ref) if of_item else None
    row = Improvement(
        definition_key=draft.definition_key, element=draft.element.strip()[:300], title=draft.title.strip(),
        description=draft.description.strip(), owner_id=draft.owner_id, proposed_by=work.actor.user_id,
        status=ImprovementStatus.PROPOSED, created_at=work.now(), item_id=first or min(behind, default=None),
    )  # fmt: skip
    work.session.add(row)
    work.session.flush()
    count = open_sheet(work, row, opened_from, behind)
    if draft.owners:
        set_owners(work, row.id, draft.owners)
    after = {
        "title": row.title, "process": row.definition_key, "owner": row.owner_id, "item": row.item_id,
        "from": f"{opened_from.kind} {opened_from.label or opened_from.ref}".strip(), "voices": count,
    }  # fmt: skip
    audit.record(work, "improvement.propose", thing(row), after=after)
    return row.id


def open_sheet(work: Work, row: Improvement, opened_from: OpenedFrom, voices: Iterable[int]) -> int:
    """Keep what a new one was opened from, and its frozen set; how many voices that is."""
    work.session.add(
        ImprovementSheet(
            improvement_id=row.id, origin=opened_from.kind, origin_ref=opened_from.ref[:1000],
            origin_label=opened_from.label[:300], stage=Stage.DEFINE,
        )
    )  # fmt: skip
    work.session.flush()
    count = freeze(work, row, voices)
    note(work, row, "propose", after=row.status, reason=opened_from.label, evidence={"voices": str(count)})
    return count


def propose_improvement(work: Work, draft: ImprovementDraft, *, item_id: int | None = None) -> int:
    """The same for somebody's idea, perhaps because of one item."""
    if item_id is None:
        return propose(work, draft, opened_from=OpenedFrom(Origin.PLAIN))
    return propose(work, draft, opened_from=OpenedFrom(Origin.ITEM, str(item_id)))


def check_draft(work: Work, draft: ImprovementDraft) -> None:
    """InvalidInputError with `fields` where it cannot be kept like this."""
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
