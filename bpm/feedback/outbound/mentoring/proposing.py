"""What a learner wants to say waits for their mentor: sent as it is or edited, in both names, or sent back with why."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update

from bpm import audit, notices
from bpm.feedback import promises
from bpm.feedback.items import feedback_item
from bpm.feedback.models import OutboundMessage, ReplyInWriting, ReplyProposal
from bpm.feedback.outbound.gate import edit_distance
from bpm.feedback.outbound.making import check, send_approved
from bpm.feedback.outbound.mentoring.learners import end_mentoring, mentor_of
from bpm.feedback.outbound.wish import Wish
from bpm.feedback.status import ProposalState
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Work, affected
from bpm.identity import Permission, demand, find_actors, get_user, may

KIND = "to_approve"
LONGEST_NOTE = 1_000
Promised = Sequence[tuple[str, datetime]]
"""[(sentence, until when)]"""


def propose(work: Work, wish: Wish, *, promised: Promised = ()) -> ReplyProposal:
    """Keep what a learner wants to say for their mentor, once the gate finds nothing else in the way.

    ConflictError where they have no mentor, or where an answer of theirs to the item waits already.
    """
    demand(work.actor, Permission.ANSWER)
    mentor = mentor_of(work, work.actor.user_id)
    if mentor is None or work.actor.user_id is None:
        raise ConflictError(_("You answer alone."), remedy=_("Send it yourself."))
    if _waiting(work, wish.item_id, work.actor.user_id) is not None:
        remedy = _("Take it back first, if you want to say something else.")
        raise ConflictError(_("An answer of yours waits for %(name)s.") % {"name": mentor.name}, remedy=remedy)
    check(work, wish)
    row = ReplyProposal(
        item_id=wish.item_id, author_user_id=work.actor.user_id, mentor_id=mentor.user_id, subject=wish.subject[:400],
        text=wish.text.strip(), wish=_plain(wish, promised), state=ProposalState.WAITING, at=work.now(),
    )  # fmt: skip
    work.session.add(row)
    mine = (ReplyInWriting.item_id == wish.item_id, ReplyInWriting.user_id == work.actor.user_id)
    work.session.execute(delete(ReplyInWriting).where(*mine))
    work.session.flush()
    after = {"mentor": mentor.name, "characters": len(row.text)}
    audit.record(work, "feedback.propose", feedback_item(wish.item_id), before={"proposal": None}, after=after)
    subject = _("%(name)s wrote an answer: read and approve it") % {"name": work.actor.display_name}
    notices.raise_for(
        work, [mentor.user_id], KIND, subject, f"/outbox/approvals/{row.id}", about=("proposal", row.id),
        key=f"proposal:{row.id}",
    )  # fmt: skip
    work.nudge("feedback")
    return row


def approve(
    work: Work, proposal_id: int, *, text: str, subject: str = "", confirmed: frozenset[str] = frozenset(),
    note: str = "",
) -> OutboundMessage:  # fmt: skip
    """Send it in the learner's name with the mentor's approval, as `text` says it now; the gate judges it anew."""
    row, author = _mine(work, proposal_id)
    wish = _wish(row, text=text, subject=subject or row.subject, confirmed=confirmed)
    _claim(work, row, ProposalState.APPROVED)
    message = send_approved(work, wish, author)
    row.message_id, row.changed = message.id, edit_distance(row.text, text.strip())
    row.note = note.strip()[:LONGEST_NOTE]
    work.session.flush()
    for sentence, until in row.wish.get("promises", ()):
        if message.reply_id is not None and sentence in message.text:
            at = datetime.fromisoformat(until)
            promises.make_promise(replace(work, actor=author), sentence, at, reply_id=message.reply_id)
    _decided(work, row, {"state": "approved", "changed": row.changed, "message": message.id})
    return message


def send_back(work: Work, proposal_id: int, *, note: str) -> ReplyProposal:
    """Give it back to the learner with what to do differently; its words are their draft again."""
    row, _author = _mine(work, proposal_id)
    words = note.strip()[:LONGEST_NOTE]
    if not words:
        say = _("Say what they should do differently.")
        raise InvalidInputError(_("Nothing was sent back."), remedy=say, fields={"note": say})
    _claim(work, row, ProposalState.RETURNED)
    row.note = words
    _write_back(work, row)
    _decided(work, row, {"state": "returned", "note": words})
    return row


def take_proposal_back(work: Work, proposal_id: int) -> ReplyProposal:
    """The learner takes back what nobody has approved yet; its words are their draft again."""
    row = _get(work, proposal_id)
    if row.author_user_id != work.actor.user_id:
        raise ForbiddenError(_("This is not yours."), remedy=_("Send it back instead, if you are the mentor."))
    _claim(work, row, ProposalState.WITHDRAWN)
    _write_back(work, row)
    notices.mark_done(work, (KIND,), ("proposal", row.id))
    before, after = {"state": "waiting"}, {"state": "withdrawn"}
    audit.record(work, "feedback.proposal", feedback_item(row.item_id), before=before, after=after)
    return row


def let_go(work: Work, learner_id: int, *, reason: str) -> int:
    """End the mentoring; what waits goes back to the learner as drafts. Gives how many."""
    end_mentoring(work, learner_id, reason=reason)
    waiting = select(ReplyProposal).where(
        ReplyProposal.author_user_id == learner_id, ReplyProposal.state == ProposalState.WAITING
    )
    rows = list(work.session.scalars(waiting))
    for row in rows:
        _claim(work, row, ProposalState.RETURNED)
        row.note = _("You answer alone now: send it yourself.")
        _write_back(work, row)
        _decided(work, row, {"state": "returned", "note": row.note})
    return len(rows)


def _get(work: Work, proposal_id: int) -> ReplyProposal:
    row = work.session.get(ReplyProposal, proposal_id)
    if row is None:
        raise NotFoundError(_("There is no answer %(id)s that waits for you.") % {"id": proposal_id})
    return row


def _mine(work: Work, proposal_id: int) -> tuple[ReplyProposal, Actor]:
    """What waits for who acts, and its author; never one's own, whatever one may besides."""
    demand(work.actor, Permission.ANSWER)
    row = _get(work, proposal_id)
    mentor = mentor_of(work, row.author_user_id)
    is_mentor = mentor is not None and mentor.user_id == work.actor.user_id
    if row.author_user_id == work.actor.user_id or not (is_mentor or may(work.actor, Permission.ADMIN)):
        raise ForbiddenError(_("Their mentor reads it."), remedy=_("Ask them."))
    author = find_actors(work, [row.author_user_id]).get(row.author_user_id)
    if author is None:
        name = get_user(work, row.author_user_id).display_name
        raise ConflictError(_("%(name)s does not work here any more.") % {"name": name}, remedy=_("Answer yourself."))
    return row, author


