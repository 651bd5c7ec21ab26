"""Everything that is one customer's: items, conversations, cases, files, and what they said and are called."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, exists, or_, select

from bpm.attachments.models import Attachment
from bpm.engine.models import ProcessDefinition, ProcessInstance
from bpm.feedback import CHANNELS, KINDS
from bpm.feedback.models import (
    Classification,
    ContactPoint,
    Conversation,
    Customer,
    CustomerLink,
    FeedbackItem,
    RawRecord,
)
from bpm.feedback.people import one_with
from bpm.feedback.privacy.raw_records import read_records
from bpm.foundation.errors import NotFoundError, SecretUnreadableError
from bpm.foundation.personal_data import Rows
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import Group
from bpm.processes.erasure.telling import Telling
from bpm.processes.models import Attribution, TriggerFiring

ITEM = cast("Table", FeedbackItem.__table__)
LINK = cast("Table", CustomerLink.__table__)
FIRING = cast("Table", TriggerFiring.__table__)
ATTRIBUTION = cast("Table", Attribution.__table__)
INSTANCE = cast("Table", ProcessInstance.__table__)
FILE = cast("Table", Attachment.__table__)
CLAIM = cast("Table", Classification.__table__)


@dataclass(frozen=True)
class Person:
    """One customer's things, by id."""

    customer_id: int
    items: tuple[int, ...]
    conversations: tuple[int, ...]
    cases: tuple[int, ...]
    own_cases: frozenset[int]
    """Cases that no other customer's words started or joined."""
    attachments: tuple[int, ...]
    also: tuple[int, ...] = ()
    """Customers who are one with this one by people's word."""

    def ids(self, rows: Rows) -> Sequence[int]:
        """The ids that rows of a table are found by."""
        by: dict[str, Sequence[int]] = {
            "customer": (self.customer_id, *self.also),
            "item": self.items,
            "conversation": self.conversations,
            "case": self.cases,
            "attachment": self.attachments,
        }
        return by[rows.of]


def find_person(work: Work, customer_id: int) -> Person:
    """What is theirs; NotFoundError when there is no such customer."""
    if work.session.get(Customer, customer_id) is None:
        raise NotFoundError(_("There is no customer %(id)s.") % {"id": customer_id})
    linked = select(LINK.c.item_id).where(LINK.c.customer_id == customer_id, LINK.c.valid_to.is_(None))
    theirs = or_(ITEM.c.customer_id == customer_id, ITEM.c.id.in_(linked))
    items = tuple(work.session.scalars(select(ITEM.c.id).where(theirs).order_by(ITEM.c.id)))
    conversations = tuple(work.session.scalars(select(Conversation.id).where(Conversation.customer_id == customer_id)))
    cases = _cases(work, items)
    shared = select(FIRING.c.instance_id).where(FIRING.c.instance_id.in_(cases), FIRING.c.item_id.not_in(items))
    own = frozenset(cases) - set(work.session.scalars(shared))
    of_cases = (FILE.c.about_type == "case") & FILE.c.about_id.in_(cases)
    of_items = FILE.c.about_type.in_(("item", "answer")) & FILE.c.about_id.in_(items)
    files = tuple(work.session.scalars(select(FILE.c.id).where(or_(of_cases, of_items))))
    return Person(customer_id, items, conversations, cases, own, files, one_with(work, customer_id))


def _cases(work: Work, items: Sequence[int]) -> tuple[int, ...]:
    """Cases that their words started or joined, and cases that take those up again."""
    linked = select(FIRING.c.instance_id).where(FIRING.c.item_id.in_(items), FIRING.c.instance_id.is_not(None))
    told = select(ATTRIBUTION.c.instance_id).where(
        ATTRIBUTION.c.item_id.in_(items), ATTRIBUTION.c.instance_id.is_not(None)
    )
    found = set(work.session.scalars(linked)) | set(work.session.scalars(told))
    fresh = found
    while fresh:
        again = set(work.session.scalars(select(INSTANCE.c.id).where(INSTANCE.c.restarted_from.in_(fresh))))
        fresh = again - found
        found |= fresh
    return tuple(sorted(found))


def telling_of(work: Work, person: Person) -> Telling:
    """What tells of the person; words count as rare when no other customer's item holds them."""
    known: dict[str, bool] = {}

    def is_rare(word: str) -> bool:
        if word not in known:
            other = select(ITEM.c.id).where(
                ITEM.c.text.icontains(word, autoescape=True), ITEM.c.id.not_in(person.items)
            )
            known[word] = not work.session.scalar(select(exists(other)))
        return known[word]

    rows = work.session.execute(
        select(ITEM.c.text, ITEM.c.subject, ITEM.c.question, ITEM.c.author_name, ITEM.c.author_handle,
               ITEM.c.natural_key, ITEM.c.url, ITEM.c.extra).where(ITEM.c.id.in_(person.items))
    ).all()  # fmt: skip
    points = list(
        work.session.scalars(select(ContactPoint.value).where(ContactPoint.customer_id == person.customer_id))
    )
    name = work.session.scalars(select(Customer.name).where(Customer.id == person.customer_id)).one()
    names = [
        name,
        *points,
        *(each for row in rows for each in (row.author_name, row.author_handle, row.natural_key, row.url)),
    ]
    texts = [each for row in rows for each in (row.text, row.subject, row.question, *texts_in(row.extra))]
    called = [name, *(row.author_name for row in rows), *(row.author_handle for row in rows), *points]
    return Telling(
        [*texts, *_raw_texts(work, person)], names, called=called, common=_common(work, person), is_rare=is_rare
    )


def _raw_texts(work: Work, person: Person) -> Iterator[str]:
    """What is masked elsewhere stands here; a record that no key opens tells nothing more."""
    ids = work.session.scalars(select(RawRecord.item_id).where(RawRecord.item_id.in_(person.items))).all()
    for item_id in ids:
        try:
            yield from texts_in(read_records(work, [item_id]))
        except SecretUnreadableError:
            continue


def _common(work: Work, person: Person) -> set[str]:
    """Labels, codes and keys that a text may be without telling of anybody."""
    topics = work.session.scalars(select(CLAIM.c.topic).where(CLAIM.c.item_id.in_(person.items)).distinct())
    sources = work.session.scalars(select(ITEM.c.source).where(ITEM.c.id.in_(person.items)).distinct())
    groups = work.session.scalars(select(Group.key))
    processes = work.session.scalars(select(ProcessDefinition.key))
    found = {*KINDS, *CHANNELS, *groups, *processes, *sources, *(topic for topic in topics if topic)}
    return found | {"negative", "neutral", "positive", "true", "false", "customer", "agent", "erased"}


def texts_in(value: Any) -> Iterator[str]:
    """Every text within a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
