"""Measures of what was said: each yields what it saw in the items that are linked to the process."""

from collections.abc import Iterator
from datetime import timedelta

from bpm.feedback.incidents import grading
from bpm.feedback.tones import is_negative
from bpm.processes.measures.observed import rows
from bpm.processes.measures.observed.facts import Facts
from bpm.processes.measures.observed.links import Link
from bpm.processes.measures.observed.seen import Seen

COMPLAINT = "complaint"
RESCUED_WITHIN = timedelta(days=30)
PROMOTERS_FROM, DETRACTORS_TO = 9, 6
SATISFIED_FROM, OF_FIVE, OF_TEN = 4, 5, 10


def said(link: Link, value: float, *, weight: int = 1, running: bool = False) -> Seen:
    """What a measure saw in an item."""
    return Seen(
        at=link.said_at, value=value, weight=weight, element=link.element, channel=link.channel, voice=link.voice,
        theme=link.theme, kind=link.kind, item_id=link.item_id, row_id=link.row_id, case_id=link.case_id,
        running=running, reader=link.reader,
    )  # fmt: skip


def negative_share(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        if link.sentiment is not None:
            yield said(link, float(is_negative(link.sentiment)))


def exposure(facts: Facts) -> Iterator[Seen]:
    """Cases that began, for the whole; visits, for activities and lanes."""
    for case in facts.cases:
        yield Seen(at=case.began, value=0.0, case_id=case.id, part=False)
    for visit in facts.visits:
        yield Seen(at=visit.opened_at, value=0.0, element=visit.element, case_id=visit.instance_id, whole=False)


def complaints_per_100(facts: Facts) -> Iterator[Seen]:
    yield from exposure(facts)
    for link in facts.links:
        if link.claim == COMPLAINT:
            yield said(link, 1.0, weight=0)


def escapes(facts: Facts) -> Iterator[Seen]:
    yield from exposure(facts)
    for element, item_id, channel, at in facts.escapes:
        yield Seen(
            at=at, value=1.0, weight=0, element=element, channel=channel, kind="said_during", item_id=item_id,
            row_id=item_id,
        )  # fmt: skip


def _rated(facts: Facts) -> Iterator[tuple[Link, float, str]]:
    """(item, rating, its scale: effort, five or ten)."""
    rated = {link.row_id: link for link in facts.links if link.rating is not None}
    told = {item: (question, extra) for item, question, extra in rows.extras(facts.work, rated)}
    most: dict[str, float] = {}
    for link in rated.values():
        most[link.source] = max(most.get(link.source, 0.0), link.rating or 0.0)
    for link in facts.links:
        if link.rating is not None:
            question, extra = told.get(link.row_id, ("", {}))
            yield link, link.rating, _scale(link, question, extra, most=most[link.source])


def _scale(link: Link, question: str, extra: object, *, most: float) -> str:
    """Our own survey asks for effort; a question for recommending, or a source with ratings above five, has ten."""
    if isinstance(extra, dict) and isinstance(extra.get("survey"), dict):
        return "effort"
    words = f"{question} {link.source}".lower()
    return "ten" if "recommend" in words or "nps" in words or most > OF_FIVE else "five"


def effort(facts: Facts) -> Iterator[Seen]:
    for link, rating, scale in _rated(facts):
        if scale == "effort" and 1 <= rating <= OF_FIVE:
            yield said(link, rating)


def csat(facts: Facts) -> Iterator[Seen]:
    for link, rating, scale in _rated(facts):
        if scale == "five" and 1 <= rating <= OF_FIVE:
            yield said(link, float(rating >= SATISFIED_FROM))


def nps(facts: Facts) -> Iterator[Seen]:
    for link, rating, scale in _rated(facts):
        if scale == "ten" and 0 <= rating <= OF_TEN:
            yield said(link, 100.0 * ((rating >= PROMOTERS_FROM) - (rating <= DETRACTORS_TO)))


def first_answer(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        at = facts.answered.get(link.row_id)
        seconds = (at - link.said_at).total_seconds() if at is not None else 0.0
        yield said(link, max(0.0, seconds), running=at is None)


def listening_ratio(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        yield said(link, float(link.acted or link.case_ended))


def closed_loop_rate(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        if link.claim == COMPLAINT:
            yield said(link, float(link.row_id in facts.answered and link.decided))


def closed_loop_time(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        if link.claim == COMPLAINT:
            answered, decided = facts.answered.get(link.row_id), facts.decided.get(link.row_id)
            if answered is None or decided is None:
                yield said(link, 0.0, running=True)
            else:
                yield said(link, max(0.0, (max(answered, decided) - link.said_at).total_seconds()))


def rescue_rate(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        if link.claim == COMPLAINT and link.customer_id is not None:
            later = [
                each.sentiment
                for each in facts.said_by_customers.get(link.customer_id, ())
                if link.said_at < each.at <= link.said_at + RESCUED_WITHIN and each.sentiment is not None
            ]
            if later:
                yield said(link, float(not is_negative(later[-1])))


def last_impression(facts: Facts) -> Iterator[Seen]:
    for case in facts.cases:
        told = sorted({link.item_id: link for link in facts.case_links.get(case.id, ())}.values(), key=_when)
        felt = [(link, link.sentiment) for link in told if link.sentiment is not None]
        if len(felt) > 1:
            before = [value for _, value in felt[:-1]]
            last, value = felt[-1]
            bad = is_negative(value) and sum(before) / len(before) >= 0
            yield Seen(
                at=case.began, value=float(bad), element=last.element, channel=last.channel, voice=last.voice,
                theme=last.theme, case_id=case.id,
            )  # fmt: skip


def response_grade(facts: Facts) -> Iterator[Seen]:
    for link in facts.links:
        if link.claim != COMPLAINT:
            continue
        at = facts.answered.get(link.row_id)
        later = facts.said_by_customers.get(link.customer_id or 0, ())
        moods = [each.sentiment for each in later if at is not None and each.at > at and each.sentiment is not None]
        known = grading.Facts(
            acknowledged_after=at - link.said_at if at else None, over=True, told_when_over=link.decided and bool(at),
            last_mood=moods[-1] if moods else None,
        )  # fmt: skip
        points = {each.side.key: each.points for each in grading.grade_response(known, {}).sides}
        wanted = [points[key] for key in ("speed", "last_impression") if key in points]
        if wanted:
            yield said(link, sum(wanted) / len(wanted))


def _when(link: Link) -> tuple[object, int]:
    return link.said_at, link.item_id
