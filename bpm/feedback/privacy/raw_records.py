"""Raw records: kept apart and sealed where there is a key, opened by right, with a reason, on the audit trail."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

import orjson
from sqlalchemy import Table, select, update

from bpm import audit
from bpm.feedback.bulk import put_all
from bpm.feedback.models import FeedbackItem, RawRecord
from bpm.foundation.errors import InvalidInputError, NotFoundError, SecretUnreadableError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.secrets import REMEDY, Keyring, Owner, Sealed, open_sealed, read_keyring, seal

RECORD = cast("Table", RawRecord.__table__)
ITEM = cast("Table", FeedbackItem.__table__)

CHUNK = 500
"""Records sealed in one transaction."""


def keep_raw(work: Work, records: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """Keep the record of each item, as (item, record); an empty one is none."""
    keyring = read_keyring(work.settings)
    rows = [_row(keyring, item_id, orjson.dumps(record).decode()) for item_id, record in records if record]
    put_all(work, RawRecord, rows)


def open_raw(work: Work, item_ids: Sequence[int], *, reason: str) -> dict[int, dict[str, Any]]:
    """Item -> its record as it was received; who opens it, and why, goes on the audit trail.

    ForbiddenError without the right, InvalidInputError without a reason, NotFoundError for an item that is not there,
    SecretUnreadableError when no key at hand opens one. An item whose record is gone has an empty one.
    """
    demand(work.actor, Permission.RAW)
    said = _demanded(reason)
    keyring = read_keyring(work.settings)
    rows = work.session.execute(
        select(ITEM.c.id, ITEM.c.customer_id, RECORD.c.key_id, RECORD.c.nonce, RECORD.c.content)
        .outerjoin(RECORD, RECORD.c.item_id == ITEM.c.id)
        .where(ITEM.c.id.in_(item_ids))
    ).all()
    missing = set(item_ids) - {row.id for row in rows}
    if missing:
        raise NotFoundError(_("There is no item %(id)s.") % {"id": min(missing)})
    for row in rows:
        about = f"customer {row.customer_id}" if row.customer_id else f"item {row.id}"
        audit.record(work, "item.open_raw", audit.Thing("item", row.id, about=about), reason=said)
    return {row.id: _opened(keyring, row) for row in rows}


def note_export(work: Work, *, reason: str) -> None:
    """Say on the audit trail that every record is handed out, and why: once for all, before the first."""
    demand(work.actor, Permission.RAW)
    audit.record(work, "items.export_raw", audit.Thing("items", "all", "Raw records"), reason=_demanded(reason))


def read_records(work: Work, item_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    """Item -> its record, for an export that was noted."""
    keyring = read_keyring(work.settings)
    rows = work.session.execute(select(RECORD).where(RECORD.c.item_id.in_(item_ids))).all()
    return {row.item_id: _opened(keyring, row, row.item_id) for row in rows}


def seal_plain_records(work: Work, *, most: int = CHUNK) -> int:
    """Seal records that were kept before there was a key; gives how many."""
    keyring = read_keyring(work.settings)
    return _reseal(work, keyring, "", most) if keyring.current else 0


def reseal_records(work: Work) -> int:
    """Seal with the current key what an older one sealed; what no key opens is left as it is. Gives how many."""
    keyring, done = read_keyring(work.settings), 0
    for key_id in work.session.scalars(select(RECORD.c.key_id).distinct().where(RECORD.c.key_id != keyring.current)):
        while key_id in keyring.keys and (sealed := _reseal(work, keyring, key_id, CHUNK)):
            done += sealed
    return done


def _reseal(work: Work, keyring: Keyring, key_id: str, most: int) -> int:
    chosen = select(RECORD).where(RECORD.c.key_id == key_id).order_by(RECORD.c.item_id).limit(most)
    rows = work.session.execute(chosen.with_for_update(skip_locked=True)).all()
    for row in rows:
        anew = _row(keyring, row.item_id, orjson.dumps(_opened(keyring, row, row.item_id)).decode())
        work.session.execute(update(RECORD).where(RECORD.c.item_id == row.item_id).values(anew))
    return len(rows)


def _row(keyring: Keyring, item_id: int, written: str) -> dict[str, Any]:
    if not keyring.current:
        return {"item_id": item_id, "key_id": "", "nonce": b"", "content": written.encode()}
    sealed = seal(keyring.sealing, _owner(item_id), written)
    return {"item_id": item_id, "key_id": sealed.key_id, "nonce": sealed.nonce, "content": sealed.ciphertext}


def _opened(keyring: Keyring, row: Any, item_id: int | None = None) -> dict[str, Any]:
    if row.content is None:
        return {}
    if not row.key_id:
        return cast("dict[str, Any]", orjson.loads(row.content))
    owner, key = _owner(row.id if item_id is None else item_id), keyring.keys.get(row.key_id)
    written = open_sealed(key, owner, Sealed(row.key_id, row.nonce, row.content)) if key else None
    if written is None:
        raise SecretUnreadableError(_("The raw record cannot be opened. It is kept as it is."), remedy=REMEDY)
    return cast("dict[str, Any]", orjson.loads(written))


def _owner(item_id: int) -> Owner:
    return Owner("raw_record", str(item_id))


def _demanded(reason: str) -> str:
    said = reason.strip()
    if not said:
        why = _("Say why you open what was masked.")
        raise InvalidInputError(why, fields={"reason": why}, remedy=_("It goes on the audit trail."))
    return said
