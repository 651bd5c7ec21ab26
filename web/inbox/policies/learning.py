"""Who can hold which talk, with the gaps; and how far those who learn agree with what was decided."""

from dataclasses import dataclass

from flask import request
from werkzeug.wrappers import Response

from bpm import identity
from bpm.feedback import Taker
from bpm.feedback.outbound import mentoring
from bpm.feedback.outbound.mentoring import MentoringRow, proposals
from bpm.feedback.outbound.mentoring.progress import Progress, progress_of
from bpm.feedback.outbound.mentoring.proposals import ProposalRow
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import handing_over, routing
from bpm.processes.routing import Learner, Reason
from web.core.rendering import go_back, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.inbox import words
from web.inbox.acts import again
from web.inbox.blueprint import blueprint
from web.inbox.parts.hand_overs import takers_from

SHOWN = 20
"""Answers of a learner that are listed."""
PROPOSALS = {
    "waiting": _("waits"), "approved": _("approved"), "returned": _("sent back"), "withdrawn": _("taken back"),
}  # fmt: skip


@dataclass(frozen=True)
class ReasonsPage:
    """What inbox/reasons.html shows."""

    rows: tuple[Reason, ...]
    gaps: int


@dataclass(frozen=True)
class UnderMentor:
    """A stretch under a mentor, how it goes, and what was written."""

    row: MentoringRow
    progress: Progress
    latest: tuple[ProposalRow, ...]


@dataclass(frozen=True)
class LearningPage:
    """What inbox/learning.html shows."""

    learners: tuple[Learner, ...]
    decisions: dict[str, str]
    under: tuple[UnderMentor, ...]
    people: tuple[tuple[int, str], ...]
    states: dict[str, str]
    may_answer: bool


@blueprint.get("/reasons")
@needs(Permission.SEE_FEEDBACK)
def reasons() -> str:
    rows = tuple(routing.list_reasons(work()))
    return render("inbox/reasons.html", ReasonsPage(rows, sum(row.is_gap for row in rows)))


@blueprint.get("/learning")
@needs(Permission.SEE_FEEDBACK)
def learning() -> str:
    unit = work()
    under = tuple(
        UnderMentor(
            row, progress_of(unit, row.learner_id),
            proposals.list_proposals(unit, author_id=row.learner_id, limit=SHOWN),
        )
        for row in mentoring.list_mentorings(unit)
    )  # fmt: skip
    answers = may(actor(), Permission.ANSWER)
    users = identity.list_users(unit) if answers else []
    able = (user for user in users if user.active and may(identity.actor_of(user), Permission.ANSWER))
    page = LearningPage(
        learners=routing.list_learners(unit),
        decisions=words.DECISIONS,
        under=under,
        people=tuple((user.id, user.display_name) for user in able),
        states=PROPOSALS,
        may_answer=answers,
    )
    return render("inbox/learning.html", page)


@blueprint.post("/<int:item_id>/shadow")
@needs(Permission.SEE_FEEDBACK)
def shadow(item_id: int) -> Response | tuple[str, int]:
    """Keep what the reader would decide; nothing else happens."""
    try:
        routing.shadow(work(), item_id, request.form.get("would", ""), why=request.form.get("shadow_why", ""))
    except InvalidInputError as error:
        return again(item_id, error, "shadow_why")
    say(_("Kept for comparing: nothing was decided."))
    return go_back("inbox.item", item_id=item_id)


@blueprint.post("/<int:item_id>/opportunity")
@needs(Permission.ANSWER)
def opportunity(item_id: int) -> Response | tuple[str, int]:
    """Hand a chance to sell on, once the matter is settled and with consent."""
    try:
        handing_over.follow(work(), item_id, _seller(), what=request.form.get("chance", ""))
    except InvalidInputError as error:
        fields = {"chance": " ".join(error.fields.values()) or error.message}
        return again(item_id, InvalidInputError(error.message, fields=fields), "chance")
    say(_("Handed on, with their consent."))
    return go_back("inbox.item", item_id=item_id)


def _seller() -> Taker:
    takers = takers_from(work(), request.form.getlist("seller"))
    if len(takers) != 1:
        choose = _("Choose who sells.")
        raise InvalidInputError(_("Nothing was handed on."), remedy=choose, fields={"chance": choose})
    return takers[0]
