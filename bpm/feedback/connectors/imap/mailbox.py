"""A connection to a mail server within bounds: only to addresses that were looked at, so long and so much at most."""

import imaplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from ipaddress import ip_address
from time import monotonic

from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError, LoginError

from bpm.feedback.connectors.connection import Connection
from bpm.feedback.connectors.kind import PollRefusedError
from bpm.foundation.http.destinations import is_public
from bpm.foundation.texts import _

PORTS = {"tls": 993, "starttls": 143, "none": 143}
"""By how the connection is secured (RFC 8314, RFC 9051)."""
PATIENCE, LONGEST = 20.0, 90.0
"""Seconds of one wait, and of all of one poll."""
MOST_BYTES = 40_000_000
"""What a server may send in one poll."""


class _Bounded(imaplib.IMAP4):
    """Speaks to the addresses that were looked at; ends at its deadline, and where the server sends too much."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], context: ssl.SSLContext | None) -> None:
        self._addresses, self._context = addresses, context
        self._ends, self._left = monotonic() + LONGEST, MOST_BYTES
        super().__init__(host, port)

    def _create_socket(self, timeout: float | None = None) -> socket.socket:
        failed: OSError = OSError(_("its name stands for no address"))
        for address in self._addresses:
            try:
                plain = socket.create_connection((address, self.port), timeout=PATIENCE)
            except OSError as error:
                failed = error
                continue
            return self._secured(plain)
        raise failed

    def _secured(self, plain: socket.socket) -> socket.socket:
        if self._context is None:
            return plain
        try:
            return self._context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise

    def read(self, size: int) -> bytes:
        self._spend(size)
        return super().read(size)

    def readline(self) -> bytes:
        line = super().readline()
        self._spend(len(line))
        return line

    def _spend(self, size: int) -> None:
        self._left -= size
        if self._left < 0:
            raise self.abort("it sends more than is taken at once")
        if monotonic() > self._ends:
            raise self.abort("it takes too long")


class Mailbox(IMAPClient):  # type: ignore[misc]  # the library tells no types
    """The library's client over a bounded connection."""

    def __init__(self, host: str, port: int, addresses: Sequence[str], context: ssl.SSLContext | None) -> None:
        self._made = (addresses, context)
        super().__init__(host, port, ssl=False, timeout=PATIENCE)
        self.normalise_times = False

    def _create_IMAP4(self) -> imaplib.IMAP4:  # noqa: N802 (the library's name)
        return _Bounded(self.host, self.port, *self._made)


@contextmanager
def opened(connection: Connection) -> Iterator[Mailbox]:
    """The mailbox, signed in; whatever goes wrong with it is a PollRefusedError with its remedy."""
    settings = connection.settings
    place = f"{settings['host']}:{port_of(settings)}"
    try:
        client = _connected(connection)
        try:
            _sign_in(client, connection)
            yield client
        finally:
            with suppress(IMAPClientError, OSError):
                client.logout()
            with suppress(OSError):
                client.shutdown()
    except ssl.SSLError as error:
        raise PollRefusedError(
            _("Its encryption is not to be trusted: %(why)s.") % {"why": _words(error)},
            place=place,
            remedy=_("Look at the server's name and port, how it is secured, and its certificate."),
        ) from error
    except (IMAPClientError, OSError, ValueError) as error:
        raise PollRefusedError(
            _("It could not be asked: %(why)s.") % {"why": _words(error)},
            place=place,
            remedy=_("Look at the server's name and port, and how it is secured."),
        ) from error


def port_of(settings: Mapping[str, str]) -> int:
    """As people said, else as usual."""
    return int(settings.get("port") or PORTS[settings.get("security", "tls")])


def _connected(connection: Connection) -> Mailbox:
    settings = connection.settings
    security, port = settings.get("security", "tls"), port_of(settings)
    addresses = connection.door.addresses_of(settings["host"], port)
    if security == "none" and any(is_public(ip_address(each)) for each in addresses):
        raise PollRefusedError(
            _("Without encryption only servers in one's own network are asked."),
            place=settings["host"],
            remedy=_("Choose TLS or STARTTLS."),
        )
    context = ssl.create_default_context()
    client = Mailbox(settings["host"], port, addresses, context if security == "tls" else None)
    if security == "starttls":
        try:
            client.starttls(context)
        except Exception:
            with suppress(OSError):
                client.shutdown()
            raise
    return client


def _sign_in(client: Mailbox, connection: Connection) -> None:
    try:
        client.login(connection.settings["user"], connection.secrets.get("password", ""))
    except LoginError as error:
        raise PollRefusedError(
            _("It does not let us in: %(why)s.") % {"why": _words(error)},
            place=connection.settings["host"],
            remedy=_("Look at the user name and the password; many providers ask for an app password."),
        ) from error


def _words(error: Exception) -> str:
    said = error.args[0] if error.args else error
    text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(error)
    return " ".join(text.split()).removeprefix("b'").removesuffix("'")[:200]
