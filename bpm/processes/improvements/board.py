"""The public board: you said, we did, what happened. Only what a colleague wrote and published stands there.

1. Counts are k-anonymous: under `FEWEST` people nobody reads how many. 2. No words of customers stand there, and what a
colleague wrote is refused while private data is found in it. 3. What was withdrawn is gone for everybody. 4. An entry
about a theme stands while that theme is approved, and counts the people whose items count in it now.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from bpm import audit
from bpm.feedback.privacy.mask import mask
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.improvements.board_counts import (
    at_least,
    has_approved_theme,
    is_approved,
    people_behind,
    supporters_behind,
)
from bpm.processes.models import BoardEntry, Improvement, ImprovementSupport
from bpm.processes.status import ImprovementStatus

LONGEST = 2_000
MOST_ENTRIES = 100


@dataclass(frozen=True)
class EntryDraft:
    """What a colleague writes: about an improvement, or about a theme in the company's words."""

    said: str
    did: str
    happened: str = ""
    improvement_id: int | None = None
    theme: str = ""
    theme_id: int | None = None
    open_to_comments: bool = True


@dataclass(frozen=True)
class EntryRow:
    """An entry as colleagues see it."""

    id: int
    improvement_id: int | None
    title: str
    theme: str
    said: str
    did: str
    happened: str
    theme_id: int | None
    is_theme_approved: bool
    open_to_comments: bool
    written_at: datetime
    published_at: datetime | None
    withdrawn_at: datetime | None

    @property
    def stands(self) -> bool:
        """Whether everybody reads it: published, and its theme, where it has one, is approved."""
        is_out = self.published_at is not None and self.withdrawn_at is None
        return is_out and (self.theme_id is None or self.is_theme_approved)


@dataclass(frozen=True)
class PublicEntry:
    """An entry as everybody reads it; `voices` and `supporters` are None where fewer than `FEWEST` people spoke."""

    id: int
    theme: str
    said: str
    did: str
    happened: str
    status: str
    """proposed, approved, concluded or declined; empty where no improvement stands behind it."""
    since: datetime
    voices: int | None
    supporters: int | None
    takes_part: bool
    """Whether customers can comment on it and support it now."""


def save_entry(work: Work, draft: EntryDraft, *, entry_id: int | None = None) -> int:
    """Write an entry, or change one; its id. It stands nowhere before it is published.

    InvalidInputError with `fields`.
    """
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can write on the board."), remedy=_("Sign in."))
    _check(work, draft)
    row = _get(work, entry_id) if entry_id is not None else None
    before = {"said": row.said, "did": row.did, "happened": row.happened} if row else {"said": None}
    if row is None:
        row = BoardEntry(written_by=work.actor.user_id, written_at=work.now(), said="", did="")
        work.session.add(row)
    row.said, row.did, row.happened = draft.said.strip(), draft.did.strip(), draft.happened.strip()
    row.improvement_id, row.theme, row.theme_id = draft.improvement_id, draft.theme.strip()[:200], draft.theme_id
    row.open_to_comments = draft.open_to_comments
    work.session.flush()
    after = {"said": row.said, "did": row.did, "happened": row.happened}
    audit.record(work, "board.write", _thing(row), before=before, after=after)
    return row.id


def _check(work: Work, draft: EntryDraft) -> None:
    problems = {}
    for name, text, needed in (
        ("said", draft.said, True),
        ("did", draft.did, True),
        ("happened", draft.happened, False),
    ):
        if (needed and not text.strip()) or len(text) > LONGEST:
            problems[name] = _("Write it in at most 2,000 characters.")
        elif mask(text).spans:
            problems[name] = _("This looks like somebody's name, number or address: everybody will read it.")
    if draft.improvement_id is None and not draft.theme.strip():
        problems["theme"] = _("Say what it is about.")
    elif mask(draft.theme).spans:
        problems["theme"] = _("This looks like somebody's name, number or address: everybody will read it.")
    if draft.theme_id is not None and not is_approved(work, draft.theme_id):
        problems["theme_id"] = _("Only an approved theme can stand on the board: approve it first.")
    if draft.improvement_id is not None and work.session.get(Improvement, draft.improvement_id) is None:
        problems["theme"] = _("There is no such improvement.")
    if problems:
        raise InvalidInputError(
            _("This cannot stand on the board."), remedy=_("Look at the fields that are marked."), fields=problems
        )


