"""Zero-based: every activity and channel with what it costs and what customers said; what would you stop doing?"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bpm import audit
from bpm.feedback.tones import is_negative
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.identity import Permission, demand
from bpm.identity.models import User
from bpm.processes.economics.cause_of import Contact, list_contacts
from bpm.processes.economics.ledger import ActivityCosts, Ledger, books_of
from bpm.processes.economics.plans import reason_of
from bpm.processes.economics.spending import Spender
from bpm.processes.models import StopProposal
from bpm.statistics import Share, share

ACTIVITY, CHANNEL, BUDGET = "activity", "channel", "budget"
LISTED = 50


@dataclass(frozen=True)
class Doing:
    """Something we do, that could be stopped; `key` names it in a form."""

    key: str
    what: str
    name: str
    cents: int
    hours: float
    times: int
    """Pieces of work, passes and contacts that were paid for; months for a budget."""
    contacts: int
    """What customers said there, in the period."""
    negative: Share


@dataclass(frozen=True)
class Doings:
    rows: tuple[Doing, ...]
    """The dearest first; activities and channels share no cent, budgets hold what those do not explain."""
    books: Ledger


@dataclass(frozen=True)
class ProposalRow:
    """What somebody would stop."""

    id: int
    title: str
    reason: str
    lines: tuple[dict[str, Any], ...]
    cents: int
    since: datetime
    until: datetime
    by: str
    at: datetime


def list_doings(work: Work, *, since: datetime, until: datetime, spending: Spender | None = None) -> Doings:
    """Activities of each version by the cost of work at them, channels by that of contacts, and the rest of budgets.

    Together they are the whole budget, or all that was spent where that is more.
    """
    books = books_of(work, since=since, until=until, spending=spending)
    contacts = list_contacts(work, "activity", since=since, until=until)
    at: dict[tuple[str, int, str], list[Contact]] = defaultdict(list)
    by_channel: dict[str, list[Contact]] = defaultdict(list)
    for each in contacts:
        at[each.process, each.version, each.element].append(each)
        by_channel[each.channel].append(each)
    rows = [
        _doing(
            f"{ACTIVITY}:{each.process}:{each.version}:{each.element}", ACTIVITY, _name(each),
            each.sum.time + each.sum.events, each.sum.hours, each.sum.entries,
            at[each.process, each.version, each.element],
        )
        for each in books.activities
        if each.sum.time or each.sum.events or each.sum.seconds
    ]  # fmt: skip
    rows += [
        _doing(f"{CHANNEL}:{key}", CHANNEL, key, found.contacts + found.goodwill, 0.0, found.entries, by_channel[key])
        for key, found in books.channels
    ]
    rows += [
        _doing(f"{BUDGET}:{line.side}", BUDGET, str(line.side), line.overhead, 0.0, 0, ())
        for line in books.lines
        if line.overhead > 0
    ]
    return Doings(tuple(sorted(rows, key=lambda row: (-row.cents, row.key))), books)


def _name(found: ActivityCosts) -> str:
    return _("%(name)s (%(process)s, version %(version)s)") % {
        "name": found.name or found.element, "process": found.process, "version": found.version
    }  # fmt: skip


def _doing(
    key: str, what: str, name: str, cents: int, hours: float, times: int, said: Iterable[Contact]
) -> Doing:  # fmt: skip
    listed = list(said)
    read = [each.sentiment for each in listed if each.sentiment is not None]
    negative = share(sum(map(is_negative, read)), len(read))
    return Doing(key, what, name, cents, hours, times, len(listed), negative)


def propose_stop(
    work: Work, keys: Collection[str], *, title: str, reason: str, since: datetime, until: datetime
) -> int:  # fmt: skip
    """Keep what somebody would stop, with its figures as they are now; its id. InvalidInputError for nothing."""
    demand(work.actor, Permission.INSIGHTS)
    rows = [each for each in list_doings(work, since=since, until=until).rows if each.key in set(keys)]
    if not rows or not title.strip():
        say = _("Name it.") if rows else _("Tick at least one line.")
        raise InvalidInputError(_("Nothing was proposed."), remedy=say, fields={"title" if rows else "stop": say})
    why = reason_of(reason)
    lines = [
        {"key": row.key, "what": row.what, "name": row.name, "cents": row.cents, "times": row.times,
         "contacts": row.contacts, "negative": row.negative.hits, "n": row.negative.n}
        for row in rows
    ]  # fmt: skip
    made = StopProposal(
        title=title.strip()[:300], reason=why, lines=lines, cents=sum(row.cents for row in rows), since=since,
        until=until, user_id=work.actor.user_id, at=work.now(),
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    after = {"title": made.title, "cents": made.cents, "lines": [each["name"] for each in lines]}
    audit.record(work, "cost.propose", audit.Thing("stop proposal", made.id, made.title), after=after, reason=why)
    return made.id


def list_proposals(work: Work) -> tuple[ProposalRow, ...]:
    """The newest first."""
    rows = work.session.execute(
        select(StopProposal, User.display_name)
        .outerjoin(User, User.id == StopProposal.user_id)
        .order_by(StopProposal.id.desc())
        .limit(LISTED)
    )
    return tuple(
        ProposalRow(
            row.id, row.title, row.reason, tuple(row.lines), row.cents, row.since, row.until, name or "", row.at
        )
        for row, name in rows
    )  # fmt: skip
