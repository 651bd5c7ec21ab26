"""What customers were told of a theme, and where: entries of the board, replies, updates, words elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.feedback.models import IncidentUpdate, Reply, Theme
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.processes.models import BoardEntry, ThemeTold
from bpm.processes.models.register_lists import ToldBy

TOLD_BY: Mapping[ToldBy, str] = {
    ToldBy.BOARD: _("an entry of the public board"),
    ToldBy.REPLY: _("a reply"),
    ToldBy.INCIDENT: _("an update of an incident"),
    ToldBy.ELSEWHERE: _("elsewhere: its address"),
}
_ROWS: Mapping[ToldBy, Any] = {ToldBy.BOARD: BoardEntry, ToldBy.REPLY: Reply, ToldBy.INCIDENT: IncidentUpdate}


@dataclass(frozen=True)
class ToldRow:
    """By what customers were told, in its own words, and who noted it."""

    id: int
    kind: ToldBy
    ref: str
    words: str
    who: str
    at: datetime


def add_told(work: Work, theme_id: int, kind: str, ref: str) -> int:
    """Note where customers were told; InvalidInputError (field `ref`) where nothing of that number stands."""
    theme = _theme(work, theme_id)
    by = next((each for each in ToldBy if each == kind), None)
    written = ref.strip()[:1000]
    problem = ""
    if by is None:
        problem = _("Choose by what they were told.")
    elif by is ToldBy.ELSEWHERE:
        problem = "" if written.startswith(("https://", "http://")) else _("Give the address where it stands.")
    elif not (written.isdecimal() and len(written) < 19 and work.session.get(_ROWS[by], int(written))):
        problem = _("There is nothing of that number.")
    if problem or by is None:
        raise InvalidInputError(_("This was not kept."), remedy=problem, fields={"ref": problem})
    row = ThemeTold(theme_id=theme.id, kind=by, ref=written, user_id=work.actor.user_id, at=work.now())
    work.session.add(row)
    if not theme.told:
        theme.told_at = work.now()
    work.session.flush()
    audit.record(work, "theme.told", _thing(theme), before={"told": None}, after={"kind": by, "where": written})
    return row.id


def drop_told(work: Work, theme_id: int, told_id: int) -> None:
    """Take one back that does not belong there."""
    theme, row = _theme(work, theme_id), work.session.get(ThemeTold, told_id)
    if row is None or row.theme_id != theme.id:
        raise NotFoundError(_("The theme has no such word."))
    work.session.delete(row)
    work.session.flush()
    left = select(ThemeTold.id).where(ThemeTold.theme_id == theme.id).limit(1)
    if not theme.told and work.session.scalar(left) is None:
        theme.told_at = None
    audit.record(work, "theme.told", _thing(theme), before={"kind": row.kind, "where": row.ref}, after={"told": None})


def told_of(work: Work, theme_id: int) -> tuple[ToldRow, ...]:
    """Where customers were told of a theme, the newest first."""
    found = work.session.execute(
        select(ThemeTold, User.display_name)
        .outerjoin(User, User.id == ThemeTold.user_id)
        .where(ThemeTold.theme_id == _theme(work, theme_id).id)
        .order_by(ThemeTold.id.desc())
    )
    return tuple(ToldRow(row.id, row.kind, row.ref, _words(work, row), who or "", row.at) for row, who in found)


def _words(work: Work, row: ThemeTold) -> str:
    """What stands there now; of what is gone nothing."""
    kept = work.session.get(_ROWS[row.kind], int(row.ref)) if row.kind in _ROWS else None
    if kept is None:
        return row.ref
    return str(kept.did if isinstance(kept, BoardEntry) else kept.text)[:200]


def _theme(work: Work, theme_id: int) -> Theme:
    row = work.session.get(Theme, theme_id)
    theme = work.session.get(Theme, row.counts_in_id) if row is not None and row.counts_in_id else row
    if theme is None:
        raise NotFoundError(_("There is no theme %(number)s.") % {"number": theme_id})
    return theme


def _thing(theme: Theme) -> audit.Thing:
    return audit.Thing("theme", theme.id, theme.name)