def _claim(work: Work, row: ReplyProposal, to: ProposalState) -> None:
    """Of two who decide, one is first."""
    first = update(ReplyProposal).where(ReplyProposal.id == row.id, ReplyProposal.state == ProposalState.WAITING)
    if affected(work, first.values(state=to, decided_by=work.actor.user_id, decided_at=work.now())) != 1:
        raise ConflictError(_("It was decided already."), remedy=_("Look at it again."))
    work.session.refresh(row)


def _decided(work: Work, row: ReplyProposal, after: Mapping[str, Any]) -> None:
    told = dict(after) | {"author": get_user(work, row.author_user_id).display_name}
    audit.record(work, "feedback.proposal", feedback_item(row.item_id), before={"state": "waiting"}, after=told)
    notices.mark_done(work, (KIND,), ("proposal", row.id))
    words = _("Your answer was approved") if row.state == ProposalState.APPROVED else _("Your answer came back")
    notices.raise_for(
        work, [row.author_user_id], "returned", words, f"/outbox/approvals/{row.id}", about=("proposal", row.id),
        key=f"proposal:{row.id}:decided",
    )  # fmt: skip
    work.nudge("feedback")


def _write_back(work: Work, row: ReplyProposal) -> None:
    known = select(ReplyInWriting.id).where(
        ReplyInWriting.item_id == row.item_id, ReplyInWriting.user_id == row.author_user_id
    )
    if work.session.scalar(known) is None:
        written = {"text": row.text, "subject": row.subject}
        work.session.add(
            ReplyInWriting(item_id=row.item_id, user_id=row.author_user_id, written=written, at=work.now())
        )
    work.session.flush()


def _waiting(work: Work, item_id: int, author_id: int) -> int | None:
    return work.session.scalar(
        select(ReplyProposal.id).where(
            ReplyProposal.item_id == item_id,
            ReplyProposal.author_user_id == author_id,
            ReplyProposal.state == ProposalState.WAITING,
        )
    )


def _plain(wish: Wish, promised: Promised) -> dict[str, Any]:
    return {
        "place": wish.place, "copies": list(wish.copies), "files": list(wish.files), "template_id": wish.template_id,
        "drafted": wish.drafted, "send_at": wish.send_at.isoformat() if wish.send_at else None,
        "identity": wish.identity, "confirmed": sorted(wish.confirmed),
        "promises": [[sentence, until.isoformat()] for sentence, until in promised],
    }  # fmt: skip


def _wish(row: ReplyProposal, *, text: str, subject: str, confirmed: frozenset[str]) -> Wish:
    kept = row.wish
    item_id = row.item_id
    return Wish(
        item_id, text, subject=subject, place=kept.get("place", ""), copies=tuple(kept.get("copies", ())),
        files=tuple(kept.get("files", ())), template_id=kept.get("template_id"), drafted=kept.get("drafted", ""),
        send_at=datetime.fromisoformat(kept["send_at"]) if kept.get("send_at") else None,
        identity=kept.get("identity", ""), confirmed=frozenset(kept.get("confirmed", ())) | confirmed,
        key=f"proposal {row.id}",
    )  # fmt: skip
