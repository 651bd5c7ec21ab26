"""Erases a customer from every table by the register: counts, instants, labels and figures stay as they were."""

from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import JSON, Table, and_, delete, false, func, or_, select, text, update

from bpm import audit, search
from bpm.engine import api as engine
from bpm.feedback.models import Customer, Erasure, FeedbackItem, Reply
from bpm.feedback.promises import erase_promises_to
from bpm.foundation.db import Base
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.personal_data import How, TableData
from bpm.foundation.texts import _
from bpm.foundation.work import Work, affected
from bpm.identity import Permission, demand
from bpm.processes.erasure.person import Person, find_person, telling_of, texts_in
from bpm.processes.erasure.register import REGISTER
from bpm.processes.erasure.telling import ERASED, Telling, stripped

CHUNK = 300
"""Rows read together."""
WORDS: Mapping[str, str] = {
    "feedback_item": "items", "raw_record": "raw records", "contact_point": "contact points", "reply": "replies",
    "reply_draft": "drafts", "process_instance": "cases", "work_item": "tasks", "task_comment": "comments",
    "task_hand_over": "hand-over notes", "step_record": "steps on record", "attachment": "attached files",
    "recognition": "recognitions", "decision": "decisions", "distribution": "hand-overs to groups",
}  # fmt: skip
"""Table -> what its rows are to people."""


def preview_erasure(work: Work, customer_id: int) -> dict[str, int]:
    """What would go: kind in words -> how many. Writes nothing; ForbiddenError without the right."""
    demand(work.actor, Permission.RAW)
    person = find_person(work, customer_id)
    counts = {}
    for name, words in WORDS.items():
        table = Base.metadata.tables[name]
        counts[words] = (
            work.session.scalar(select(func.count()).select_from(table).where(theirs(table, REGISTER[name], person)))
            or 0
        )
    return counts


def erase_person(work: Work, customer_id: int, *, reason: str, backups: list[str]) -> Erasure:
    """Erase the customer in this transaction; what went is on record, with the backups that still hold it.

    ForbiddenError without the right, InvalidInputError without a reason, NotFoundError for nobody. Safe to repeat:
    after a backup was put back it is done again.
    """
    went = preview_erasure(work, customer_id)
    if not reason.strip():
        why = _("Say why the person is erased.")
        raise InvalidInputError(why, fields={"reason": why}, remedy=_("It goes on the audit trail."))
    person = find_person(work, customer_id)
    telling = telling_of(work, person)
    erase_promises_to(work, theirs(Base.metadata.tables["promise"], REGISTER["promise"], person))
    if work.session.get_bind().dialect.name == "sqlite":
        work.session.execute(text("PRAGMA secure_delete = ON"))
    changed = {name: _erase_table(work, Base.metadata.tables[name], data, (person, telling))
               for name, data in REGISTER.items()}  # fmt: skip
    about = [f"customer {customer_id}", *(f"item {each}" for each in person.items),
             *(f"case {each}" for each in person.cases)]  # fmt: skip
    values = audit.erase_values(work, about) + audit.erase_values_telling(
        work, lambda details: any(map(telling.tells, texts_in(orjson.loads(details))))
    )
    now = work.now()
    work.session.execute(update(FeedbackItem).where(FeedbackItem.id.in_(person.items)).values(erased_at=now))
    work.session.execute(update(Customer).where(Customer.id == customer_id).values(erased_at=now))
    _out_of_the_index(work, person)
    other = sum(count for name, count in changed.items() if name not in WORDS)
    return _on_record(work, customer_id, went | {"values of the audit trail": values, "other rows": other},
                      reason=telling.scrubbed(reason.strip()), backups=backups)  # fmt: skip


def _out_of_the_index(work: Work, person: Person) -> None:
    """No word stays in the search; what is left of their items and cases is read into it anew."""
    replies = work.session.scalars(select(Reply.id).where(Reply.item_id.in_(person.items))).all()
    theirs_by_kind = {
        "item": person.items, "reply": tuple(replies), "customer": (person.customer_id,), "case": person.cases,
    }  # fmt: skip
    for kind, ids in theirs_by_kind.items():
        search.erase(work, kind, sorted(ids))
        work.publish(search.Changed(kind, tuple(sorted(ids))))


def _on_record(work: Work, customer_id: int, went: dict[str, int], *, reason: str, backups: list[str]) -> Erasure:
    note = _("Backups made before hold it still: delete them, or erase customer %(id)s again after one is put back.")
    erasure = Erasure(
        customer_id=customer_id, reason=reason, went=went, erased_at=work.now(), erased_by=work.actor.user_id,
        backups={"note": note % {"id": customer_id}, "files": backups}, erased_by_name=work.actor.display_name,
    )  # fmt: skip
    work.session.add(erasure)
    work.session.flush()
    audit.record(work, "customer.erase", audit.Thing("customer", customer_id), after=went, reason=reason)
    return erasure


def theirs(table: Table, data: TableData, person: Person) -> Any:
    """The condition that finds their rows."""
    conditions = []
    for rows in data.rows:
        here = table.c[rows.by].in_(person.ids(rows))
        conditions.append(and_(here, table.c[rows.only[0]] == rows.only[1]) if rows.only else here)
    return or_(false(), *conditions)


def _erase_table(work: Work, table: Table, data: TableData, whose: tuple[Person, Telling]) -> int:
    """How many rows were changed."""
    person, telling = whose
    columns = {name: how for name, how in data.erased.items() if how != How.ROOM}
    if not columns:
        return 0
    if data.deleted:
        return affected(work, delete(table).where(theirs(table, data, person)))
    chosen = select(table) if not data.rows else select(table).where(theirs(table, data, person))
    changed = [
        (row, values)
        for row in work.session.execute(chosen, execution_options={"yield_per": CHUNK}).mappings()
        if (values := _anew(table, columns, dict(row), (person, telling)))
    ]
    for row, values in changed:
        here = [key == row[key.name] for key in table.primary_key.columns]
        work.session.execute(update(table).where(*here).values(values))
    return len(changed)


def _anew(
    table: Table, columns: Mapping[str, How], row: Mapping[str, Any], whose: tuple[Person, Telling]
) -> dict[str, Any]:
    """The values of a row that change."""
    person, telling = whose
    case = row.get("instance_id", row["id"] if table.name == "process_instance" else None)
    close = case in person.own_cases
    found = {}
    for name, how in columns.items():
        value = row[name]
        if value is None:
            continue
        changed = _changed(how, value, telling, key=row.get("first_id") or row.get("id"), close=close)
        if how == How.BLANK and table.c[name].nullable and not isinstance(table.c[name].type, JSON):
            changed = None
        if changed != value:
            found[name] = changed
    return found


def _changed(how: How, value: Any, telling: Telling, *, key: Any, close: bool) -> Any:
    if how == How.BLANK:
        return type(value)()
    if how == How.WORDS:
        return ERASED if value else value
    if how == How.KEY:
        return f"erased {key}"
    if how == How.STRIP:
        return stripped(value)
    if how == How.STATE:
        return engine.change_state(value, lambda each: telling.within(each, close=close))
    return telling.within(value, close=close)
