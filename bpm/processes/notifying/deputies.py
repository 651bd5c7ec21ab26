"""What people are told while they are away is told to their deputies, too, as long as the absence lasts.

1. Looked for here and not where people are told, which would have to ask for absences every time.
2. A notice is passed on once, and again when more of the same comes; not at all where the deputy was told, too.
3. A copy is not passed on again, or two who stand in for each other would tell each other for ever.
4. A deputy is told only what they may see: tasks that they see, promises only with the right to customers' words.
"""

from typing import Any, cast

from sqlalchemy import Table, and_, exists, func, select

from bpm import identity, notices
from bpm.engine import teamwork
from bpm.engine.task_models import Absence
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work
from bpm.identity import Permission, may
from bpm.identity.models import User
from bpm.notices import NoticePreference, PersonNotice, Way
from bpm.processes.notifying.tasks import MINE

NOTICE = cast("Table", PersonNotice.__table__)
PREFERENCE = cast("Table", NoticePreference.__table__)
KINDS = ("assigned", "returned", "mentioned", "due_soon", "overdue", "promise_due", "promise_broken")
COPY = "for:"
THEIRS = "/tasks?scope=deputy"
"""The list of their tasks, as `MINE` is that of one's own."""
AT_ONCE = 200


def sweep_deputies(unit_of_work: Transactions) -> int:
    """Pass on what those who are away were told since; how many notices were passed on."""
    told, after = 0, 0
    while True:  # page by page, for what a deputy may not see stays untold and would stand before all the rest
        with unit_of_work.reading() as work:
            page = work.session.execute(_untold(after)).all()
            rows = [row for row in page if _may_see(work, row)]
        for row in rows:
            with unit_of_work() as work:
                told += _pass_on(work, row)
        if len(page) < AT_ONCE:
            return told
        after = page[-1].id


def _untold(after: int) -> Any:
    """Notices behind `after` of an absence that their reader has not seen to, whose deputy has no copy as young."""
    own = NOTICE.alias("deputys_own")
    has_one = exists().where(
        own.c.user_id == Absence.deputy_id, own.c.kind == NOTICE.c.kind, own.c.about_type == NOTICE.c.about_type,
        own.c.about_id == NOTICE.c.about_id, own.c.raised_at >= NOTICE.c.raised_at,
    )  # fmt: skip
    unwanted = exists().where(
        PREFERENCE.c.user_id == Absence.deputy_id, PREFERENCE.c.kind == NOTICE.c.kind, PREFERENCE.c.way == Way.OFF
    )
    return (
        select(
            NOTICE.c.id, NOTICE.c.kind, NOTICE.c.subject, NOTICE.c.link, NOTICE.c.about_type, NOTICE.c.about_id,
            Absence.deputy_id, User.display_name.label("whose"),
        )
        .join(Absence, and_(Absence.user_id == NOTICE.c.user_id, Absence.is_on))
        .join(User, User.id == NOTICE.c.user_id)
        .where(
            NOTICE.c.id > after,
            NOTICE.c.kind.in_(KINDS),
            NOTICE.c.about_type != "group_task",
            NOTICE.c.raised_at >= Absence.from_at,
            NOTICE.c.read_at.is_(None),
            NOTICE.c.done_at.is_(None),
            func.substr(NOTICE.c.key, 1, len(COPY)) != COPY,
            ~has_one,
            ~unwanted,
        )
        .order_by(NOTICE.c.id)
        .limit(AT_ONCE)
    )  # fmt: skip


def _pass_on(work: Work, row: Any) -> int:
    subject = _("For %(who)s: %(subject)s") % {"who": row.whose, "subject": row.subject}
    link = THEIRS if row.link == MINE else row.link
    return notices.raise_for(
        work, [row.deputy_id], row.kind, subject, link, about=(row.about_type, row.about_id), key=f"{COPY}{row.id}"
    )


def _may_see(work: Work, row: Any) -> bool:
    deputy = identity.get_user(work, row.deputy_id)
    if row.about_type == "task":
        return bool(teamwork.who_see(work, row.about_id, [deputy]))
    return may(identity.actor_of(deputy), Permission.SEE_FEEDBACK)
