"""People confirm suggestions or drop them, many at once; until then none counts."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import exists, func, select
from sqlalchemy.orm import aliased

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import FeedbackItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.processes.models import Attribution
from bpm.processes.status import AttributionMethod, LinkKind

MOST = 500


@dataclass(frozen=True)
class SuggestionRow:
    """One that waits for a person."""

    id: int
    item_id: int
    text: str
    channel: str
    definition_key: str
    process_name: str
    version_id: int
    element: str
    element_name: str
    confidence: float
    evidence: str


def list_suggestions(work: Work, *, limit: int = 200) -> list[SuggestionRow]:
    """Those of items that are linked to no process, by activity, the surest first."""
    held = aliased(Attribution)
    linked = exists().where(held.item_id == FeedbackItem.id, held.valid_to.is_(None), held.kind != LinkKind.SUGGESTED)
    rows = work.session.execute(
        select(Attribution, FeedbackItem.channel, func.substr(FeedbackItem.text, 1, 200), ProcessDefinition.name,
               ProcessVersion.elements)
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .join(ProcessVersion, ProcessVersion.id == Attribution.version_id)
        .join(ProcessDefinition, ProcessDefinition.id == ProcessVersion.definition_id)
        .where(Attribution.kind == LinkKind.SUGGESTED, Attribution.valid_to.is_(None), FeedbackItem.current, ~linked)
        .order_by(Attribution.definition_key, Attribution.element, Attribution.confidence.desc(), Attribution.id)
        .limit(limit)
    )  # fmt: skip
    return [
        SuggestionRow(
            link.id, link.item_id, text, channel, link.definition_key, name, link.version_id, link.element,
            next((each["name"] for each in elements if each["id"] == link.element), link.element), link.confidence,
            link.evidence,
        )
        for link, channel, text, name, elements in rows
    ]  # fmt: skip


def confirm_suggestions(work: Work, ids: Sequence[int]) -> int:
    """Each becomes a link by hand; gives how many. Those that somebody decided on before are left alone."""
    links = _waiting(work, ids)
    said = _("Suggested, and confirmed by %(who)s. %(why)s")
    for link in links:
        link.valid_to = work.now()
        work.session.add(
            Attribution(
                item_id=link.item_id, definition_key=link.definition_key, version_id=link.version_id,
                instance_id=None, element=link.element, kind=LinkKind.BY_HAND, method=AttributionMethod.HUMAN,
                confidence=1.0, evidence=(said % {"who": work.actor.display_name, "why": link.evidence})[:300],
                author=work.actor.name, valid_from=work.now(),
            )
        )  # fmt: skip
        place = {"process": link.definition_key, "case": None, "element": link.element}
        audit.record(work, "link.make", audit.Thing("feedback", link.item_id), before=dict.fromkeys(place), after=place)
    work.session.flush()
    return len(links)


def drop_suggestions(work: Work, ids: Sequence[int]) -> int:
    """None of them is true; the items stay in the space between, and the same is not suggested again."""
    links = _waiting(work, ids)
    for link in links:
        link.valid_to = work.now()
        place = {"process": link.definition_key, "case": None, "element": link.element}
        audit.record(work, "link.end", audit.Thing("feedback", link.item_id), before=place, after=dict.fromkeys(place))
    return len(links)


def _waiting(work: Work, ids: Sequence[int]) -> Sequence[Attribution]:
    if not ids or len(ids) > MOST:
        raise InvalidInputError(
            _("No suggestion was chosen, or too many at once."), remedy=_("Choose from 1 to %(most)s.") % {"most": MOST}
        )
    query = select(Attribution).where(
        Attribution.id.in_(ids), Attribution.kind == LinkKind.SUGGESTED, Attribution.valid_to.is_(None)
    )
    return work.session.scalars(query.order_by(Attribution.id)).all()
