"""Takes the demo out of a database that other people work with: what is the demo's goes, theirs stays.

1. When the story ends, the highest id of each table is put on record: up to it everything is the demo's.
2. What came later and hangs on a row that goes, goes too: a case of a demo's process, a reply to a demo's customer.
   That a demo's person did it is no such thing: the row stays, and names nobody.
3. A department of the demo stays while one of their people is in it. The audit trail stays: nothing shortens it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import func, insert, select

from bpm import audit, identity
from bpm.demo.going import USERS, Going, highest_ids, numbers
from bpm.foundation.db import Base
from bpm.foundation.errors import ConflictError, ForbiddenError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity.models import User
from bpm.search.models import SearchDocument, SearchWaiting

BANNER = "demo"
"""Key of the banner that says so on every page."""
VERB, THING = "demo.load", audit.Thing("demo", 1, "Demo")
SAID = {
    "feedback_item": _("things that customers said"),
    "customer": _("customers"),
    "reply": _("replies"),
    "promise": _("promises"),
    "incident": _("incidents"),
    "process_definition": _("processes"),
    "process_instance": _("cases"),
    "work_item": _("tasks"),
    "improvement": _("improvements"),
    "verdict_plan": _("verdicts"),
    "user_account": _("people who sign in"),
    "user_group": _("departments"),
}
"""Table -> what people call its rows."""


@dataclass(frozen=True)
class Part:
    """How much of one kind goes: the demo's own, and what came later and hangs on it; and how much stays."""

    name: str
    own: int
    later: int
    stays: int


def put_on_record(work: Work) -> None:
    """Everything that is there now is the demo's."""
    upto = highest_ids(work)
    names = sorted(upto)
    parts = {str(at): {name: upto[name] for name in names[at : at + 100]} for at in range(0, len(names), 100)}
    audit.record(work, VERB, THING, after=parts)


def is_there(work: Work) -> bool:
    """Whether the whole demo is in the database."""
    return any(banner.key == BANNER for banner in identity.list_banners(work))


def others(work: Work) -> int:
    """How many accounts are not the demo's; ConflictError where nothing tells them apart."""
    return work.session.scalar(select(func.count()).select_from(User).where(User.id > _marks(work)[USERS])) or 0


def demand_other(work: Work) -> None:
    """ForbiddenError unless who acts has an account of their own: with the demo its people go."""
    if (work.actor.user_id or 0) <= _marks(work)[USERS]:
        raise ForbiddenError(
            _("%(name)s is one of the demo’s people, who go with it.") % {"name": work.actor.display_name},
            remedy=_("Invite yourself as an administrator, sign in with that account, and come back."),
        )


def what_goes(work: Work) -> tuple[Part, ...]:
    """By kind; what has no name of its own is summed up last."""
    going = Going(work, _marks(work))
    rest, parts, counts = [0, 0], [], going.counts()
    all_of_it = numbers(work, {name: select(func.count()).select_from(Base.metadata.tables[name]) for name in SAID})
    for table in going.tables:
        own, later = counts[table.name]
        if table.name in SAID:
            parts.append(Part(_(SAID[table.name]), own, later, all_of_it[table.name] - own - later))
        else:
            rest = [rest[0] + own, rest[1] + later]
    return (*parts, Part(_("records of other kinds"), rest[0], rest[1], 0))


def remove(work: Work) -> int:
    """Take it all out, in one transaction; gives how many rows went. The trail says who did it."""
    going = Going(work, _marks(work))
    for table in going.tables:
        going.name_nobody(table)
    went = sum(going.delete(table) for table in reversed(going.tables))
    again = select(SearchDocument.kind, SearchDocument.object_id)
    work.session.execute(
        insert(SearchWaiting).from_select(["kind", "object_id"], again)
    )  # the worker drops what is gone
    identity.take_banner(work, BANNER)
    work.nudge("search")
    audit.record(work, "demo.remove", THING, before={"rows": went}, after={"rows": 0})
    return went


def _marks(work: Work) -> Mapping[str, int]:
    rows = audit.list_rows(work, audit.Filters(verb=VERB), limit=1).rows
    found = {name: int(upto) for part in (rows[0].after or {}).values() for name, upto in part.items()} if rows else {}
    if USERS not in found:
        raise ConflictError(
            _("An earlier release loaded this demo: nothing tells what is its own."),
            remedy=_("Empty the whole database: earshot demo --wipe --everything"),
        )
    return found
