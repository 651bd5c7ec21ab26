"""Fetches what is new in a folder of a mailbox: by UID, within one UIDVALIDITY, and without marking it as read.

Source: RFC 9051, 2.3.1.1 (a UID never comes again while UIDVALIDITY stays) and 6.4.4 (`n:*` names the last message,
too, where all are below n). EXAMINE and BODY.PEEK change nothing over there.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from imapclient.exceptions import IMAPClientError

from bpm.feedback.channels import mbox
from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.imap.file_names import file_names
from bpm.feedback.connectors.imap.mailbox import Mailbox, opened
from bpm.feedback.connectors.kind import Ability, Asked, Fetched, Kind, PollRefusedError
from bpm.feedback.connectors.mail import WAY_OUT
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

LONGEST_MAIL = 15_000_000
"""Bytes of one mail that are fetched: its words, which come first, and the 10 MB of files that are kept of one."""
MOST_MAILS, MOST_BYTES = 100, 16_000_000
"""Mails and bytes of one poll; what is beyond comes with the next one, at once."""
SHOWN_FOLDERS = 20

_FROM = re.compile(rb"^(>*From )", re.MULTILINE)


def _fetch(connection: Connection) -> Fetched:
    settings = connection.settings
    with opened(connection) as mailbox:
        told = _open_folder(mailbox, settings, trial=connection.trial)
        validity = int(told.get(b"UIDVALIDITY", 0))
        known = connection.cursor if connection.cursor.get("uidvalidity") == validity else {}
        last = int(known.get("uid", 0))
        waiting = _waiting(mailbox, connection, last)
        if connection.trial:
            waiting = waiting[-5:]
        taken, about = _first_ones(mailbox, waiting)
        content, cut = _mbox(mailbox, taken, about)
        if settings.get("mark") == "true" and taken and not connection.trial:
            mailbox.add_flags(taken, [rb"\Seen"], silent=True)
    behind = {"uidvalidity": validity, "uid": taken[-1] if taken else last}
    user = settings["user"]
    own = (user,) if "@" in user else ()
    return Fetched(behind, content, "mbox", len(taken) < len(waiting), own, warnings=cut)


def _open_folder(mailbox: Mailbox, settings: Mapping[str, str], *, trial: bool) -> dict[bytes, Any]:
    name = settings.get("folder") or "INBOX"
    try:
        told: dict[bytes, Any] = mailbox.select_folder(name, readonly=trial or settings.get("mark") != "true")
    except mailbox.AbortError:
        raise
    except IMAPClientError as error:
        folders = [str(folder) for _flags, _delimiter, folder in mailbox.list_folders()][:SHOWN_FOLDERS]
        raise PollRefusedError(
            _("There is no folder %(name)s.") % {"name": name},
            remedy=_("Choose one of: %(names)s.") % {"names": ", ".join(folders)},
        ) from error
    return told


def _waiting(mailbox: Mailbox, connection: Connection, last: int) -> list[int]:
    """The UIDs that are new, in order; at the beginning those of the last days."""
    criteria: list[object] = ["UID", f"{last + 1}:*"]
    days = connection.settings.get("days", "")
    if not last and days:
        criteria += ["SINCE", (connection.now - timedelta(days=int(days))).date()]
    return sorted(int(uid) for uid in mailbox.search(criteria) if int(uid) > last)


def _first_ones(mailbox: Mailbox, waiting: Sequence[int]) -> tuple[list[int], Mapping[int, Mapping[bytes, Any]]]:
    """(as many as one poll takes, what is told about them); a mail that is gone meanwhile counts as taken."""
    asked = list(waiting[:MOST_MAILS])
    about = mailbox.fetch(asked, ["RFC822.SIZE", "INTERNALDATE"]) if asked else {}
    size, taken = 0, list[int]()
    for uid in asked:
        size += min(int(about.get(uid, {}).get(b"RFC822.SIZE", 0)), LONGEST_MAIL)
        if taken and size > MOST_BYTES:
            break
        taken.append(uid)
    return taken, about


def _mbox(
    mailbox: Mailbox, uids: Sequence[int], about: Mapping[int, Mapping[bytes, Any]]
) -> tuple[bytes, dict[int, str]]:
    """The mails as an mbox (mboxrd: lines that begin with From are marked), each with when it arrived.

    Beside it the numbers of those that were cut, and what is said of them.
    """
    parts: list[bytes] = []
    cut = {}
    got = mailbox.fetch(uids, [f"BODY.PEEK[]<0.{LONGEST_MAIL}>"]) if uids else {}
    for uid in uids:
        body = next((value for name, value in got.get(uid, {}).items() if name.startswith(b"BODY[]")), None)
        if body is None:
            continue
        told = about.get(uid, {})
        missing = int(told.get(b"RFC822.SIZE", 0)) - LONGEST_MAIL
        whole_lines = bytes(body)[: bytes(body).rfind(b"\n") + 1] if missing > 0 else bytes(body)
        lines = _FROM.sub(rb">\1", whole_lines.replace(b"\r\n", b"\n"))
        parts.append(_separator(told.get(b"INTERNALDATE")) + lines + b"\n\n")
        if missing > 0:
            parts[-1] = parts[-1].rstrip(b"\n") + b"\n" + mbox.left_out_line(missing) + b"\n"
            cut[len(parts)] = _why_cut(mailbox, uid, missing + LONGEST_MAIL)
    return b"".join(parts), cut


def _why_cut(mailbox: Mailbox, uid: int, size: int) -> str:
    told = {"fetched": f"{LONGEST_MAIL:,}", "size": f"{size:,}"}
    said = _("Only %(fetched)s of its %(size)s bytes were fetched: look at it in the mailbox.") % told
    names = file_names(mailbox.fetch([uid], ["BODYSTRUCTURE"]).get(uid, {}).get(b"BODYSTRUCTURE"))
    return said + (" " + _("It brings the files %(names)s.") % {"names": ", ".join(names)} if names else "")


def _separator(arrived: object) -> bytes:
    at = (
        arrived.astimezone(UTC)
        if isinstance(arrived, datetime) and arrived.tzinfo
        else datetime(1970, 1, 1, tzinfo=UTC)
    )
    return f"From MAILER-DAEMON@localhost {at.ctime()}\n".encode()


def _check(settings: Mapping[str, str]) -> None:
    port, days = settings.get("port", ""), settings.get("days", "")
    problems = {}
    if not re.fullmatch(r"[\w.:-]{1,253}", settings["host"]):
        problems["host"] = _("Write the server's name alone, as imap.example.com.")
    if port and not (port.isdigit() and 0 < int(port) < 65536):
        problems["port"] = _("A port is a number from 1 to 65535.")
    if days and not (days.isdigit() and 0 < int(days) <= 36_500):
        problems["days"] = _("Write a number of days.")
    if problems:
        raise InvalidInputError(_("The mailbox cannot be kept like this."), fields=problems)


KIND = Kind(
    "imap",
    _("Mailbox (IMAP)"),
    _("A folder of a mailbox; nothing in it is changed."),
    "email",
    frozenset({Ability.INGEST, Ability.THREAD, Ability.IDENTITY, Ability.REPLY, Ability.DELIVERY}),
    (
        Asked("host", _("Server"), help=_("As imap.example.com"), required=True),
        Asked(
            "security",
            _("Security"),
            "select",
            required=True,
            options=(
                ("tls", _("TLS (usual)")),
                ("starttls", _("STARTTLS")),
                ("none", _("none, in one's own network alone")),
            ),
            default="tls",
        ),
        Asked("port", _("Port"), "number", _("Else 993 for TLS, 143 otherwise.")),
        Asked("user", _("User name"), help=_("Mostly the address itself."), required=True),
        Asked("password", _("Password"), "password", _("Many providers ask for an app password."), required=True),
        Asked("folder", _("Folder"), help=_("Else INBOX.")),
        Asked(
            "days",
            _("Days to begin with"),
            "number",
            _("How far back the first poll looks; empty: all there is."),
            default="30",
        ),
        Asked("mark", _("Mark as read what was taken in"), "check"),
    ),
    _fetch,
    _check,
    WAY_OUT,
)
