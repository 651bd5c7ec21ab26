"""Reply drafts: a named person sends or drops what a process prepared for them; until then it is no reply (law 1)."""

from collections.abc import Collection

from bpm import audit, feedback
from bpm.foundation.errors import ConflictError, ForbiddenError, NotFoundError
from bpm.foundation.work import Work
from bpm.processes.models import ReplyDraft
from bpm.processes.status import DraftStatus


def send_draft(work: Work, draft_id: int, *, text: str | None = None, confirmed: Collection[str] = ()) -> None:
    """The person it waits for makes it a reply, as it is or with their own words in `text`.

    ForbiddenError for anybody else, ConflictError when it is settled already, GateError from the gate of all ways out.
    """
    draft = _get_own(work, draft_id)
    words = (text or draft.text).strip()
    feedback.reply(work, draft.item_id, words, drafted=draft.text, confirmed=confirmed)
    _settle(work, draft, DraftStatus.SENT)


def drop_draft(work: Work, draft_id: int) -> None:
    """The person it waits for decides that these words go to nobody."""
    draft = _get_own(work, draft_id)
    _settle(work, draft, DraftStatus.DROPPED)


def _settle(work: Work, draft: ReplyDraft, status: DraftStatus) -> None:
    thing = audit.Thing("draft", draft.id, "", f"feedback {draft.item_id}")
    audit.record(work, "draft.settle", thing, before={"status": draft.status}, after={"status": status})
    draft.status, draft.settled_at = status, work.now()


def _get_own(work: Work, draft_id: int) -> ReplyDraft:
    draft = work.session.get(ReplyDraft, draft_id)
    if draft is None:
        raise NotFoundError(f"There is no draft {draft_id}.")
    if draft.user_id != work.actor.user_id:
        raise ForbiddenError("This draft waits for somebody else.", remedy="Only that person can send or drop it.")
    if draft.status != DraftStatus.WAITING:
        raise ConflictError(f"This draft was {draft.status} already.", remedy="Look at the conversation.")
    return draft
