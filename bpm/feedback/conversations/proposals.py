"""What may belong together but is not sure: proposed to a person, each with its evidence, and settled once."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert, select

from bpm import audit
from bpm.feedback.models import LinkProposal
from bpm.foundation.errors import ConflictError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

PART = 500


def propose(work: Work, wanted: Iterable[dict[str, Any]]) -> None:
    """Keep proposals (`kind`, `left_id`, `right_id`, `confidence`, `evidence`, `item_id`); the same pair only once."""
    fresh: dict[tuple[str, int, int], dict[str, Any]] = {}
    for each in wanted:
        fresh.setdefault((each["kind"], each["left_id"], each["right_id"]), each)
    lefts = sorted({key[1] for key in fresh})
    for start in range(0, len(lefts), PART):
        for row in work.session.execute(
            select(LinkProposal.kind, LinkProposal.left_id, LinkProposal.right_id).where(
                LinkProposal.left_id.in_(lefts[start : start + PART])
            )
        ):
            fresh.pop((row[0], row[1], row[2]), None)
            fresh.pop((row[0], row[2], row[1]), None)
    if fresh:
        now = work.now()
        work.session.execute(insert(LinkProposal), [each | {"created_at": now} for each in fresh.values()])


def get_proposal(work: Work, proposal_id: int) -> LinkProposal:
    """One proposal; NotFoundError when there is none."""
    row = work.session.get(LinkProposal, proposal_id)
    if row is None:
        raise NotFoundError(_("There is no proposal %(proposal_id)s.") % {"proposal_id": proposal_id})
    return row


def settle(work: Work, row: LinkProposal, *, accepted: bool | None) -> None:
    """Say what a person decided; None opens it again. ConflictError when somebody has decided already."""
    if accepted is not None and row.accepted is not None:
        raise ConflictError(_("Somebody has decided this already."), remedy=_("Look at the list again."))
    thing = audit.Thing("proposal", row.id, f"Proposal {row.id}")
    audit.record(work, "proposal.settle", thing, before={"accepted": row.accepted}, after={"accepted": accepted})
    row.accepted = accepted
    row.settled_at, row.settled_by = (None, None) if accepted is None else (work.now(), work.actor.user_id)
