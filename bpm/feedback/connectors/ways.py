"""How an item can be answered where it was said, and the connection that it is sent over."""

from dataclasses import dataclass

from sqlalchemy import select

from bpm import mail
from bpm.feedback.connectors import mail as by_mail
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.keeping import get_connector, secrets_of
from bpm.feedback.connectors.kind import Ability
from bpm.feedback.connectors.kinds import KINDS, get_kind
from bpm.feedback.connectors.polling import door_of
from bpm.feedback.connectors.sending import Said, Target, WayOut
from bpm.feedback.items import get_current
from bpm.feedback.models import Connector, ContactPoint, FeedbackItem, ThreadKey
from bpm.feedback.privacy.raw_records import read_records
from bpm.feedback.status import ContactKind
from bpm.foundation.errors import NotFoundError, SecretUnreadableError
from bpm.foundation.texts import _
from bpm.foundation.work import Work

MAIL = "mail"
"""The way out that belongs to no connection: the mail server of an identity."""


@dataclass(frozen=True)
class Way:
    """One way to answer: over a connection, or by mail (`connector_id` None)."""

    connector_id: int | None
    kind: str
    """Name of the connection's kind, or `mail`."""
    name: str
    """What people call it."""
    channel: str
    way_out: WayOut
    target: Target


def find_way(work: Work, item_id: int) -> Way | None:
    """How to answer an item on its own channel; None when nothing sends there: it is copied and sent by hand.

    A mail is answered by mail wherever it came from; all else by the connection that brought it.
    """
    item = get_current(work, item_id)
    row = work.session.scalar(select(Connector).where(Connector.source == item.source))
    way_out = KINDS[row.kind].way_out if row is not None and row.kind in KINDS else None
    if row is not None and way_out is not None and way_out is not by_mail.WAY_OUT:
        return Way(row.id, row.kind, row.name, item.channel, way_out, way_out.answered(_said(work, item)))
    if item.channel == "email" and _can_mail(work):
        target = by_mail.WAY_OUT.answered(_said(work, item))
        return Way(None, MAIL, _("Mail"), item.channel, by_mail.WAY_OUT, target)
    return None


def mail_way(work: Work, *, to: str) -> Way | None:
    """A new mail to that address, for who is answered by mail or told something there; None without a mail server."""
    return Way(None, MAIL, _("Mail"), "email", by_mail.WAY_OUT, Target(to)) if _can_mail(work) else None


def open_way(work: Work, connector_id: int | None, *, from_address: str = "") -> tuple[WayOut, Connection]:
    """What to send over, and the connection for it. Send outside of the transaction.

    `from_address` chooses the identity of a mail (empty: the company's own). NotFoundError when the connection is gone
    or sends nothing any more; EarshotError without a mail server; SecretUnreadableError.
    """
    if connector_id is None:
        settings, secrets = by_mail.settings_of(work, from_address)
        return by_mail.WAY_OUT, Connection(settings, {}, door_of(work.settings), work.now(), secrets)
    row = get_connector(work, connector_id)
    way_out = get_kind(row.kind).way_out
    if way_out is None:
        raise NotFoundError(_("%(name)s sends no answers.") % {"name": row.name})
    if way_out is by_mail.WAY_OUT:
        return open_way(work, None, from_address=from_address or row.settings.get("user", ""))
    settings = {name: str(value) for name, value in row.settings.items()}
    return way_out, Connection(settings, dict(row.cursor), door_of(work.settings), work.now(), secrets_of(work, row))


def abilities_of(work: Work, kind_name: str, channel: str) -> frozenset[Ability]:
    """What a connection of that kind can do here and now; a mailbox answers only where a mail server is.

    `kind_name` empty: items of that channel are handed in by others, by calls or a form.
    """
    kind = KINDS.get(kind_name)
    able = set(kind.abilities) if kind is not None else {Ability.INGEST}
    if channel == "email" and (kind is None or kind.way_out in (None, by_mail.WAY_OUT)):
        able = (able | {Ability.REPLY}) if _can_mail(work) else able - {Ability.REPLY, Ability.DELIVERY}
    return frozenset(able)


def _can_mail(work: Work) -> bool:
    return mail.is_set_up(work.settings) or any(each.host for each in mail.list_senders(work))


def _said(work: Work, item: FeedbackItem) -> Said:
    try:
        record = read_records(work, [item.id]).get(item.id, {})
    except SecretUnreadableError:
        record = {}
    thread = select(ThreadKey.key).where(
        ThreadKey.source == item.source, ThreadKey.conversation_id == item.conversation_id
    )
    return Said(
        natural_key=item.natural_key,
        thread_key=work.session.scalar(thread.order_by(ThreadKey.id).limit(1)) or "",
        subject=item.subject,
        author_handle=item.author_handle,
        emails=_emails(work, item),
        was_forwarded=bool(item.extra.get("forwarded_by")),
        record=record,
    )


def _emails(work: Work, item: FeedbackItem) -> tuple[str, ...]:
    if item.customer_id is None:
        return ()
    theirs = select(ContactPoint.value).where(
        ContactPoint.customer_id == item.customer_id,
        ContactPoint.kind == ContactKind.EMAIL,
        ContactPoint.ended_at.is_(None),
    )
    return tuple(work.session.scalars(theirs.order_by(ContactPoint.id).limit(20)))
