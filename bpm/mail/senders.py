"""Identities that mails to customers come from: a team's address, name, signature, and server where it has one."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from email.utils import parseaddr
from ipaddress import ip_address

from sqlalchemy import select

from bpm import audit
from bpm.foundation.errors import EarshotError, InvalidInputError, NotFoundError
from bpm.foundation.texts import _
from bpm.foundation.work import Work
from bpm.mail.addresses import check_address
from bpm.mail.composing import one_line
from bpm.mail.models import MailSender
from bpm.mail.server import NOT_SET_UP, PORTS, Server, find_server, is_set_up
from bpm.secrets import Owner, forget_secret, get_secret, put_secret

AUTHOR = "{author}"
LONGEST_SIGNATURE = 2_000
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")


@dataclass(frozen=True)
class Sender:
    """One identity; `id` 0 is the company's own, as the settings name it."""

    id: int
    address: str
    name_pattern: str
    reply_to: str = ""
    signature: str = ""
    group_id: int | None = None
    host: str = ""
    port: int = 0
    tls: str = "starttls"
    user: str = ""
    created_at: datetime | None = None

    def name_for(self, author: str) -> str:
        """What stands before the address in a mail of that author."""
        return one_line(self.name_pattern.replace(AUTHOR, author))


def list_senders(work: Work) -> list[Sender]:
    """All identities that somebody set up, by address."""
    return [_row(each) for each in work.session.scalars(select(MailSender).order_by(MailSender.address))]


def senders_for(work: Work, group_ids: Collection[int]) -> list[Sender]:
    """What somebody of those groups may write as: their teams' identities, then everybody's, then the company's own."""
    rows = [each for each in list_senders(work) if each.group_id is None or each.group_id in group_ids]
    company = company_sender(work)
    known = {each.address for each in rows}
    own = [company] if company is not None and company.address not in known else []
    return [*sorted(rows, key=lambda each: each.group_id is None), *own]


def company_sender(work: Work) -> Sender | None:
    """The address of the settings with the author's name before the company's; None when mail is not set up."""
    if not is_set_up(work.settings):
        return None
    name, address = parseaddr(work.settings.smtp_from)
    return Sender(0, address, f"{AUTHOR} ({name})" if name else AUTHOR)


def find_sender(work: Work, address: str) -> Sender | None:
    """The identity of that address; for none (or an empty one) the company's own."""
    row = work.session.scalar(select(MailSender).where(MailSender.address == address)) if address else None
    return _row(row) if row is not None else company_sender(work)


def get_sender(work: Work, sender_id: int) -> Sender:
    """The identity, or NotFoundError."""
    return _row(_get(work, sender_id))


def server_of(work: Work, sender: Sender) -> Server:
    """Where its mails are handed over. EarshotError when there is no mail server for it."""
    if not sender.host:
        server = find_server(work)
        if server is None:
            raise EarshotError(_("Mail is not set up."), remedy=NOT_SET_UP)
        return Server(server.host, server.port, server.tls, sender.address, server.user, server.password)
    return Server(
        sender.host, sender.port or PORTS[sender.tls], sender.tls, sender.address, sender.user, _password(work, sender)
    )


def servers_of(work: Work, sender: Sender) -> list[Server]:
    """The servers that take its mails, in the order in which they are tried: its own, the company's, the second one.

    EarshotError when there is none.
    """
    company = find_server(work)
    behind = [company, company.second] if company is not None else []
    if sender.host:
        behind = [server_of(work, sender), *behind]
    if not behind:
        raise EarshotError(_("Mail is not set up."), remedy=NOT_SET_UP)
    return [replace(each, sender=sender.address, second=None) for each in behind if each is not None]


def has_password(work: Work, sender_id: int) -> bool:
    """Whether a password of its server is kept."""
    return bool(_password(work, get_sender(work, sender_id)))


def _password(work: Work, sender: Sender) -> str:
    try:
        return get_secret(work, _owner(sender.id)) if sender.user else ""
    except NotFoundError:
        return ""


def make_sender(work: Work, given: Mapping[str, str]) -> int:
    """Set an identity up; its id. InvalidInputError with `fields`."""
    values = _checked(work, given, None)
    row = MailSender(**values, created_at=work.now())
    work.session.add(row)
    work.session.flush()
    _keep_password(work, row, given)
    audit.record(work, "sender.make", _thing(row), after=_told(row))
    return row.id


def change_sender(work: Work, sender_id: int, given: Mapping[str, str]) -> None:
    """Change an identity; a password that is left empty stays. InvalidInputError with `fields`."""
    row = _get(work, sender_id)
    values, before = _checked(work, given, row.id), _told(row)
    for name, value in values.items():
        setattr(row, name, value)
    _keep_password(work, row, given)
    audit.record(work, "sender.change", _thing(row), before=before, after=_told(row))


