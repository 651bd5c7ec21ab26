"""Items that were kept before words were masked: masked little by little, and what was read of them moved along.

The hash of their words stays as it was: it was taken over the words as received, and still is.
"""

from collections.abc import Mapping, Sequence
from typing import Any, cast

import orjson
from sqlalchemy import Table, insert, select, update

from bpm.feedback.models import Classification, FeedbackItem, RawRecord
from bpm.feedback.privacy.items import hide_private
from bpm.feedback.privacy.mask import Masked, Span, mask
from bpm.feedback.privacy.raw_records import seal_plain_records
from bpm.feedback.raw_item import RawItem
from bpm.foundation.work import Transactions, Work
from bpm.search import Changed

ITEM = cast("Table", FeedbackItem.__table__)
CLAIM = cast("Table", Classification.__table__)
RECORD = cast("Table", RawRecord.__table__)

CHUNK = 200
"""Items masked in one transaction."""


def sweep_older_items(unit_of_work: Transactions) -> int:
    """Mask some items that were kept before there was masking, and seal some plain records; gives how many."""
    with unit_of_work.reading() as work:
        if work.session.scalar(_unmasked().limit(1)) is None:
            waiting = work.session.scalar(select(RECORD.c.item_id).where(RECORD.c.key_id == "").limit(1))
            if waiting is None:
                return 0
    with unit_of_work() as work:
        return _mask_some(work) + seal_plain_records(work)


def _unmasked() -> Any:
    return select(ITEM.c.id).where(ITEM.c.masked.is_(None)).order_by(ITEM.c.id)


def _mask_some(work: Work) -> int:
    ids = list(work.session.scalars(_unmasked().limit(CHUNK).with_for_update(skip_locked=True)))
    rows = work.session.execute(
        select(
            ITEM.c.id, ITEM.c.channel, ITEM.c.source, ITEM.c.text, ITEM.c.subject, ITEM.c.question, ITEM.c.extra
        ).where(ITEM.c.id.in_(ids))
    ).all()
    for row in rows:
        before = RawItem(channel=row.channel, source=row.source, text=row.text, subject=row.subject,
                         question=row.question, extra=row.extra)  # fmt: skip
        _write(work, row.id, before, hide_private(before))
    work.publish(Changed("item", tuple(ids)))
    return len(rows)


def _write(work: Work, item_id: int, before: RawItem, after: RawItem) -> None:
    values = {
        "text": after.text,
        "subject": after.subject,
        "question": after.question,
        "extra": after.extra,
        "masked": after.masked,
    }
    work.session.execute(update(ITEM).where(ITEM.c.id == item_id).values(values))
    if after.text == before.text:
        return
    if work.session.get(RawRecord, item_id) is None:
        content = orjson.dumps(after.raw)
        work.session.execute(insert(RECORD), {"item_id": item_id, "key_id": "", "nonce": b"", "content": content})
    masked = mask(before.text)
    if masked.text != after.text:  # turns of a call, masked one by one: what was read there is read again by its words
        masked = Masked(after.text)
    claims = select(CLAIM.c.id, CLAIM.c.evidence).where(CLAIM.c.item_id == item_id)
    for claim_id, evidence in work.session.execute(claims).all():
        moved = moved_along(evidence, masked)
        work.session.execute(update(CLAIM).where(CLAIM.c.id == claim_id).values(evidence=moved))


def moved_along(evidence: Sequence[Mapping[str, Any]], masked: Masked) -> list[dict[str, Any]]:
    """Evidence for the words before masking, at its places in the masked words; what touches a mask is left out."""
    kept = []
    for each in evidence:
        start, end = int(each["start"]), int(each["end"])
        if any(span.start < end and start < span.end for span in masked.spans):
            continue
        shift = sum(_longer(span) for span in masked.spans if span.end <= start)
        if masked.text[start + shift : end + shift] == each["text"]:
            kept.append({**each, "start": start + shift, "end": end + shift})
    return kept


def _longer(span: Span) -> int:
    return len(span.type) + 2 - (span.end - span.start)
