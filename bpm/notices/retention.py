"""Notices end: what is older than the setting says is deleted, read or not."""

from datetime import timedelta
from typing import cast

from sqlalchemy import Table, delete, select

from bpm.foundation.work import Transactions, affected
from bpm.notices.models import PersonNotice

NOTICE = cast("Table", PersonNotice.__table__)
AT_ONCE = 500


def forget_notices(unit_of_work: Transactions) -> int:
    """Delete some notices that came longer ago than notices are kept; gives how many."""
    with unit_of_work.reading() as work:
        before = work.now() - timedelta(days=work.settings.notice_days)
        old = select(NOTICE.c.id).where(NOTICE.c.raised_at < before).order_by(NOTICE.c.raised_at).limit(AT_ONCE)
        ids = list(work.session.scalars(old))
    if not ids:
        return 0
    with unit_of_work() as work:
        return affected(work, delete(NOTICE).where(NOTICE.c.id.in_(ids), NOTICE.c.raised_at < before))