def remove_sender(work: Work, sender_id: int) -> None:
    """Take an identity away with its password; mails that were sent as it stay as they are."""
    row = _get(work, sender_id)
    audit.record(work, "sender.remove", _thing(row), before=_told(row))
    forget_secret(work, _owner(row.id))
    work.session.delete(row)


def note_test(work: Work, sender_id: int, *, outcome: str) -> None:
    """Say on the audit trail that somebody had a test sent, and what came of it."""
    audit.record(work, "sender.test", _thing(_get(work, sender_id)), before={}, after={"outcome": outcome[:300]})


def _get(work: Work, sender_id: int) -> MailSender:
    row = work.session.get(MailSender, sender_id)
    if row is None:
        raise NotFoundError(_("There is no sender %(id)s.") % {"id": sender_id})
    return row


def _checked(work: Work, given: Mapping[str, str], own_id: int | None) -> dict[str, object]:
    """The columns as they are to be; every field that does not fit is named at once."""
    values = {name: given.get(name, "").strip() for name in _FIELDS}
    problems = {name: why for name in _FIELDS if (why := _problem(name, values))}
    if not problems:
        address = check_address(values["address"])
        twin = work.session.scalar(select(MailSender.id).where(MailSender.address == address))
        if twin is not None and twin != own_id:
            problems["address"] = _("Another sender has this address.")
    if problems:
        raise InvalidInputError(
            _("The sender cannot be kept like this."), remedy=_("Look at the fields that are marked."), fields=problems
        )
    return {
        **values,
        "address": address,
        "name_pattern": values["name_pattern"] or AUTHOR,
        "reply_to": check_address(values["reply_to"]) if values["reply_to"] else "",
        "group_id": int(values["group_id"]) if values["group_id"] else None,
        "port": int(values["port"] or 0),
        "tls": values["tls"] or "starttls",
    }


_FIELDS = ("address", "name_pattern", "reply_to", "signature", "group_id", "host", "port", "tls", "user")


def _problem(name: str, values: Mapping[str, str]) -> str:
    value = values[name]
    if name == "address" or (name == "reply_to" and value):
        return _no_address(value)
    if name == "name_pattern" and value:
        return _odd_pattern(value)
    if name == "signature" and len(value) > LONGEST_SIGNATURE:
        return _("At most %(number)s characters.") % {"number": LONGEST_SIGNATURE}
    if name == "group_id" and value and not value.isdecimal():
        return _("Choose a group.")
    if name == "host" and value and not _HOST.fullmatch(value):
        return _("Write the server's name alone, as smtp.example.com.")
    if name == "port" and value and not (value.isdecimal() and int(value) < 65536):
        return _("A port is a number from 1 to 65535.")
    if name == "tls" and value:
        return _odd_security(value, values)
    return _("It is too long.") if name == "user" and len(value) > 320 else ""


def _no_address(value: str) -> str:
    try:
        check_address(value)
    except InvalidInputError as error:
        return error.fields["address"]
    return ""


def _odd_security(tls: str, values: Mapping[str, str]) -> str:
    """A password goes without encryption only to a server of one's own network, named by its address."""
    if tls not in PORTS:
        return _("Choose one of the list.")
    if tls != "none" or not (values["host"] and values["user"]):
        return ""
    try:
        is_inside = ip_address(values["host"]).is_private
    except ValueError:
        is_inside = values["host"] == "localhost"
    return "" if is_inside else _("Without encryption no password is sent: choose TLS or STARTTLS.")


def _odd_pattern(pattern: str) -> str:
    """Customers see who writes to them, so the author's name is in it."""
    if AUTHOR not in pattern or one_line(pattern) != pattern or len(pattern) > 120:
        return _("One line with {author} in it: customers see who writes to them.")
    return ""


def _keep_password(work: Work, row: MailSender, given: Mapping[str, str]) -> None:
    if not row.user:
        forget_secret(work, _owner(row.id))
    elif given.get("password"):
        put_secret(work, _owner(row.id), given["password"])


def _owner(sender_id: int) -> Owner:
    return Owner("mail_sender", str(sender_id))


def _thing(row: MailSender) -> audit.Thing:
    return audit.Thing("sender", row.id, row.address)


def _told(row: MailSender) -> dict[str, object]:
    return {name: getattr(row, name) for name in _FIELDS}


def _row(row: MailSender) -> Sender:
    return Sender(
        row.id, row.address, row.name_pattern, row.reply_to, row.signature, row.group_id,
        row.host, row.port, row.tls, row.user, row.created_at,
    )  # fmt: skip
