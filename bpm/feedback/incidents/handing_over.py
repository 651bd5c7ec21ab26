"""The worker's part of an update: what waits is handed to the way out, in the author's name, each person once.

1. A worker claims waiting rows by a conditional UPDATE and hands each on in the same transaction. What dies in between
   is as if it had never been: nobody is told twice, nobody is left out.
2. Who they are, and whether they are linked, is asked as it is then: people are merged, items taken out, incidents
   dismissed while an update waits. Whoever is held back is named with the reason.
"""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.exc import OperationalError

from bpm.feedback import outbound
from bpm.feedback.incidents.telling import ITEM, LINK, TOLD, UPDATE
from bpm.feedback.items import at_hand, get_current
from bpm.feedback.models import Incident
from bpm.feedback.outbound import Wish
from bpm.feedback.outbound.places import preferred_channel
from bpm.feedback.status import IncidentStatus, ToldStatus
from bpm.foundation.errors import ConflictError, EarshotError
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Actor, Transactions, Work
from bpm.identity import find_actors

log = logger(__name__)

AT_ONCE = 200
IN_ONE = 50
"""Messages in one transaction: on SQLite nobody else writes meanwhile."""

NOBODY = Actor(name="left", display_name="somebody who left")
"""Stands for an author who does not sign in any more: nothing more is said in their name."""

Tell = Callable[[Work, int, str, str], int]
"""(transaction, item, words, key): answers an item in the name of who acts, once under a key; gives the reply's id.

EarshotError: it may not go."""
SEEN = frozenset({"incident", "canned", "answered_meanwhile", "preferred_channel"})
"""What the gate warns of that whoever writes one update to all has seen: they are the same words, about an incident."""


def _send(work: Work, item_id: int, text: str, key: str) -> int:
    """By the one gate, where they want to be spoken to if there is such an address, else where they said it."""
    row = outbound.send(work, Wish(item_id, text, place=_wanted_place(work, item_id), key=key, confirmed=SEEN))
    if row.reply_id is None:
        raise ConflictError(_("The message stands in no conversation."), remedy=_("Answer them by hand."))
    return row.reply_id


def _wanted_place(work: Work, item_id: int) -> str:
    item = get_current(work, item_id)
    wanted = preferred_channel(work, item)
    if not wanted or wanted == item.channel:
        return ""
    return next((each.key for each in outbound.places_of(work, item).all if each.channel == wanted and each.leaves), "")


def sweep_updates(unit_of_work: Transactions, tell: Tell = _send) -> int:
    """Hand on some of what waits to be told; gives how many people it concerns."""
    with unit_of_work.reading() as work:
        found = work.session.execute(
            select(TOLD.c.id, TOLD.c.item_id, TOLD.c.update_id, UPDATE.c.text, UPDATE.c.author_user_id)
            .join(UPDATE, UPDATE.c.id == TOLD.c.update_id)
            .where(TOLD.c.status == ToldStatus.WAITING)
            .order_by(TOLD.c.update_id, TOLD.c.id)
            .limit(AT_ONCE)
        ).all()
        authors = find_actors(work, {row.author_user_id for row in found})
    for _update, same in groupby(found, key=lambda row: row.update_id):
        rows = list(same)
        for start in range(0, len(rows), IN_ONE):
            _tell_some(unit_of_work, authors.get(rows[0].author_user_id, NOBODY), rows[start : start + IN_ONE], tell)
    return len(found)


def _tell_some(unit_of_work: Transactions, author: Actor, rows: Sequence[Any], tell: Tell) -> None:
    """Together, or one by one where one of them breaks what nobody foresaw: it is then held back and named."""
    try:
        with unit_of_work(author) as work:
            _hand_over(work, rows, tell)
    except OperationalError:
        raise  # the database itself is in trouble: all of it is tried again
    except Exception as error:  # one person's oddity must not keep the others from being told
        if len(rows) > 1:
            for row in rows:
                _tell_some(unit_of_work, author, [row], tell)
            return
        log.exception("an update could not be told", told=rows[0].id)
        if not isinstance(error, ConflictError):  # a lost race is tried again
            with unit_of_work(author) as work:
                _settle(work, [_became(rows[0].id, ToldStatus.HELD_BACK, why=str(error))])


