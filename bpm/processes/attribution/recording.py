"""Links items to the instance and activity they are about, as what ran tells by itself; a link is never rewritten."""

from sqlalchemy import select

from bpm.engine.models import ProcessDefinition, ProcessInstance, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.attribution.kinds import kind_by_time
from bpm.processes.attribution.links import current_links
from bpm.processes.attribution.places import place_of
from bpm.processes.attribution.running import RunningCase, cases_spoken_of
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind

KEYS = "keys of versions"


def record(
    work: Work,
    item: FeedbackItem,
    *,
    instance_id: int,
    evidence: str,
    confidence: float = 1.0,
    kind: LinkKind | None = None,
) -> Attribution:
    """Link `item` to the instance and to the activity that was open when it was said, as recorded by the run itself.

    `kind` where the caller knows that the item opened the case; else the instants tell (`kind_by_time`).
    """
    known = _find_link(work, item.id, instance_id)
    if known is not None:
        return known
    instance, key = work.session.execute(
        select(ProcessInstance, ProcessDefinition.key)
        .join(ProcessVersion, ProcessVersion.id == ProcessInstance.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(ProcessInstance.id == instance_id)
    ).one()
    kind = kind or kind_by_time(item.placed_at, instance.started_at, instance.ended_at)
    element, version_id = place_of(work, instance_id, item, kind)
    link = Attribution(
        item_id=item.id,
        definition_key=key,
        version_id=version_id or instance.version_id,
        instance_id=instance_id,
        element=element,
        kind=kind,
        method=AttributionMethod.RECORDED,
        confidence=confidence,
        evidence=evidence,
        author="system",
        valid_from=work.now(),
    )
    work.session.add(link)
    return link


def record_opened(work: Work, item: FeedbackItem, instance: ProcessInstance, *, evidence: str) -> Attribution:
    """Link `item` to the case that it opened within this transaction, which has no link yet, at its beginning."""
    element, version_id = place_of(work, instance.id, item, LinkKind.OPENED_BY)
    link = Attribution(
        item_id=item.id,
        definition_key=_key_of(work, instance.version_id),
        version_id=version_id or instance.version_id,
        instance_id=instance.id,
        element=element,
        kind=LinkKind.OPENED_BY,
        method=AttributionMethod.RECORDED,
        confidence=1.0,
        evidence=evidence,
        author="system",
        valid_from=work.now(),
    )
    work.session.add(link)
    return link


def follow_conversation(work: Work, item: FeedbackItem) -> list[RunningCase]:
    """Link a later item of a conversation (or customer) to each case that ran when it was said, else to the one that
    had just ended; gives those cases."""
    cases = cases_spoken_of(work, item)
    for case in cases:
        record(work, item, instance_id=case.instance_id, evidence=case.evidence, confidence=case.confidence)
    return cases


def carry_over(work: Work, item: FeedbackItem) -> None:
    """A new version of an item takes over the links of the version it supersedes."""
    if item.supersedes_id is None:
        return
    for link in current_links(work, item.supersedes_id):
        link.valid_to = work.now()
        copied = (
            "definition_key",
            "version_id",
            "instance_id",
            "element",
            "artefact_id",
            "kind",
            "method",
            "confidence",
            "evidence",
            "author",
        )
        values = {name: getattr(link, name) for name in copied}
        work.session.add(Attribution(item_id=item.id, valid_from=work.now(), **values))
    work.session.flush()


def _key_of(work: Work, version_id: int) -> str:
    """The key of the version's process, asked once in a transaction: a version keeps it for good."""
    known: dict[int, str] = work.session.info.setdefault(KEYS, {})
    if version_id not in known:
        known[version_id] = work.session.execute(
            select(ProcessDefinition.key)
            .join(ProcessVersion, ProcessVersion.definition_id == ProcessDefinition.id)
            .where(ProcessVersion.id == version_id)
        ).scalar_one()
    return known[version_id]


def _find_link(work: Work, item_id: int, instance_id: int) -> Attribution | None:
    return next((link for link in current_links(work, item_id) if link.instance_id == instance_id), None)
