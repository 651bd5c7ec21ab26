"""The sweep that asks connections for what is new, as each falls due.

Numbered, because the other side, the network and this process may stop at any moment:
1. A connection is claimed in a transaction of its own: its revision moves on, and it is due again after LEASE, so that
   a process that dies costs that time and nothing else.
2. It is asked and its answer is read outside of any transaction, through the one door and in the bounded child.
3. Items, their account and the cursor are written in one transaction, fenced by the revision: all of it or nothing.
   What is fetched again after a crash is known by its ids.
4. What goes wrong stands on the connection with its remedy; it is asked again after a wait that doubles.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.exc import OperationalError

from bpm.feedback.channels import Row
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.hearing import hear_reports
from bpm.feedback.connectors.keeping import put_renewed, secrets_of
from bpm.feedback.connectors.kind import Fetched, Kind, PollRefusedError
from bpm.feedback.connectors.kinds import get_kind
from bpm.feedback.connectors.mail import own_addresses
from bpm.feedback.connectors.reading import Meaning, read_all
from bpm.feedback.connectors.taking import take_in_rows
from bpm.feedback.connectors.waiting import wait_after_failure
from bpm.feedback.models import Connector
from bpm.foundation.errors import ConflictError, EarshotError
from bpm.foundation.http.client import Limits, OutboundClient
from bpm.foundation.http.destinations import parse_allow_list
from bpm.foundation.settings import Settings
from bpm.foundation.telemetry import logger
from bpm.foundation.texts import _
from bpm.foundation.work import Transactions, Work, affected

log = logger(__name__)

LEASE = timedelta(minutes=10)
"""How long a connection that was claimed is left to whoever claimed it."""

TRIES = 3
"""How often what was fetched is written when others write the same keys."""

LIMITS = Limits(connect=10.0, read=20.0, total=60.0, size=20_000_000)
"""Of one request of a poll."""


class _OvertakenError(EarshotError):
    """Somebody changed the connection meanwhile, or another worker has it."""


@dataclass(frozen=True)
class _Claim:
    id: int
    revision: int
    kind: Kind
    meaning: Meaning
    connection: Connection


def door_of(settings: Settings) -> OutboundClient:
    """The way to the outside for polls."""
    return OutboundClient(parse_allow_list(settings.outbound_allowed), LIMITS)


def sweep_connectors(transactions: Transactions) -> int:
    """Ask the connection that has been due for longest; 1, or 0 when none is due."""
    with transactions.reading() as work:
        due = work.session.scalar(
            select(Connector.id)
            .where(Connector.paused.is_(False), Connector.next_at <= work.now())
            .order_by(Connector.next_at, Connector.id)
            .limit(1)
        )
    if due is None:
        return 0
    try:
        claim = _claim(transactions, due)
    except EarshotError as error:
        _fail(transactions, due, None, error)
        return 1
    if claim is not None:
        _poll(transactions, claim)
    return 1


def _claim(transactions: Transactions, connector_id: int) -> _Claim | None:
    """None when another worker was first."""
    with transactions() as work:
        now = work.now()
        is_due = (Connector.id == connector_id, Connector.paused.is_(False), Connector.next_at <= now)
        moved = {"next_at": now + LEASE, "revision": Connector.revision + 1}
        if affected(work, update(Connector).where(*is_due).values(moved)) != 1:
            return None
        row = work.session.get_one(Connector, connector_id, populate_existing=True)
        connection = Connection(
            settings=dict(row.settings),
            cursor=dict(row.cursor),
            door=door_of(work.settings),
            now=now,
            secrets=secrets_of(work, row),
        )
        meaning = Meaning(row.channel, row.source, dict(row.settings), own_addresses(work))
        return _Claim(row.id, row.revision, get_kind(row.kind), meaning, connection)


def _poll(transactions: Transactions, claim: _Claim) -> None:
    try:
        fetched = claim.kind.fetch(claim.connection)
        rows = read_all(fetched, claim.meaning, now=claim.connection.now)
        _keep(transactions, claim, fetched, rows)
    except _OvertakenError:
        return
    except OperationalError:
        raise  # our own database is in trouble: the lease brings it back
    except EarshotError as error:
        _fail(transactions, claim.id, claim.revision, error)
    except Exception as error:
        log.exception("poll stopped", connector=claim.id)
        why = EarshotError(
            _("It stopped: %(kind)s.") % {"kind": type(error).__name__},
            remedy=_("The log says more."),
        )
        _fail(transactions, claim.id, claim.revision, why)


def _keep(transactions: Transactions, claim: _Claim, fetched: Fetched, rows: list[Row]) -> None:
    """Items and cursor in one transaction, tried again when a race for a natural key broke it."""
    for left in reversed(range(TRIES)):
        try:
            with transactions() as work:
                _write(work, claim, fetched, rows)
        except ConflictError:
            if not left:
                raise
        else:
            return


def _write(work: Work, claim: _Claim, fetched: Fetched, rows: list[Row]) -> None:
    row, now = _fenced(work, claim.id, claim.revision), work.now()
    context = claim.meaning.context()
    take_in_rows(work, f"connector {row.id}", context, format_name=fetched.format, rows=rows)
    put_renewed(work, row, fetched.secrets)
    hear_reports(work, row, rows)
    row.cursor = dict(fetched.cursor)
    row.last_polled_at = row.last_success_at = now
    row.failures, row.last_error = 0, ""
    row.next_at = now if fetched.more else now + timedelta(seconds=row.every_seconds)
    work.nudge("connectors")


def _fail(transactions: Transactions, connector_id: int, revision: int | None, error: EarshotError) -> None:
    """Say on the connection what went wrong, and wait."""
    try:
        with transactions() as work:
            row = _fenced(work, connector_id, revision)
            row.failures += 1
            row.last_polled_at, row.last_error = work.now(), str(error)[:2000]
            row.next_at = _again_at(row, error, work.now())
            log.warning("poll failed", connector=row.id, kind=row.kind, failures=row.failures)
            work.nudge("connectors")
    except _OvertakenError:
        return


def _again_at(row: Connector, error: EarshotError, now: datetime) -> datetime:
    asked_for = error.wait if isinstance(error, PollRefusedError) else None
    return now + wait_after_failure(row.failures, who=row.id, asked_for=asked_for)


def _fenced(work: Work, connector_id: int, revision: int | None) -> Connector:
    """The connection, held by this transaction; refused when it is no longer as it was claimed."""
    as_claimed = [Connector.id == connector_id, *([Connector.revision == revision] if revision is not None else [])]
    if affected(work, update(Connector).where(*as_claimed).values(revision=Connector.revision + 1)) != 1:
        raise _OvertakenError(_("It was changed meanwhile."))
    return work.session.get_one(Connector, connector_id, populate_existing=True)
