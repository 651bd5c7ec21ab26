"""The worker's part: suggests an activity for what is linked to no process, behind a mark of its own."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.engine.models import ProcessDefinition, ProcessVersion
from bpm.feedback.models import Classification, FeedbackItem, ThemeItem
from bpm.feedback.themes.words import words_of
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.processes.attribution import HALTS, JOBS, LIVED
from bpm.processes.measures.follow_up import placed
from bpm.processes.models import Attribution
from bpm.processes.models.looks import remember, seen_up_to
from bpm.processes.status import AttributionMethod, LinkKind
from bpm.processes.suggestions.scoring import Described, Suggester

NAME = "suggestions"
BATCH = 200
BEHIND = timedelta(seconds=10)
MOST_EXAMPLES = 2_000
"""Links that people or runs made so far, the newest, that it learns from."""
OURS = ("handed_over", "goodwill_approval")
"""Shipped processes of our own work, which customers do not live through as such."""


def sweep_suggestions(unit_of_work: Transactions) -> int:
    """Look at the next items that were read; gives how many."""
    with unit_of_work.reading() as work:
        if not _waiting(work, 1):
            return 0
    with unit_of_work() as work:
        rows = _waiting(work, BATCH)
        if rows:
            suggest_for(work, [row.item_id for row in rows])
            remember(work.session, NAME, rows[-1].id)
        return len(rows)


def _waiting(work: Work, most: int) -> Sequence[Any]:
    return work.session.execute(
        select(Classification.id, Classification.item_id)
        .where(Classification.id > seen_up_to(work.session, NAME))
        .where(Classification.classified_at <= work.now() - BEHIND)
        .order_by(Classification.id)
        .limit(most)
    ).all()


def look_again(work: Work) -> None:
    """Look at everything that is in the space between once more, with what people confirmed since."""
    before = seen_up_to(work.session, NAME)
    remember(work.session, NAME, 0)
    thing = audit.Thing("suggestions", NAME, _("Suggested links"))
    audit.record(work, "suggestions.look_again", thing, before={"from": before}, after={"from": 0})


def suggest_for(work: Work, item_ids: Sequence[int]) -> list[Attribution]:
    """Suggest an activity for those that are linked to none; never one that a person dropped before."""
    rows = work.session.execute(
        select(FeedbackItem.id, FeedbackItem.subject, FeedbackItem.text, ThemeItem.theme_id)
        .outerjoin(ThemeItem, ThemeItem.item_id == FeedbackItem.id)
        .join(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(FeedbackItem.id.in_(item_ids), FeedbackItem.current, ~placed(), Classification.primary != "other")
        .order_by(FeedbackItem.id)
    ).all()
    if not rows:
        return []
    dropped: dict[int, set[tuple[str, str]]] = {}
    held = select(Attribution.item_id, Attribution.definition_key, Attribution.element).where(
        Attribution.item_id.in_([row.id for row in rows]), Attribution.kind == LinkKind.SUGGESTED
    )
    for item_id, key, element in work.session.execute(held):
        dropped.setdefault(item_id, set()).add((key, element))
    places, suggester = _suggester(work)
    made = []
    for row in rows:
        found = suggester.suggest(_words(row))
        if found is None:
            continue
        key, version_id, element = places[found.place]
        if (key, element) in dropped.get(row.id, set()):
            continue
        told = ", ".join(_("the same theme") if each.startswith("theme:") else each for each in found.words)
        made.append(
            Attribution(
                item_id=row.id, definition_key=key, version_id=version_id, instance_id=None, element=element,
                kind=LinkKind.SUGGESTED, method=AttributionMethod.SUGGESTED, confidence=found.confidence,
                evidence=(_("Alike: %(words)s.") % {"words": told})[:300], author="system", valid_from=work.now(),
            )
        )  # fmt: skip
    work.session.add_all(made)
    work.session.flush()
    return made


def _words(row: Any) -> list[str]:
    words = list(words_of(f"{row.subject}\n{row.text}"))
    return [*words, f"theme:{row.theme_id}"] if row.theme_id is not None else words


def _suggester(work: Work) -> tuple[dict[str, tuple[str, int, str]], Suggester]:
    live = work.session.execute(
        select(ProcessDefinition.key, ProcessVersion.id, ProcessVersion.elements)
        .join(ProcessVersion, ProcessVersion.id == ProcessDefinition.live_version_id)
        .where(ProcessDefinition.key.not_in(OURS))
    ).all()
    said = _examples(work, [row.key for row in live])
    places: dict[str, tuple[str, int, str]] = {}
    described = []
    for row in live:
        for element in row.elements:
            if element["type"] in (*HALTS, *JOBS) and element["name"]:
                place = f"{row.key} {element['id']}"
                places[place] = (row.key, row.id, element["id"])
                text = words_of(element.get("documentation") or "")
                described.append(Described(place, words_of(element["name"]), text, said.get(place, [])))
    return places, Suggester(described)


def _examples(work: Work, keys: Sequence[str]) -> dict[str, list[list[str]]]:
    rows = work.session.execute(
        select(
            Attribution.definition_key, Attribution.element, FeedbackItem.subject, FeedbackItem.text, ThemeItem.theme_id
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .outerjoin(ThemeItem, ThemeItem.item_id == FeedbackItem.id)
        .where(Attribution.definition_key.in_(keys), Attribution.kind.in_(LIVED), Attribution.valid_to.is_(None))
        .order_by(Attribution.id.desc())
        .limit(MOST_EXAMPLES)
    )
    found: dict[str, list[list[str]]] = {}
    for row in rows:
        found.setdefault(f"{row.definition_key} {row.element}", []).append(_words(row))
    return found
