"""How somebody learns: what became of what they wrote, with n and interval; the rows stand beside it."""

from dataclasses import dataclass

from sqlalchemy import func, select

from bpm.feedback.models import ReplyProposal
from bpm.foundation.work import Work
from bpm.statistics import Share, share


@dataclass(frozen=True)
class Progress:
    """Of what a mentor decided on: sent as it was, sent after an edit, sent back; and what waits."""

    unchanged: Share
    edited: Share
    returned: Share
    waiting: int


def progress_of(work: Work, learner_id: int) -> Progress:
    """Over all that the learner ever proposed; what they took back themselves is in none of it."""
    rows = work.session.execute(
        select(ReplyProposal.state, ReplyProposal.changed == 0, func.count())
        .where(ReplyProposal.author_user_id == learner_id)
        .group_by(ReplyProposal.state, ReplyProposal.changed == 0)
    )
    counts: dict[tuple[str, bool], int] = {}
    for state, same, number in rows:
        counts[str(state), bool(same)] = number
    unchanged, edited = counts.get(("approved", True), 0), counts.get(("approved", False), 0)
    returned = counts.get(("returned", False), 0)
    n = unchanged + edited + returned
    return Progress(share(unchanged, n), share(edited, n), share(returned, n), counts.get(("waiting", False), 0))