def publish_entry(work: Work, entry_id: int) -> None:
    """Let everybody read it; by a person, who is on record. A second time changes nothing."""
    if not work.actor.is_person:
        raise ForbiddenError(_("Only a person can publish."), remedy=_("Sign in."))
    row = _get(work, entry_id)
    if row.published_at is not None and row.withdrawn_at is None:
        return
    if row.theme_id is not None and not is_approved(work, row.theme_id):
        raise ConflictError(_("Its theme is not approved any more."), remedy=_("Approve the theme, then publish it."))
    row.published_at, row.withdrawn_at, row.published_by = work.now(), None, work.actor.user_id
    audit.record(work, "board.publish", _thing(row), before={"stands": False}, after={"stands": True})


def withdraw_entry(work: Work, entry_id: int) -> None:
    """Take it off the board at once."""
    row = _get(work, entry_id)
    if row.withdrawn_at is None:
        row.withdrawn_at = work.now()
        audit.record(work, "board.withdraw", _thing(row), before={"stands": True}, after={"stands": False})


def list_entries(work: Work, *, improvement_id: int | None = None) -> tuple[EntryRow, ...]:
    """Every entry, the newest first; of one improvement, or of all."""
    query = select(BoardEntry, Improvement.title, has_approved_theme()).outerjoin(
        Improvement, Improvement.id == BoardEntry.improvement_id
    )
    if improvement_id is not None:
        query = query.where(BoardEntry.improvement_id == improvement_id)
    found = work.session.execute(query.order_by(BoardEntry.id.desc()).limit(MOST_ENTRIES))
    return tuple(
        EntryRow(
            row.id, row.improvement_id, title or "", row.theme, row.said, row.did, row.happened, row.theme_id,
            bool(approved), row.open_to_comments, row.written_at,
            row.published_at, row.withdrawn_at,
        )
        for row, title, approved in found
    )  # fmt: skip


def read_board(work: Work, *, entry_id: int | None = None) -> tuple[PublicEntry, ...]:
    """What everybody may read, the newest first; of one entry, or of all that stand."""
    query = (
        select(BoardEntry, Improvement.status, people_behind(), supporters_behind())
        .outerjoin(Improvement, Improvement.id == BoardEntry.improvement_id)
        .where(BoardEntry.published_at.is_not(None), BoardEntry.withdrawn_at.is_(None))
        .where(BoardEntry.theme_id.is_(None) | has_approved_theme())
    )
    if entry_id is not None:
        query = query.where(BoardEntry.id == entry_id)
    found = work.session.execute(
        query.order_by(BoardEntry.published_at.desc(), BoardEntry.id.desc()).limit(MOST_ENTRIES)
    )
    return tuple(
        PublicEntry(
            row.id, row.theme if row.theme_id else "", row.said, row.did, row.happened, status or "",
            row.published_at or row.written_at,
            at_least(people), at_least(supporters),
            row.open_to_comments and status in (ImprovementStatus.PROPOSED, ImprovementStatus.APPROVED),
        )
        for row, status, people, supporters in found
    )  # fmt: skip


def improvement_behind(work: Work, entry_id: int) -> int:
    """The proposal that customers take part in; NotFoundError where they cannot, or where nothing stands."""
    [found] = read_board(work, entry_id=entry_id) or [None]
    row = _get(work, entry_id) if found is not None and found.takes_part else None
    if row is None or row.improvement_id is None:
        raise NotFoundError(_("There is nothing here to take part in."), remedy=_("Look at the board again."))
    return row.improvement_id


def support(work: Work, entry_id: int, *, customer_id: int) -> bool:
    """Count somebody's support for a proposal, once; False when it is counted already. NotFoundError as above."""
    improvement_id = improvement_behind(work, entry_id)
    known = select(ImprovementSupport.id).where(
        ImprovementSupport.improvement_id == improvement_id, ImprovementSupport.customer_id == customer_id
    )
    if work.session.scalar(known) is not None:
        return False
    work.session.add(ImprovementSupport(improvement_id=improvement_id, customer_id=customer_id, at=work.now()))
    work.session.flush()
    audit.record(work, "improvement.support", audit.Thing("improvement", improvement_id), after={"supporters": "+1"})
    return True


def supports(work: Work, entry_id: int, *, customer_id: int) -> bool:
    """Whether somebody's support is counted already."""
    known = (
        select(ImprovementSupport.id)
        .join(BoardEntry, BoardEntry.improvement_id == ImprovementSupport.improvement_id)
        .where(BoardEntry.id == entry_id, ImprovementSupport.customer_id == customer_id)
    )
    return work.session.scalar(known) is not None


def _get(work: Work, entry_id: int) -> BoardEntry:
    row = work.session.get(BoardEntry, entry_id)
    if row is None:
        raise NotFoundError(_("There is no entry %(number)s.") % {"number": entry_id})
    return row


def _thing(row: BoardEntry) -> audit.Thing:
    return audit.Thing("board entry", row.id, row.did[:80])
