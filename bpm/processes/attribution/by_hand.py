"""A person says which activity an item is about, or that a link is wrong."""

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ActivityInstance, ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Work
from bpm.processes.attribution.links import current_links
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind


def attribute(
    work: Work, item_id: int, *, version_id: int, element: str, instance_id: int | None = None
) -> Attribution:
    """A person says that the item is about this element; what was said before about the same process is
    ended, and so is what was only suggested.

    NotFoundError for an unknown item or version; InvalidInputError for an element that the version does not have.
    """
    item = _get_item(work, item_id)
    key = _key_of_element(work, version_id, element)
    if instance_id is not None and version_id not in _versions_of(work, instance_id):
        raise InvalidInputError(
            f"Instance {instance_id} runs another version.", remedy="Choose an instance of this one."
        )
    for link in current_links(work, item.id):
        if link.definition_key == key or link.kind == LinkKind.SUGGESTED:
            link.valid_to = work.now()
    new = Attribution(
        item_id=item.id,
        definition_key=key,
        version_id=version_id,
        instance_id=instance_id,
        element=element,
        kind=LinkKind.BY_HAND,
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
