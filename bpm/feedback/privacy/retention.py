"""How long each class of private data is kept, everywhere or of one source; to keep less waits, and can be stopped.

Counts, labels and instants stay; so do the keys by which an item is known again, or an import would bring it back.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, delete, exists, select, update

from bpm import audit, search
from bpm.feedback.models import Classification, ContactPoint, DataRetention, FeedbackItem, RawRecord
from bpm.feedback.status import DataClass
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected
from bpm.identity import Permission, demand

ITEM = cast("Table", FeedbackItem.__table__)
RECORD = cast("Table", RawRecord.__table__)
CLAIM = cast("Table", Classification.__table__)
POINT = cast("Table", ContactPoint.__table__)
RULE = cast("Table", DataRetention.__table__)

CHUNK = 500
"""Rows of one rule that go in one transaction."""
MOST_DAYS = 36_500
GONE = "[erased]"


def keep_for(
    work: Work, data_class: DataClass, days: int | None, *, source: str = "", reason: str = ""
) -> DataRetention:
    """Keep this class for so many days, None for ever; of one source, or of all that have no rule of their own.

    More takes effect at once, less after EARSHOT_RETENTION_GRACE_HOURS: until then the same call with what holds now
    takes it back. ForbiddenError without the right, InvalidInputError without a reason or with impossible days.
    """
    demand(work.actor, Permission.RAW)
    if days is not None and not 1 <= days <= MOST_DAYS:
        raise InvalidInputError(_("Give whole days from 1 to %(most)s.") % {"most": MOST_DAYS}, place="days")
    if not reason.strip():
        raise InvalidInputError(_("Say why."), place="reason", remedy=_("It goes on the audit trail."))
    query = select(DataRetention).where(DataRetention.data_class == data_class, DataRetention.source == source)
    rule = work.session.scalars(query).one_or_none() or DataRetention(data_class=data_class, source=source)
    before = rule.keep_for_days
    less = days is not None and (before is None or days < before)
    rule.keep_for_days = before if less else days
    rule.wished_days = days if less else None
    rule.due_at = work.now() + timedelta(hours=work.settings.retention_grace_hours) if less else None
    rule.reason, rule.asked_by_name, rule.asked_at = reason.strip(), work.actor.display_name, work.now()
    work.session.add(rule)
    work.session.flush()
    thing = audit.Thing("retention", rule.id, f"{data_class} {source}".strip())
    audit.record(work, "data.keep", thing, before={"days": before}, after={"days": days}, reason=reason)
    return rule


def list_rules(work: Work) -> list[DataRetention]:
    """Every rule, by class and source."""
    return list(work.session.scalars(select(DataRetention).order_by(DataRetention.data_class, DataRetention.source)))


def sweep_data(transactions: Transactions) -> int:
    """Let due wishes take effect, then take a bounded number of rows whose time is over; gives how many."""
    with transactions.reading() as work:
        if not work.session.scalar(select(exists().where(RULE.c.id > 0))):
            return 0
    with transactions() as work:
        for rule in list_rules(work):
            if rule.due_at is not None and rule.due_at <= work.now():
                rule.keep_for_days, rule.wished_days, rule.due_at = rule.wished_days, None, None
        work.session.flush()
        return sum(_take(work, rule, until, own) for rule, until, own in _in_force(work))


def _in_force(work: Work) -> Iterator[tuple[DataRetention, datetime, list[str]]]:
    """Each rule with the instant before which its data go, and the sources that have rules of their own."""
    rules = list_rules(work)
    for rule in rules:
        if rule.keep_for_days is not None:
            own = [other.source for other in rules if other.data_class == rule.data_class and other.source]
            yield rule, work.now() - timedelta(days=rule.keep_for_days), own


def _take(work: Work, rule: DataRetention, until: datetime, own: list[str]) -> int:
    done = _TAKES[rule.data_class](work, until, lambda column: _of(column, rule, own))
    if done:
        thing = audit.Thing("retention", rule.id, f"{rule.data_class} {rule.source}".strip())
        audit.record(work, "data.expire", thing, after={"rows": done})
    return done


def _of(column: Any, rule: DataRetention, own: list[str]) -> Any:
    return column == rule.source if rule.source else column.not_in(own)


def _take_raw(work: Work, until: datetime, of: Any) -> int:
    old = select(RECORD.c.item_id).join(ITEM, ITEM.c.id == RECORD.c.item_id)
    ids = list(work.session.scalars(old.where(ITEM.c.received_at < until, of(ITEM.c.source)).limit(CHUNK)))
    return affected(work, delete(RECORD).where(RECORD.c.item_id.in_(ids))) if ids else 0


def _take_words(work: Work, until: datetime, of: Any) -> int:
    old = select(ITEM.c.id).where(ITEM.c.received_at < until, of(ITEM.c.source), ITEM.c.erased_at.is_(None))
    ids = list(work.session.scalars(old.order_by(ITEM.c.id).limit(CHUNK)))
    if ids:
        bare = {"text": GONE, "subject": "", "question": "", "author_name": "", "author_handle": "", "url": "",
                "extra": {}, "erased_at": work.now()}  # fmt: skip
        work.session.execute(update(ITEM).where(ITEM.c.id.in_(ids)).values(bare))
        work.session.execute(update(CLAIM).where(CLAIM.c.item_id.in_(ids)).values(evidence=[]))
        work.session.execute(delete(RECORD).where(RECORD.c.item_id.in_(ids)))
        _out_of_the_search(work, "item", ids)
    return len(ids)


def _take_contacts(work: Work, until: datetime, of: Any) -> int:
    since = exists().where(ITEM.c.customer_id == POINT.c.customer_id, ITEM.c.received_at >= until)
    old = select(POINT.c.id, POINT.c.customer_id).where(
        POINT.c.created_at < until, of(POINT.c.source), POINT.c.value.not_like("erased %"), ~since
    )
    points = work.session.execute(old.limit(CHUNK)).all()
    for point in points:
        values = {"value": f"erased {point.id}", "evidence": {}}
        work.session.execute(update(POINT).where(POINT.c.id == point.id).values(values))
    if points:
        _out_of_the_search(work, "customer", sorted({point.customer_id for point in points}))
    return len(points)


def _out_of_the_search(work: Work, kind: str, ids: list[int]) -> None:
    """None of the words that went stays in the index; what is left is read into it anew."""
    search.erase(work, kind, ids)
    work.publish(search.Changed(kind, tuple(ids)))


_TAKES = {DataClass.RAW: _take_raw, DataClass.WORDS: _take_words, DataClass.CONTACTS: _take_contacts}
