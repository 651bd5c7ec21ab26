"""People are told of something: one row for each person and thing, and a mail where they want one."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, cast

from sqlalchemy import Table, and_, bindparam, case, or_, select
from sqlalchemy.dialects import postgresql, sqlite

from bpm import mail
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.notices.kinds import BY_KEY, Way
from bpm.notices.letters import write_letter
from bpm.notices.mail_links import mail_path
from bpm.notices.models import NoticePreference, NoticeProfile, PersonNotice
from bpm.notices.preferences import preferences_link

NOTICE = cast("Table", PersonNotice.__table__)
PREFERENCE = cast("Table", NoticePreference.__table__)
PROFILE = cast("Table", NoticeProfile.__table__)
USER = cast("Table", User.__table__)

LONGEST_SUBJECT = 300
"""Characters."""

_WHO = (
    select(USER.c.id, PREFERENCE.c.way, PROFILE.c.address)
    .outerjoin(PREFERENCE, and_(PREFERENCE.c.user_id == USER.c.id, PREFERENCE.c.kind == bindparam("kind")))
    .outerjoin(PROFILE, PROFILE.c.user_id == USER.c.id)
    .where(USER.c.id.in_(bindparam("people", expanding=True)), USER.c.active)
    .order_by(USER.c.id)  # whoever tells several people locks their rows in one order
)


@dataclass(frozen=True)
class Many:
    """What a notice says, and where it leads, once it stands for several things."""

    subject: str
    link: str


def raise_for(
    work: Work,
    people: Collection[int],
    kind: str,
    subject: str,
    link: str,
    *,
    about: tuple[str, int],
    key: str,
    many: Many | None = None,
    only_once: bool = False,
    count: int = 1,
) -> int:
    """Tell people (ids) of something; how many were told. Nobody is told of what they did themselves.

    `link` is a path of ours. `key`: what comes again under it while the notice is unread raises its count; what comes
    after it was read is news again, or with `only_once` nothing. `about`: type and id of the thing, for `mark_done`.
    """
    wanted = sorted(set(people) - {work.actor.user_id})
    if not wanted:
        return 0
    default = BY_KEY[kind].default
    ways = {
        row.id: (Way(row.way or default), row.address)
        for row in work.session.execute(_WHO, {"kind": kind, "people": wanted})
        if Way(row.way or default) is not Way.OFF
    }
    if not ways:
        return 0
    now, text = work.now(), _one_line(subject)
    rows = [
        {
            "user_id": user_id, "kind": kind, "key": key, "subject": text, "link": link, "about_type": about[0],
            "about_id": about[1], "count": count, "first_at": now, "raised_at": now, "for_digest": way is Way.DIGEST,
        }
        for user_id, (way, _address) in ways.items()
    ]  # fmt: skip
    for row in work.session.execute(_upsert(work, rows, many=many, only_once=only_once)).all():
        way, address = ways[row.user_id]
        if way is Way.MAIL and address and row.times == count:
            _mail(work, row, address)
    work.nudge("notices")
    return len(rows)


def _upsert(work: Work, rows: list[dict[str, Any]], *, many: Many | None, only_once: bool) -> Any:
    dialect: Any = postgresql if work.session.get_bind().dialect.name == "postgresql" else sqlite
    adding = dialect.insert(NOTICE).values(rows)
    told = (
        NOTICE.c.id,
        NOTICE.c.user_id,
        NOTICE.c.subject,
        NOTICE.c.link,
        NOTICE.c.count.label("times"),
        NOTICE.c.raised_at,
    )
    if only_once:
        return adding.on_conflict_do_nothing(index_elements=["user_id", "key"]).returning(*told)
    new, news = adding.excluded, or_(NOTICE.c.read_at.is_not(None), NOTICE.c.done_at.is_not(None))
    changed = {
        "count": case((news, new.count), else_=NOTICE.c.count + new.count),
        "subject": case((news, new.subject), else_=_one_line(many.subject)) if many else new.subject,
        "link": case((news, new.link), else_=many.link) if many else new.link,
        "about_type": new.about_type, "about_id": new.about_id, "raised_at": new.raised_at,
        "for_digest": new.for_digest, "read_at": None, "done_at": None,
    }  # fmt: skip
    return adding.on_conflict_do_update(index_elements=["user_id", "key"], set_=changed).returning(*told)


def _mail(work: Work, row: Any, address: str) -> None:
    letter = write_letter(
        row.subject,
        link=mail.public_link(work.settings, mail_path(work.settings, row.id, row.link)),
        preferences=mail.public_link(work.settings, preferences_link()),
    )
    mail.queue(
        work, to=address, subject=row.subject, text=letter.text, html=letter.html, kind="notice",
        key=f"notice:{row.id}:{row.raised_at.timestamp():.6f}", user_id=row.user_id,
    )  # fmt: skip


def _one_line(text: str) -> str:
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split()) or "–"
    return line if len(line) <= LONGEST_SUBJECT else line[: LONGEST_SUBJECT - 1] + "…"
