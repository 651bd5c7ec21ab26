"""Which days count otherwise because a customer said something again, or turned out to be another one.

A case counts words of its customer within seven days of its end on the day on which it began. So what is said, or is
somebody else's now, changes the days of the cases that ended in the seven days before; and each case changes its day
once more when its seven days are over and nobody wrote.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from sqlalchemy import select

from bpm.engine.models import ProcessInstance
from bpm.feedback.models import Customer, CustomerChange, CustomerChangePart, CustomerLink, FeedbackItem
from bpm.foundation.work import Work
from bpm.processes.changes.days import chunks, note_cases, note_links
from bpm.processes.changes.marks import MOST, Changes, Mark, note_instants, note_rows
from bpm.processes.models import Attribution

AGAIN_WITHIN = timedelta(days=7)
"""Words so soon after the end of a case are a contact again."""


def note_again(work: Work, found: Changes, items: Iterable[int]) -> None:
    """Cases of the customers of those items that ended shortly before these were said; of nobody's items, all cases."""
    said: dict[int, list[datetime]] = defaultdict(list)
    nobodys: list[datetime] = []
    for some in chunks(sorted(set(items))):
        query = select(FeedbackItem.customer_id, FeedbackItem.said_at).where(
            FeedbackItem.id.in_(some), FeedbackItem.said_at.is_not(None)
        )
        for customer, at in work.session.execute(query):
            if at is not None:
                (nobodys if customer is None else said[customer]).append(at)
    for some in chunks(sorted(said)):
        _note_of_customers(work, found, {customer: said[customer] for customer in some})
    _note_all(work, found, nobodys)


def _note_of_customers(work: Work, found: Changes, said: dict[int, list[datetime]]) -> None:
    times = [at for some in said.values() for at in some]
    case = ProcessInstance
    rows = work.session.execute(
        select(case.id, FeedbackItem.customer_id, case.ended_at)
        .select_from(FeedbackItem)
        .join(Attribution, Attribution.item_id == FeedbackItem.id)
        .join(case, case.id == Attribution.instance_id)
        .where(FeedbackItem.customer_id.in_(said), case.ended_at >= min(times) - AGAIN_WITHIN)
        .where(case.ended_at < max(times))
        .distinct()
    )
    again = {
        case_id
        for case_id, customer, ended in rows
        if ended is not None and any(ended < at <= ended + AGAIN_WITHIN for at in said[customer or 0])
    }
    note_cases(work, found, again)


def _note_all(work: Work, found: Changes, times: Collection[datetime]) -> None:
    """Once for each day: withdrawn items are many, and nobody is left who could tell whose cases they were."""
    for day in sorted({at.replace(hour=0, minute=0, second=0, microsecond=0) for at in times}):
        ended = select(ProcessInstance.id).where(
            ProcessInstance.ended_at >= day - AGAIN_WITHIN, ProcessInstance.ended_at < day + timedelta(days=1)
        )
        note_cases(work, found, work.session.scalars(ended))


def over(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Cases whose seven days are over since the last look."""
    case, until = ProcessInstance, work.now() - AGAIN_WITHIN
    rows = work.session.execute(
        select(case.id, case.ended_at)
        .where(case.ended_at >= mark.settled_at, case.ended_at <= until)
        .order_by(case.ended_at)
        .limit(MOST)
    ).all()
    note_cases(work, found, {row[0] for row in rows})
    full = len(rows) == MOST
    latest = rows[-1][1] if full else until
    found.marks[name] = Mark(0, max(mark.settled_at, latest or until))
    found.more = found.more or full


def changed_people(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Customers whom a colleague made one, or two."""
    change = CustomerChange
    rows = work.session.execute(
        select(change.id, change.at).where(change.id > mark.settled).order_by(change.id).limit(MOST)
    ).all()
    _note_changed(work, found, [row[0] for row in rows])
    note_rows(found, name, mark, rows, work.now())


def undone_people(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """The same, taken back."""
    change = CustomerChange
    rows = work.session.execute(
        select(change.id, change.undone_at).where(change.undone_at >= mark.settled_at).order_by(change.undone_at)
    ).all()
    _note_changed(work, found, [row[0] for row in rows])
    note_instants(found, name, mark, [row[1] for row in rows if row[1]], work.now())


def new_people(work: Work, name: str, mark: Mark, found: Changes) -> None:
    """Whom an import that was undone leaves behind has what was somebody else's."""
    rows = work.session.execute(
        select(Customer.id, Customer.created_at).where(Customer.id > mark.settled).order_by(Customer.id).limit(MOST)
    ).all()
    _note_items_of(work, found, {row[0] for row in rows})
    note_rows(found, name, mark, rows, work.now())


def _note_changed(work: Work, found: Changes, changes: Collection[int]) -> None:
    people: set[int] = set()
    for some in chunks(sorted(changes)):
        query = select(CustomerChange.customer_id, CustomerChange.other_id).where(CustomerChange.id.in_(some))
        people |= {each for row in work.session.execute(query) for each in row if each is not None}
        part = CustomerChangePart
        parts = select(part.thing, part.thing_id, part.field, part.before, part.after).where(part.change_id.in_(some))
        for thing, thing_id, field, before, after in work.session.execute(parts):
            if thing == "customer":
                people.add(thing_id)
            if field == "home_id":
                people |= {int(each) for each in (before, after) if each}
    _note_items_of(work, found, _related(work, people))


def _related(work: Work, people: Collection[int]) -> set[int]:
    """These customers and everybody who points to one of them, or whom one of them points to, directly or not."""
    known, frontier = set(people), set(people)
    while frontier:
        rows = work.session.execute(
            select(Customer.id, Customer.merged_into_id, Customer.origin_id).where(
                Customer.id.in_(frontier) | Customer.merged_into_id.in_(frontier) | Customer.origin_id.in_(frontier)
            )
        )
        frontier = {each for row in rows for each in row if each is not None} - known
        known |= frontier
    return known


def _note_items_of(work: Work, found: Changes, people: Collection[int]) -> None:
    """Everything that those people said, by themselves or as somebody they are one with."""
    for some in chunks(sorted(people)):
        linked = select(CustomerLink.item_id).where(CustomerLink.customer_id.in_(some))
        theirs = select(FeedbackItem.id).where(FeedbackItem.customer_id.in_(some))
        items = {*work.session.scalars(linked), *work.session.scalars(theirs)}
        note_links(work, found, Attribution.item_id, items)
        note_again(work, found, items)
