"""Links items to artefacts: by the words of their name, behind a mark of the sweep's own, or by hand."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition
from bpm.feedback.models import Classification, FeedbackItem
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes import attribution
from bpm.processes.artefacts.phrases import phrases_in
from bpm.processes.models import Artefact, Attribution
from bpm.processes.models.looks import remember, seen_up_to
from bpm.processes.status import AttributionMethod, LinkKind

NAME = "artefacts"
BATCH = 500
BEHIND = timedelta(seconds=10)
BY_WORDS = 0.8


def sweep_artefacts(unit_of_work: Transactions) -> int:
    """Look for the names of artefacts in what was read; gives how many items."""
    with unit_of_work.reading() as work:
        if not _waiting(work, 1):
            return 0
    with unit_of_work() as work:
        rows = _waiting(work, BATCH)
        known = {each.id: each for each in work.session.scalars(select(Artefact).where(Artefact.retired_at.is_(None)))}
        phrases = {each.id: [str(phrase) for phrase in each.phrases] for each in known.values()}
        for row in rows if phrases else ():
            for key in phrases_in(f"{row.FeedbackItem.subject}\n{row.FeedbackItem.text}", phrases):
                said = _("The words name “%(name)s”.") % {"name": known[key].name}
                _link(work, row.FeedbackItem, known[key], said, confidence=BY_WORDS)
        if rows:
            remember(work.session, NAME, rows[-1].id)
        return len(rows)


def _waiting(work: Work, most: int) -> Sequence[Any]:
    return work.session.execute(
        select(Classification.id, FeedbackItem)
        .join(FeedbackItem, FeedbackItem.id == Classification.item_id)
        .where(Classification.id > seen_up_to(work.session, NAME), FeedbackItem.current)
        .where(Classification.classified_at <= work.now() - BEHIND)
        .order_by(Classification.id)
        .limit(most)
    ).all()


def link_artefact(work: Work, item_id: int, artefact_id: int) -> None:
    """A person says that the item is about it."""
    item, row = work.session.get(FeedbackItem, item_id), work.session.get(Artefact, artefact_id)
    if item is None or row is None:
        raise NotFoundError(_("There is no such item or artefact."))
    said = _("Said by %(who)s.") % {"who": work.actor.display_name}
    _link(work, item, row, said, confidence=1.0, method=AttributionMethod.HUMAN)
    after = {"process": row.definition_key, "artefact": row.name, "element": row.element}
    audit.record(work, "link.make", audit.Thing("feedback", item_id), before=dict.fromkeys(after), after=after)


def _link(
    work: Work,
    item: FeedbackItem,
    artefact: Artefact,
    evidence: str,
    *,
    confidence: float,
    method: AttributionMethod = AttributionMethod.RECORDED,
) -> None:
    """Once each; in the case of that process that the item is linked to, else of its live version."""
    links = attribution.current_links(work, item.id)
    if any(link.artefact_id == artefact.id for link in links):
        return
    case = next(
        (each for each in links if each.definition_key == artefact.definition_key and each.instance_id is not None),
        None,
    )
    live = select(ProcessDefinition.live_version_id).where(ProcessDefinition.key == artefact.definition_key)
    version_id = case.version_id if case else work.session.scalar(live)
    if version_id is None:
        return
    work.session.add(
        Attribution(
            item_id=item.id, definition_key=artefact.definition_key, version_id=version_id,
            instance_id=case.instance_id if case else None, element=artefact.element, artefact_id=artefact.id,
            kind=LinkKind.ABOUT_ARTEFACT, method=method, confidence=confidence, evidence=evidence[:300],
            author=work.actor.name if method == AttributionMethod.HUMAN else "system", valid_from=work.now(),
        )
    )  # fmt: skip
    work.session.flush()