def _hand_over(work: Work, rows: Sequence[Any], tell: Tell) -> None:
    claiming = update(TOLD).where(TOLD.c.id.in_([row.id for row in rows]), TOLD.c.status == ToldStatus.WAITING)
    mine = set(work.session.scalars(claiming.values(status=ToldStatus.TOLD, at=work.now()).returning(TOLD.c.id)))
    taken = [row for row in rows if row.id in mine]
    held = at_hand(work, [row.item_id for row in taken])
    against = _against(work, taken)
    _settle(work, [against.get(row.id) or _told(work, row, tell) for row in taken])
    del held


def _against(work: Work, rows: Sequence[Any]) -> dict[int, dict[str, Any]]:
    """Row -> that it is held back: it was taken out of the incident since, or is another name of somebody who is told.

    Who they are, and whether they are linked, is asked as it is now: both may have changed since the author spoke.
    """
    ids = [row.id for row in rows]
    linked = exists().where(LINK.c.item_id == ITEM.c.id, LINK.c.incident_id == UPDATE.c.incident_id,
                            LINK.c.removed_at.is_(None))  # fmt: skip
    dismissed = exists().where(Incident.id == UPDATE.c.incident_id, Incident.status == IncidentStatus.DISMISSED)
    now = work.session.execute(
        select(TOLD.c.id, TOLD.c.update_id, ITEM.c.customer_id, (linked & ~dismissed).label("linked"))
        .join(ITEM, ITEM.c.id == TOLD.c.item_id)
        .join(UPDATE, UPDATE.c.id == TOLD.c.update_id)
        .where(TOLD.c.id.in_(ids))
        .order_by(TOLD.c.id)
    ).all()
    others = work.session.execute(
        select(TOLD.c.update_id, ITEM.c.customer_id)
        .join(ITEM, ITEM.c.id == TOLD.c.item_id)
        .where(
            TOLD.c.update_id.in_({row.update_id for row in now}),
            ITEM.c.customer_id.in_({row.customer_id for row in now}),
            TOLD.c.status == ToldStatus.TOLD,
            TOLD.c.id.not_in(ids),
        )
    )
    told = {(row.update_id, row.customer_id) for row in others}
    held: dict[int, dict[str, Any]] = {}
    for row in now:
        person = (row.update_id, row.customer_id)
        if not row.linked:
            why = _("The item was taken out, or the incident dismissed, before anything was said.")
        elif row.customer_id is not None and person in told:
            why = _("They are somebody who is told already.")
        else:
            told.add(person)
            continue
        held[row.id] = _became(row.id, ToldStatus.HELD_BACK, why=why)
    return held


def _told(work: Work, row: Any, tell: Tell) -> dict[str, Any]:
    try:
        reply_id = tell(work, row.item_id, row.text, f"incident told {row.id}")
    except EarshotError as error:
        return _became(row.id, ToldStatus.HELD_BACK, why=str(error))
    return _became(row.id, ToldStatus.TOLD, reply_id=reply_id)


def _became(told_id: int, status: ToldStatus, *, reply_id: int | None = None, why: str = "") -> dict[str, Any]:
    return {"told": told_id, "state": status, "reply": reply_id, "because": why[:400]}


def _settle(work: Work, settled: Sequence[dict[str, Any]]) -> None:
    became: dict[Any, Any] = {
        "status": bindparam("state"),
        "reply_id": bindparam("reply"),
        "why": bindparam("because"),
        "at": bindparam("now"),
    }
    if settled:
        rows = [{**each, "now": work.now()} for each in settled]
        work.session.connection().execute(update(TOLD).where(TOLD.c.id == bindparam("told")).values(became), rows)
    work.nudge("incidents")
