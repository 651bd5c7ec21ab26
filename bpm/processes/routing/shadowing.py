"""A new advocate says what they would do; later it is held against what was done."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bpm import audit
from bpm.feedback import DECISIONS
from bpm.feedback.items import feedback_item, get_current
from bpm.feedback.models import Decision, FeedbackItem
from bpm.foundation.errors import ConflictError, InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User
from bpm.processes.models import ShadowDecision
from bpm.statistics import Share, share


@dataclass(frozen=True)
class Compared:
    """What a learner would have done, and what a colleague did; None: nobody has yet."""

    item_id: int
    would: str
    why: str
    did: str | None
    did_why: str

    @property
    def agrees(self) -> bool | None:
        """Whether it is the same."""
        return None if self.did is None else self.would == self.did


@dataclass(frozen=True)
class Learner:
    """How far somebody's shadow decisions agree with the real ones."""

    user_id: int
    name: str
    waiting: int
    agreement: Share
    latest: tuple[Compared, ...]


def shadow(work: Work, item_id: int, decision: str, *, why: str) -> None:
    """Note what the actor would decide. ConflictError once a colleague has decided: then there is nothing to guess."""
    demand(work.actor, Permission.SEE_FEEDBACK)
    reason = why.strip()[:600]
    if decision not in DECISIONS or not reason or work.actor.user_id is None:
        say = _("Choose one, and say why in a line.")
        raise InvalidInputError(_("Nothing was kept."), remedy=say, fields={"shadow": say})
    item = get_current(work, item_id)
    if item.decision is not None:
        raise ConflictError(_("It is decided already."), remedy=_("Take one that is open."))
    lasting = item.first_id or item.id
    row = work.session.scalar(
        select(ShadowDecision).where(ShadowDecision.item_id == lasting, ShadowDecision.user_id == work.actor.user_id)
    )
    before = {"would": row.decision if row is not None else None}
    if row is None:
        row = ShadowDecision(item_id=lasting, user_id=work.actor.user_id)
        work.session.add(row)
    row.decision, row.why, row.at = decision, reason, work.now()
    work.session.flush()
    after = {"would": decision, "why": reason}
    audit.record(work, "feedback.shadow", feedback_item(item.id), before=before, after=after)


def agreement(rows: Sequence[Compared]) -> Share:
    """How many of those that were decided since agree. Pure."""
    decided = [row for row in rows if row.agrees is not None]
    return share(sum(bool(row.agrees) for row in decided), len(decided))


def list_learners(work: Work, *, latest: int = 20) -> tuple[Learner, ...]:
    """Everybody who shadows, by name; what they would do is not shown for what is still open."""
    rows = work.session.execute(
        select(ShadowDecision, User.display_name)
        .join(User, User.id == ShadowDecision.user_id)
        .order_by(User.display_name, ShadowDecision.id.desc())
    ).all()
    reasons = _reasons(work, [row[0].item_id for row in rows])
    people: dict[tuple[int, str], list[Compared]] = {}
    for row, name in rows:
        did, why = reasons.get(row.item_id, (None, ""))
        people.setdefault((row.user_id, name), []).append(Compared(row.item_id, row.decision, row.why, did, why))
    return tuple(
        Learner(user_id, name, sum(each.did is None for each in found), agreement(found),
                tuple(each for each in found if each.did is not None)[:latest])
        for (user_id, name), found in people.items()
    )  # fmt: skip


def _reasons(work: Work, lasting_ids: Sequence[int]) -> dict[int, tuple[str | None, str]]:
    """Item -> the newest decision of any version, and why."""
    found: dict[int, tuple[str | None, str]] = {}
    for begin in range(0, len(lasting_ids), 500):
        some = lasting_ids[begin : begin + 500]
        rows = work.session.execute(
            select(FeedbackItem.id, FeedbackItem.first_id, Decision.decision, Decision.reason)
            .join(Decision, Decision.item_id == FeedbackItem.id)
            .where((FeedbackItem.id.in_(some)) | (FeedbackItem.first_id.in_(some)))
            .order_by(Decision.id)
        )
        for item_id, first_id, decision, reason in rows:
            found[first_id or item_id] = (str(decision), reason)
    return found
