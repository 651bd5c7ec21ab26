"""Links items to the process, instance and activity they are about: recorded by what ran, or by a person's hand.

What nothing speaks for stays in the space between (law 6). Links are ended, never rewritten.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, CompoundSelect, and_, or_, select, union

from bpm import audit
from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod

SAME_CONVERSATION = 0.9
SAME_CUSTOMER = 0.6
"""Confidence that a later item of the same conversation, or only of the same customer, is about the running case."""

HALTS = ("userTask", "manualTask", "task", "receiveTask", "callActivity", "intermediateCatchEvent", "eventBasedGateway")
"""Elements at which an instance stands until a person or the world does something."""
JOBS = ("serviceTask", "sendTask", "businessRuleTask", "scriptTask")
"""Elements that a worker passes in moments, and at which an instance stands only when the job fails."""


@dataclass(frozen=True)
class RunningCase:
    """An instance that ran when something was said, and how surely the two belong together."""

    instance_id: int
    version_id: int
    definition_key: str
    process_id: str
    """Which process of the file runs."""
    primary: bool
    """Whether that is the one that the file is about."""
    confidence: float
    evidence: str

    def is_of(self, definition_key: str, process_id: str) -> bool:
        """Whether it runs that process of that file; "" stands for the one that the file is about."""
        return definition_key == self.definition_key and (process_id == self.process_id if process_id else self.primary)


def record(work: Work, item: FeedbackItem, *, instance_id: int, evidence: str, confidence: float = 1.0) -> Attribution:
    """Link `item` to the instance and to the activity that was open when it was said, as recorded by the run itself."""
    known = _find_link(work, item.id, instance_id)
    if known is not None:
        return known
    instance, key = work.session.execute(
        select(ProcessInstance, ProcessDefinition.key)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessInstance.id == instance_id)
    ).one()
    element, version_id = element_at(work, instance_id, item)
    link = Attribution(
        item_id=item.id,
        definition_key=key,
        version_id=version_id or instance.version_id,
        instance_id=instance_id,
        element=element,
        method=AttributionMethod.RECORDED,
        confidence=confidence,
        evidence=evidence,
        author="system",
        valid_from=work.now(),
    )
    work.session.add(link)
    return link


def follow_conversation(work: Work, item: FeedbackItem) -> list[RunningCase]:
    """Link a later item of a conversation (or customer) to each case that ran when it was said; gives those cases."""
    cases = running_cases(work, item, at=item.placed_at)
    for case in cases:
        record(work, item, instance_id=case.instance_id, evidence=case.evidence, confidence=case.confidence)
    return cases


def running_cases(work: Work, item: FeedbackItem, *, at: datetime | None) -> list[RunningCase]:
    """Instances that ran at that instant (None: run now) and that another item of the conversation or customer is in.

    Of each process the newest one; one of the same conversation before one of the same customer.
    """
    related = _related_items(item)
    if related is None:
        return []
    rows = work.session.execute(
        select(Attribution, FeedbackItem.conversation_id, ProcessInstance.process_id, ProcessVersion.primary)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(ProcessInstance, ProcessInstance.id == Attribution.instance_id)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .where(Attribution.item_id.in_(related), Attribution.item_id != item.id, Attribution.valid_to.is_(None))
        .where(_ran(at))
        .order_by(Attribution.instance_id.desc())
    ).all()
    here = item.conversation_id
    newest: dict[tuple[str, str], RunningCase] = {}
    for link, talk, process_id, primary in sorted(rows, key=lambda row: here is None or row[1] != here):
        case = _case(link, process_id or primary, primary, same_conversation=here is not None and talk == here)
        newest.setdefault((case.definition_key, case.process_id), case)
    return list(newest.values())


def _ran(at: datetime | None) -> ColumnElement[bool]:
    if at is None:
        return ProcessInstance.ended_at.is_(None)
    return and_(
        ProcessInstance.started_at <= at, or_(ProcessInstance.ended_at.is_(None), ProcessInstance.ended_at > at)
    )


def _case(link: Attribution, process_id: str, primary: str, *, same_conversation: bool) -> RunningCase:
    confidence, of_whom = (SAME_CONVERSATION, "conversation") if same_conversation else (SAME_CUSTOMER, "customer")
    assert link.instance_id is not None  # noqa: S101 (the query joins on it)
    return RunningCase(
        instance_id=link.instance_id,
        version_id=link.version_id,
        definition_key=link.definition_key,
        process_id=process_id,
        primary=process_id == primary,
        confidence=min(confidence, link.confidence),
        evidence=f"Said by the same {of_whom} while this case was running.",
    )


def _related_items(item: FeedbackItem) -> CompoundSelect[int] | None:
    """Ids of all items of the conversation and of the customer: two index look-ups, never one with OR."""
    parts = []
    if item.conversation_id is not None:
        parts.append(select(FeedbackItem.id).where(FeedbackItem.conversation_id == item.conversation_id))
    if item.customer_id is not None:
        parts.append(select(FeedbackItem.id).where(FeedbackItem.customer_id == item.customer_id))
    return union(*parts) if parts else None


def element_at(work: Work, instance_id: int, item: FeedbackItem) -> tuple[str, int | None]:
    """The oldest activity open when the item was said, with its version; if none was, where the case halts now.

    An item that started the case was said before it: it is charged to where the case came to a halt first, or to
    the start event while only jobs run, never to a job that nobody waited for yet.
    """
    visits = work.session.execute(
        select(
            ActivityInstance.element, ActivityInstance.version_id, ActivityInstance.type, ActivityInstance.opened_at,
            ActivityInstance.closed_at,
        )
        # An element of a called process stands in another diagram; here its call activity is open too.
        .where(ActivityInstance.instance_id == instance_id, ActivityInstance.process.is_(None))
        .order_by(ActivityInstance.opened_at, ActivityInstance.id)
    ).all()  # fmt: skip
    places = [visit for visit in visits if visit.type in (*HALTS, *JOBS)]
    then = [v for v in places if v.opened_at < item.placed_at and (v.closed_at is None or v.closed_at > item.placed_at)]
    now = [v for v in visits if v.type in HALTS and v.closed_at is None]
    return next(((v.element, v.version_id) for v in (*then, *now, *visits)), ("", None))


def attribute(
    work: Work, item_id: int, *, version_id: int, element: str, instance_id: int | None = None
) -> Attribution:
    """A person says that the item is about this element; what was said before about the same process is ended.

    NotFoundError for an unknown item or version; InvalidInputError for an element that the version does not have.
    """
    item = _get_item(work, item_id)
    key = _key_of_element(work, version_id, element)
    if instance_id is not None and version_id not in _versions_of(work, instance_id):
        raise InvalidInputError(
            f"Instance {instance_id} runs another version.", remedy="Choose an instance of this one."
        )
    for link in _current_links(work, item.id):
        if link.definition_key == key:
            link.valid_to = work.now()
    new = Attribution(
        item_id=item.id,
        definition_key=key,
        version_id=version_id,
        instance_id=instance_id,
        element=element,
        method=AttributionMethod.HUMAN,
        confidence=1.0,
        evidence=f"Said by {work.actor.display_name}.",
        author=work.actor.name,
        valid_from=work.now(),
    )
    work.session.add(new)
    work.session.flush()
    linked = {"process": new.definition_key, "case": new.instance_id, "element": new.element}
    audit.record(work, "link.make", audit.Thing("feedback", new.item_id), before=dict.fromkeys(linked), after=linked)
    return new


def detach(work: Work, attribution_id: int) -> int:
    """End a link that is wrong; gives its item, which is in the space between now unless another link holds it."""
    link = work.session.get(Attribution, attribution_id)
    if link is None or link.valid_to is not None:
        raise NotFoundError(f"There is no current attribution {attribution_id}.")
    link.valid_to = work.now()
    held = {"process": link.definition_key, "case": link.instance_id, "element": link.element}
    audit.record(work, "link.end", audit.Thing("feedback", link.item_id), before=held, after=dict.fromkeys(held))
    return link.item_id


def carry_over(work: Work, item: FeedbackItem) -> None:
    """A new version of an item takes over the links of the version it supersedes."""
    if item.supersedes_id is None:
        return
    for link in _current_links(work, item.supersedes_id):
        link.valid_to = work.now()
        copied = (
            "definition_key",
            "version_id",
            "instance_id",
            "element",
            "method",
            "confidence",
            "evidence",
            "author",
        )
        values = {name: getattr(link, name) for name in copied}
        work.session.add(Attribution(item_id=item.id, valid_from=work.now(), **values))
    work.session.flush()


def _current_links(work: Work, item_id: int) -> list[Attribution]:
    query = select(Attribution).where(Attribution.item_id == item_id, Attribution.valid_to.is_(None))
    return list(work.session.scalars(query.order_by(Attribution.id)))


def _find_link(work: Work, item_id: int, instance_id: int) -> Attribution | None:
    return next((link for link in _current_links(work, item_id) if link.instance_id == instance_id), None)


def _get_item(work: Work, item_id: int) -> FeedbackItem:
    item = work.session.get(FeedbackItem, item_id)
    if item is None:
        raise NotFoundError(f"There is no item {item_id}.")
    return item


def _versions_of(work: Work, instance_id: int) -> set[int]:
    """The version that an instance runs, and those that it ran before it was migrated."""
    version_id = work.session.scalar(select(ProcessInstance.version_id).where(ProcessInstance.id == instance_id))
    if version_id is None:
        raise NotFoundError(f"There is no instance {instance_id}.")
    visited = select(ActivityInstance.version_id).where(ActivityInstance.instance_id == instance_id).distinct()
    return {version_id, *work.session.scalars(visited)}


def _key_of_element(work: Work, version_id: int, element: str) -> str:
    row = work.session.execute(
        select(ProcessDefinition.key, ProcessVersion.elements)
        .join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
        .where(ProcessVersion.id == version_id)
    ).first()
    if row is None:
        raise NotFoundError(f"There is no process version {version_id}.")
    key, elements = row
    if element not in {known["id"] for known in elements}:
        raise InvalidInputError(
            f"This version has no element “{element}”.", remedy="Choose one of its elements.", fields={"element": "?"}
        )
    return str(key)
