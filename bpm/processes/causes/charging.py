"""Writes a cause down, and charges the complaint to the activity that caused it: as lived through there, not here."""

from collections.abc import Sequence

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessInstance
from bpm.feedback.models import FeedbackItem
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes import attribution
from bpm.processes.causes.finding import Ahead, Candidate, candidates, read_ahead
from bpm.processes.models import Attribution, Cause
from bpm.processes.outside.models import OutsideVisit
from bpm.processes.status import CauseStatus


def find_causes(work: Work, pairs: Sequence[tuple[FeedbackItem, ProcessInstance]]) -> list[Cause]:
    """The causes of the cases that items opened, (item, its case), of those that have none yet."""
    cases = [opened.id for _item, opened in pairs]
    known = set(work.session.scalars(select(Cause.instance_id).where(Cause.instance_id.in_(cases))))
    ahead, found = read_ahead(work, [item for item, _opened in pairs]), list[Cause]()
    for item, opened in pairs:
        if opened.id not in known:
            known.add(opened.id)
            found += _find(work, item, opened, ahead)
    return found


def _find(work: Work, item: FeedbackItem, opened: ProcessInstance, ahead: Ahead) -> list[Cause]:
    """Charged where one fits alone, to be chosen where several do."""
    found = [_cause(work, item, opened, each) for each in candidates(work, item, opened, ahead)]
    if not found:
        return []
    work.session.add_all(found)
    if len(found) == 1:
        found[0].status = CauseStatus.FOUND
        _charge(work, found[0], item)
    work.session.flush()
    return found


def _cause(work: Work, item: FeedbackItem, opened: ProcessInstance, found: Candidate) -> Cause:
    return Cause(
        instance_id=opened.id, item_id=item.id, causing_instance_id=found.instance_id,
        outside_case_id=found.outside_case_id, element="", how=found.how, evidence=found.evidence[:300],
        confidence=found.confidence, status=CauseStatus.ASKED, author="system", at=work.now(),
    )  # fmt: skip


def _charge(work: Work, cause: Cause, item: FeedbackItem) -> None:
    if cause.outside_case_id is not None:
        cause.element = _last_activity(work, cause.outside_case_id, item)
        return
    assert cause.causing_instance_id is not None  # noqa: S101 (a constraint of the table)
    before = {link.id for link in attribution.current_links(work, item.id)}
    link = attribution.record(
        work, item, instance_id=cause.causing_instance_id, evidence=cause.evidence, confidence=cause.confidence
    )
    work.session.flush()
    cause.element = link.element
    cause.attribution_id = link.id if link.id not in before else None


def _last_activity(work: Work, outside_case_id: int, item: FeedbackItem) -> str:
    """The activity that the case of elsewhere was at last when the item was said."""
    last = (
        select(OutsideVisit.activity)
        .where(OutsideVisit.case_id == outside_case_id, OutsideVisit.placed_at < item.placed_at)
        .order_by(OutsideVisit.placed_at.desc(), OutsideVisit.id.desc())
        .limit(1)
    )
    return work.session.scalar(last) or ""


def confirm_cause(work: Work, cause_id: int) -> int:
    """A person says that this is the cause; the others that were asked about are dropped. Gives the case."""
    cause = _get(work, cause_id)
    others = select(Cause).where(Cause.instance_id == cause.instance_id, Cause.id != cause.id)
    for other in work.session.scalars(others.where(Cause.status != CauseStatus.DROPPED)):
        _drop(work, other)
    item = work.session.get_one(FeedbackItem, cause.item_id)
    _charge(work, cause, item)
    cause.status, cause.author, cause.confidence = CauseStatus.CONFIRMED, work.actor.name, 1.0
    _tell(work, cause, "cause.confirm")
    return cause.instance_id


def drop_cause(work: Work, cause_id: int) -> int:
    """A person says that this is not the cause: what was charged for it is taken back. Gives the case."""
    cause = _get(work, cause_id)
    _drop(work, cause)
    cause.author = work.actor.name
    _tell(work, cause, "cause.drop")
    return cause.instance_id


def _drop(work: Work, cause: Cause) -> None:
    cause.status = CauseStatus.DROPPED
    if cause.attribution_id is not None:
        link = work.session.get(Attribution, cause.attribution_id)
        if link is not None and link.valid_to is None:
            link.valid_to = work.now()


def _get(work: Work, cause_id: int) -> Cause:
    cause = work.session.get(Cause, cause_id)
    if cause is None or cause.status == CauseStatus.DROPPED:
        raise NotFoundError(_("There is no such cause to decide on."), remedy=_("Somebody may have been quicker."))
    return cause


def _tell(work: Work, cause: Cause, verb: str) -> None:
    thing = audit.Thing("case", cause.instance_id, f"Case {cause.instance_id}", f"case {cause.instance_id}")
    after = {"causing": cause.causing_instance_id, "elsewhere": cause.outside_case_id, "element": cause.element}
    audit.record(work, verb, thing, before=dict.fromkeys(after), after=after)
