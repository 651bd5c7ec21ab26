"""Answers of those who learn: their mentor reads, edits, sends or sends back; and who learns under whom."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback.outbound import GateError, Verdict, mentoring
from bpm.feedback.outbound.mentoring import proposals, proposing
from bpm.feedback.outbound.mentoring.proposals import ProposalRow
from bpm.feedback.status import ProposalState
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _, ngettext
from bpm.identity import Permission
from web.core.numbers import key_of
from web.core.rendering import go, go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.outbox.acts import told_of
from web.outbox.blueprint import blueprint


@dataclass(frozen=True)
class ApprovalsPage:
    """What outbox/approvals.html shows: what waits for the reader first, then what waits for others."""

    mine: tuple[ProposalRow, ...]
    others: tuple[ProposalRow, ...]


@dataclass(frozen=True)
class ApprovalPage:
    """What outbox/approval.html shows."""

    row: ProposalRow
    text: str
    note: str
    may_decide: bool
    is_mine: bool
    verdict: Verdict | None = None
    """What the gate said of it, where it came back."""
    errors: dict[str, str] | None = None


@blueprint.get("/approvals")
@needs(Permission.ANSWER)
def approvals() -> str:
    rows = proposals.list_proposals(work(), waiting=True)
    me = actor().user_id
    mine = tuple(row for row in rows if row.mentor_id == me)
    return render("outbox/approvals.html", ApprovalsPage(mine, tuple(row for row in rows if row.mentor_id != me)))


@blueprint.get("/approvals/<int:proposal_id>")
@needs(Permission.ANSWER)
def approval(proposal_id: int) -> str:
    return render("outbox/approval.html", _page(proposal_id))


@blueprint.post("/approvals/<int:proposal_id>")
@needs(Permission.ANSWER)
def approve(proposal_id: int) -> Response | tuple[str, int]:
    sent = request.form
    text = sent.get("text", "").replace("\r\n", "\n")
    confirmed = frozenset(sent.getlist("confirmed"))
    try:
        with work().session.begin_nested():
            row = proposing.approve(work(), proposal_id, text=text, confirmed=confirmed, note=sent.get("note", ""))
    except GateError as error:
        return render("outbox/approval.html", _page(proposal_id, text=text, verdict=error.verdict)), 400
    except InvalidInputError as error:
        return render("outbox/approval.html", _page(proposal_id, text=text, errors=dict(error.fields))), 400
    told_of(row)
    return go("outbox.approvals")


@blueprint.post("/approvals/<int:proposal_id>/back")
@needs(Permission.ANSWER)
def send_back(proposal_id: int) -> Response | tuple[str, int]:
    try:
        proposing.send_back(work(), proposal_id, note=request.form.get("note", ""))
    except InvalidInputError as error:
        return render("outbox/approval.html", _page(proposal_id, errors=dict(error.fields))), 400
    say(_("Sent back: the words are their draft again, with what you said."))
    return go("outbox.approvals")


@blueprint.post("/approvals/<int:proposal_id>/withdrawal")
@needs(Permission.ANSWER)
def take_proposal_back(proposal_id: int) -> Response:
    row = proposing.take_proposal_back(work(), proposal_id)
    say(_("Taken back. Nobody got it; your words are in the form again."))
    return go_back("inbox.item", item_id=row.item_id)


@blueprint.post("/mentors")
@needs(Permission.ANSWER)
def begin_mentoring() -> Response:
    learner, mentor = (key_of(request.form.get(name, "")) for name in ("learner", "mentor"))
    if learner is None or mentor is None:
        raise InvalidInputError(_("Nothing was begun."), remedy=_("Choose who learns, and under whom."))
    mentoring.begin_mentoring(work(), learner, mentor)
    name = identity.get_user(work(), learner).display_name
    say(_("What %(name)s writes is read by their mentor before it leaves.") % {"name": name})
    return go_back("inbox.learning")


@blueprint.post("/mentors/<int:learner_id>/end")
@needs(Permission.ANSWER)
def end_mentoring(learner_id: int) -> Response:
    back = proposing.let_go(work(), learner_id, reason=request.form.get("reason", ""))
    told = ngettext("%(num)s answer that waited is their draft again.",
                    "%(num)s answers that waited are their drafts again.", back) % {"num": back}  # fmt: skip
    say(_("They answer alone from now on.") + (f" {told}" if back else ""))
    return go_back("inbox.learning")


def told_of_proposal(mentor: str) -> None:
    """Say what becomes of words that a learner wants to send."""
    say(_("%(name)s reads it; it goes in your name once they approve it.") % {"name": mentor})


def _page(
    proposal_id: int, *, text: str | None = None, verdict: Verdict | None = None, errors: dict[str, str] | None = None
) -> ApprovalPage:
    row = proposals.get_proposal(work(), proposal_id)
    waits = row.state == ProposalState.WAITING
    return ApprovalPage(
        row=row,
        text=row.text if text is None else text,
        note=request.form.get("note", ""),
        may_decide=waits and row.author_id != actor().user_id,
        is_mine=waits and row.author_id == actor().user_id,
        verdict=verdict,
        errors=errors,
    )
