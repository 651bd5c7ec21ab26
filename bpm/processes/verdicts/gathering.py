"""What the customers of cases lived through; nothing here compares anything.

What was said during a case or after it counts, about an artefact or by hand, too (`attribution.LIVED`); what opened the
case or was said before it does not, and suggested links are counted apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select

from bpm.engine import queries as engine_queries
from bpm.feedback.models import Classification, FeedbackItem
from bpm.feedback.tones import is_negative
from bpm.foundation.work import Work
from bpm.processes.attribution import LIVED
from bpm.processes.escapes import Escape
from bpm.processes.models import Attribution
from bpm.processes.status import LinkKind
from bpm.processes.verdicts.arms import ArmCase
from bpm.processes.verdicts.outcomes import RECONTACT, Lived, Visited, Words

AT_ONCE = 2_000
BEFORE = (LinkKind.OPENED_BY, LinkKind.SAID_BEFORE)
PEOPLE = ("userTask", "manualTask")


@dataclass
class Gathered:
    """What is known of the cases, by id."""

    cases: list[ArmCase]
    words: dict[int, list[Words]] = field(default_factory=lambda: defaultdict(list))
    contacts: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    visits: dict[int, list[Visited]] = field(default_factory=lambda: defaultdict(list))
    escapes: dict[int, list[datetime]] = field(default_factory=lambda: defaultdict(list))
    customers: dict[int, int] = field(default_factory=dict)
    """The customer whose words were linked to it first; cases without are of nobody known."""
    channels: dict[int, str] = field(default_factory=dict)
    """By which the words that opened it came: no outcome may be in it."""
    sources: dict[int, str] = field(default_factory=dict)
    models: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    """The classifiers that read what counts of it."""
    suggested: dict[int, list[Words]] = field(default_factory=lambda: defaultdict(list))
    """Words whose link to the case waits for a person."""
    undated: int = 0
    """Words of which nobody knows when they were said; they count nowhere."""

    def lived(self, case: ArmCase, *, with_suggested: bool = False) -> Lived:
        """What is known of a case; `with_suggested`: as if every suggested link were confirmed."""
        number = case.instance_id
        words = (*self.words[number], *(self.suggested.get(number, ()) if with_suggested else ()))
        return Lived(
            case.started_at, case.ended_at, words, tuple(self.contacts[number]),
            tuple(self.visits[number]), tuple(self.escapes[number]),
        )  # fmt: skip


def gather(work: Work, cases: list[ArmCase], measures: Iterable[str]) -> Gathered:
    """What these measures need to know of the cases."""
    wanted, found = set(measures), Gathered(cases)
    starts = {each.instance_id: each.started_at for each in cases}
    for some in _chunks(list(starts)):
        _read_words(work, found, starts, some)
        if wanted & {"waiting", "work", "rework"}:
            _read_visits(work, found, some)
        if "escapes" in wanted:
            escaped = select(Escape.instance_id, Escape.said_at).where(Escape.instance_id.in_(some))
            for number, at in work.session.execute(escaped):
                found.escapes[number or 0].append(at)
    if "recontact_7d" in wanted:
        _read_contacts(work, found)
    return found


def _read_words(work: Work, found: Gathered, starts: Mapping[int, datetime], some: Sequence[int]) -> None:
    rows = work.session.execute(
        select(
            Attribution.instance_id, Attribution.kind, FeedbackItem.said_at, FeedbackItem.channel,
            FeedbackItem.source, FeedbackItem.customer_id, Classification.primary, Classification.sentiment,
            Classification.abstained, Classification.model_version,
        )
        .join(FeedbackItem, FeedbackItem.id == Attribution.item_id)
        .outerjoin(Classification, (Classification.item_id == FeedbackItem.id) & Classification.current)
        .where(Attribution.instance_id.in_(some), Attribution.valid_to.is_(None), FeedbackItem.current)
        .order_by(Attribution.id)
    )  # fmt: skip
    for row in rows:
        number = row.instance_id
        if row.customer_id is not None:
            found.customers.setdefault(number, row.customer_id)
        if row.kind in BEFORE:
            found.channels.setdefault(number, row.channel)
            found.sources.setdefault(number, row.source)
        if row.said_at is None:
            found.undated += 1
            continue
        if row.said_at < starts[number]:
            continue
        bad = not row.abstained and is_negative(row.sentiment)
        complaint = row.primary == "complaint" and not row.abstained
        if row.kind == LinkKind.SUGGESTED and (bad or complaint):
            found.suggested[number].append(Words(row.said_at, bad, complaint))
        if row.kind not in LIVED:
            continue
        found.words[number].append(Words(row.said_at, bad, complaint))
        if row.model_version and not row.model_version.startswith("human:"):
            found.models[number].add(row.model_version)


def _read_visits(work: Work, found: Gathered, some: Sequence[int]) -> None:
    for visit in engine_queries.visits_of_instances(work, some):
        if visit.type in PEOPLE:
            found.visits[visit.instance_id].append(
                Visited(visit.element, visit.opened_at, visit.claimed_at, visit.closed_at)
            )


def _read_contacts(work: Work, found: Gathered) -> None:
    """What the customers of ended cases said within the days after their end."""
    ended = [each for each in found.cases if each.ended_at is not None and each.instance_id in found.customers]
    said: dict[int, list[datetime]] = defaultdict(list)
    for some in _chunks(sorted({found.customers[each.instance_id] for each in ended})):
        rows = select(FeedbackItem.customer_id, FeedbackItem.said_at).where(
            FeedbackItem.customer_id.in_(some), FeedbackItem.current, FeedbackItem.said_at.is_not(None)
        )
        for customer, at in work.session.execute(rows):
            if at is not None:
                said[customer or 0].append(at)
    for case in ended:
        end = case.ended_at or case.started_at
        found.contacts[case.instance_id] = [
            at for at in said[found.customers[case.instance_id]] if end < at <= end + RECONTACT
        ]


def _chunks(ids: Sequence[int]) -> Iterator[Sequence[int]]:
    for first in range(0, len(ids), AT_ONCE):
        yield ids[first : first + AT_ONCE]
