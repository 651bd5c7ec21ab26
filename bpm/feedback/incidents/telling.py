"""One act tells everybody: a named person's words go to each linked person once, on the channel they used last.

1. The person's act writes the update and one waiting row for each linked person, in one transaction: a handful of
   statements, however many they are.
2. A worker hands the waiting rows to the way out, in the author's name: `handing_over`.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, func, insert, select

from bpm.feedback.incidents.records import get_incident, note, person, put_on_trail, under_way, words
from bpm.feedback.incidents.workarounds import share_in, shared_words
from bpm.feedback.models import FeedbackItem, Incident, IncidentItem, IncidentTold, IncidentUpdate
from bpm.feedback.outbound.gate.private_asks import NAMES, asked_for
from bpm.feedback.outbound.mentoring import refuse_while_learning
from bpm.feedback.status import KNOWN_INCIDENTS, ToldStatus, UpdateKind
from bpm.foundation.errors import ConflictError, InvalidInputError, NotFoundError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _, ngettext
from bpm.foundation.work import Work

log = logger(__name__)

ITEM = cast("Table", FeedbackItem.__table__)
LINK = cast("Table", IncidentItem.__table__)
TOLD = cast("Table", IncidentTold.__table__)
UPDATE = cast("Table", IncidentUpdate.__table__)

NEXT_WITHIN = timedelta(days=90)
"""The next word to people who wait is promised within this time."""


def send_update(
    work: Work,
    incident_id: int,
    text: str,
    *,
    next_at: datetime | None,
    is_public: bool = True,
    workarounds: Collection[int] = (),
) -> IncidentUpdate:
    """Say something new to everybody who is linked, and in public unless told not to; it promises the next word.

    ForbiddenError unless a person acts; InvalidInputError without words or without a time to come (field `next_at`);
    ConflictError before anybody acknowledged it.
    """
    incident = under_way(work, incident_id, *KNOWN_INCIDENTS)
    return write_update(
        work, incident, UpdateKind.UPDATE, text, next_at=next_at, is_public=is_public, workarounds=workarounds
    )


def write_update(
    work: Work,
    incident: Incident,
    kind: UpdateKind,
    text: str,
    *,
    next_at: datetime | None,
    is_public: bool,
    workarounds: Collection[int] = (),
    only: Iterable[tuple[str, int]] | None = None,
) -> IncidentUpdate:
    """Keep what is said and to whom; `only`: (person, item) of those, instead of everybody who is linked."""
    author = person(work)
    refuse_while_learning(work)
    said = words(text, "text", _("Write what people should know."))
    if kind is not UpdateKind.ALL_CLEAR:
        _demand_promise(work, next_at)
    if is_public:
        _refuse_private(said)
    shared = shared_words(work, incident.id, workarounds)
    row = IncidentUpdate(
        incident_id=incident.id,
        kind=kind,
        text="\n\n".join([said, *shared]),
        author_user_id=author,
        approved_at=work.now(),
        is_public=is_public,
        next_at=next_at,
    )
    work.session.add(row)
    work.session.flush()
    share_in(work, row.id, workarounds)
    row.people = _wait_for(work, row.id, _linked_people(work, incident.id) if only is None else only)
    incident.next_update_at, incident.due_told_at = next_at, None
    told = ngettext("to %(n)s person", "to %(n)s people", row.people) % {"n": row.people}
    where = _("in public and %(told)s") % {"told": told} if is_public else told
    note(work, incident, kind, _("%(where)s: %(text)s") % {"where": where, "text": row.text})
    after = {"kind": kind, "people": row.people, "public": is_public, "text": row.text}
    put_on_trail(work, "tell", incident, before={"update": None}, after=after)
    work.nudge("feedback")
    return row


def _demand_promise(work: Work, next_at: datetime | None) -> None:
    if next_at is None or next_at <= work.now():
        problem = _("Say when people hear from us again.")
        raise InvalidInputError(
            _("An update promises the next one."), remedy=_("Give a time to come."), fields={"next_at": problem}
        )
    if next_at > work.now() + NEXT_WITHIN:
        problem = _("Choose a time within %(days)s days.") % {"days": NEXT_WITHIN.days}
        raise InvalidInputError(_("An update promises the next one."), remedy=problem, fields={"next_at": problem})


def _refuse_private(text: str) -> None:
    asked = asked_for(text)
    if asked:
        what = {"what": ", ".join(NAMES[kind] for kind in asked)}
        problem = _("This asks for %(what)s where everybody can read the answer.") % what
        raise InvalidInputError(problem, remedy=_("Ask for nothing private in public."), fields={"text": problem})


def _wait_for(work: Work, update_id: int, people: Iterable[tuple[str, int]]) -> int:
    rows = [{"update_id": update_id, "person": who, "item_id": item_id} for who, item_id in people]
    if rows:
        work.session.execute(insert(IncidentTold), [{**row, "status": ToldStatus.WAITING, "why": ""} for row in rows])
    return len(rows)


def _linked_people(work: Work, incident_id: int) -> list[tuple[str, int]]:
    """(person, their newest item) of everybody who is linked, in the order in which they spoke last."""
    rows = work.session.execute(
        select(ITEM.c.id, ITEM.c.customer_id)
        .join(LINK, LINK.c.item_id == ITEM.c.id)
        .where(
            LINK.c.incident_id == incident_id,
            LINK.c.removed_at.is_(None),
            ITEM.c.current,
            ITEM.c.erased_at.is_(None),
            ITEM.c.conversation_id.is_not(None),
        )
        .order_by(ITEM.c.placed_at, ITEM.c.id)
    )
    newest = {name_of(customer_id, item_id): item_id for item_id, customer_id in rows}
    return list(newest.items())


def name_of(customer_id: int | None, item_id: int) -> str:
    """How a person stands in `IncidentTold`: nobody is told twice by having said it twice."""
    return f"item {item_id}" if customer_id is None else f"customer {customer_id}"


def _latecomers(work: Work, incident_id: int) -> list[tuple[str, int]]:
    told = (
        select(TOLD.c.person).join(UPDATE, UPDATE.c.id == TOLD.c.update_id).where(UPDATE.c.incident_id == incident_id)
    )
    known = set(work.session.scalars(told.distinct()))
    return [(who, item_id) for who, item_id in _linked_people(work, incident_id) if who not in known]


def count_latecomers(work: Work, incident_id: int) -> int:
    """How many are linked and were told nothing, because they came after the last update."""
    return len(_latecomers(work, incident_id))


def tell_latecomers(work: Work, incident_id: int) -> IncidentUpdate:
    """A person says to those who came later what was said last; ConflictError where nothing was, or nobody came."""
    incident = under_way(work, incident_id, *KNOWN_INCIDENTS)
    last = work.session.scalar(
        select(IncidentUpdate)
        .where(IncidentUpdate.incident_id == incident_id, IncidentUpdate.kind != UpdateKind.ALL_CLEAR)
        .order_by(IncidentUpdate.id.desc())
        .limit(1)
    )
    people = _latecomers(work, incident_id)
    if last is None or not people:
        raise ConflictError(_("Everybody who is linked was told."), remedy=_("Write a new update."))
    if last.next_at is None or last.next_at <= work.now():
        raise ConflictError(_("What was said last is out of date."), remedy=_("Write a new update."))
    return write_update(
        work, incident, UpdateKind.UPDATE, last.text, next_at=last.next_at, is_public=False, only=people
    )


def mark_posted(work: Work, update_id: int, url: str) -> IncidentUpdate:
    """A person says where they posted the words of an update by hand."""
    person(work)
    row = work.session.get(IncidentUpdate, update_id)
    if row is None:
        raise NotFoundError(_("There is no update %(id)s.") % {"id": update_id})
    address = url.strip()[:1000]
    if not address.startswith(("https://", "http://")):
        problem = _("Give the address of the post.")
        raise InvalidInputError(_("This is no address."), remedy=problem, fields={"url": problem})
    row.posted_url = address
    incident = get_incident(work, row.incident_id)
    note(work, incident, "posted", address)
    put_on_trail(work, "post", incident, before={"posted": ""}, after={"posted": address})
    return row


def count_told(work: Work, update_ids: Collection[int]) -> dict[tuple[int, str], int]:
    """(update, status) -> how many people."""
    if not update_ids:
        return {}
    counted = (
        select(TOLD.c.update_id, TOLD.c.status, func.count())
        .where(TOLD.c.update_id.in_(update_ids))
        .group_by(TOLD.c.update_id, TOLD.c.status)
    )
    return {(row[0], row[1]): row[2] for row in work.session.execute(counted)}
