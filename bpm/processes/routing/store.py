"""The routing table as people keep it: each change is a version with its reason; the newest counts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from bpm import audit
from bpm.feedback.queries.items import landed
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand, list_groups
from bpm.processes.models import RoutingVersion
from bpm.processes.routing.table import ADVOCATES, Row, Table, as_plain, hard_levels, landings, shipped, table_from

LONGEST_REASON = 400


def get_table(work: Work, *, at: datetime | None = None) -> Table:
    """The table that holds now, or that held at an instant; the shipped one before anybody changed it.

    An inbox whose group is gone counts as the advocates'.
    """
    groups = [group.key for group in list_groups(work)]
    query = select(RoutingVersion.table).order_by(RoutingVersion.id.desc()).limit(1)
    if at is not None:
        query = query.where(RoutingVersion.at <= at)
    stored = work.session.scalar(query)
    if stored is None:
        return shipped(groups)
    known = {ADVOCATES, *groups}
    table = table_from(stored, frozenset(_named(stored)) | known)
    rows = {
        channel: Row(
            row.first if row.first in known else ADVOCATES,
            row.difficult if row.difficult in known else ADVOCATES,
            tuple(each for each in row.watching if each in known),
        )
        for channel, row in table.rows.items()
    }
    return Table(rows, table.from_level, table.assigning & known)


def save_table(work: Work, table: Table, *, reason: str) -> None:
    """Keep a table from now on; InvalidInputError without a reason."""
    demand(work.actor, Permission.ANSWER)
    why = " ".join(reason.split())[:LONGEST_REASON]
    if not why:
        say = _("Say why; colleagues read it.")
        raise InvalidInputError(_("The routing was not changed."), remedy=say, fields={"reason": say})
    known = frozenset({ADVOCATES, *(group.key for group in list_groups(work))})
    plain = as_plain(table)
    table_from(plain, known)
    before = as_plain(get_table(work))
    work.session.add(RoutingVersion(table=plain, reason=why, user_id=work.actor.user_id, at=work.now()))
    work.session.flush()
    audit.record(work, "routing.save", audit.Thing("routing", 1, "Routing"), before=before, after=plain, reason=why)
    work.nudge("feedback")


def lands_in(table: Table, inbox: str) -> ColumnElement[bool]:
    """The condition on items (joined with their classification) that land in that inbox."""
    return landed(*places_of(table, inbox))


def places_of(table: Table, inbox: str) -> tuple[tuple[tuple[str, bool], ...], tuple[str, ...]]:
    """(channels with whether hard ones or the others, levels that are hard) of what lands there, for a filter."""
    places = tuple((str(channel), is_hard) for channel, is_hard in landings(table, inbox))
    return places, tuple(sorted(hard_levels(table)))


def _named(stored: dict[str, Any]) -> set[str]:
    parts = [(row.get("first"), row.get("difficult"), *row.get("watching", ())) for row in stored["rows"].values()]
    return {str(name) for names in (*parts, stored.get("assigning", ())) for name in names if name}
