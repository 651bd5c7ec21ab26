"""The SMTP driver: one connection for many mails, and what became of each; the only importer of smtplib.

What an answer is worth (RFC 5321, 4.2.1 and 6.1)
1. 4yz is temporary, 5yz is for good. A connection that breaks before the end of the data was sent is temporary:
   the server must not deliver a mail whose end it has not seen.
2. A connection that breaks after that and before the answer leaves it open whether the mail went: UNSURE, never
   tried again by itself.
3. A server may end a connection that carried mails before (3.8; with 421, or without a word). Of the mail that it ended
   it at, it has not seen the end: that one is said anew over a fresh connection, once.
"""

import re
import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import Enum, auto

from bpm.foundation.errors import EarshotError
from bpm.foundation.texts import _
from bpm.mail.composing import Letter, compose
from bpm.mail.server import Server

PATIENCE = 30.0
"""Seconds that each answer of the server may take."""
LONGEST_WORDS = 500
CLOSING = 421
"""The server ends the connection."""


class Outcome(Enum):
    """What became of a mail."""

    SENT = auto()
    LATER = auto()
    REFUSED = auto()
    UNSURE = auto()


@dataclass(frozen=True)
class Answer:
    """The outcome, and the words of the server or of what went wrong."""

    outcome: Outcome
    words: str


class MailServerError(EarshotError):
    """The mail server cannot be reached, or does not let us in: no mail goes out."""


class Post:
    """A connection to the mail server, opened when it is needed and again when it broke."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._smtp: smtplib.SMTP | None = None
        self._carried = False
        """Whether a mail went over the open connection."""

    def __enter__(self) -> "Post":
        return self

    def __exit__(self, *_error: object) -> None:
        self._close()

    def open(self) -> None:
        """Connect, secure the connection, sign in; nothing when that is done.

        Where the server cannot be reached its second one is: nothing was handed over yet, so nothing goes twice.
        MailServerError says what went wrong with the first.
        """
        if self._smtp is not None:
            return
        self._carried = False
        try:
            self._smtp = _connect(self._server)
        except (OSError, smtplib.SMTPException) as error:
            self._smtp = _connect_second(self._server.second)
            if self._smtp is None:
                raise MailServerError(
                    _words(error),
                    place=f"{self._server.host}:{self._server.port}",
                    remedy=_("Look at EARSHOT_SMTP_HOST, _PORT, _TLS, _USER and the password."),
                ) from error

    def send(self, letter: Letter) -> Answer:
        """Hand over one mail; the connection has to be open.

        MailServerError when it ended and cannot be opened again.
        """
        carried_before = self._carried
        answer = self._say(letter)
        if answer.outcome is Outcome.LATER and self._smtp is None and carried_before:
            self.open()
            answer = self._say(letter)
        self._carried = self._carried or answer.outcome is Outcome.SENT
        return answer

    def _say(self, letter: Letter) -> Answer:
        smtp = self._smtp
        assert smtp is not None  # noqa: S101 (whoever sends has opened)
        try:
            refused = self._announce(smtp, letter)
            if refused is not None:
                return refused
            smtp.send(_dotted(compose(letter)))
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Answer(Outcome.LATER, _words(error))
        try:
            smtp.send(b".\r\n")
            code, words = smtp.getreply()
        except (OSError, smtplib.SMTPException) as error:
            self._close()
            return Answer(Outcome.UNSURE, _words(error))
        if code == CLOSING:
            self._close()
        return _judge(code, words, good=(250,))

    def _announce(self, smtp: smtplib.SMTP, letter: Letter) -> Answer | None:
        """Sender, recipients, DATA; what was refused of it, or None. One recipient that is refused stops it for all."""
        for command, argument, good in (
            ("MAIL", f"FROM:<{self._server.envelope_sender}>", (250,)),
            *(("RCPT", f"TO:<{each}>", (250, 251)) for each in letter.recipients),
            ("DATA", "", (354,)),
        ):
            code, words = smtp.docmd(command, argument)
            answer = _judge(code, words, good=good)
            if answer.outcome is not Outcome.SENT:
                self._leave(smtp, code)
                who = argument[3:] if command == "RCPT" and len(letter.recipients) > 1 else ""
                return replace(answer, words=f"{who} {answer.words}".strip())
        return None

    def _leave(self, smtp: smtplib.SMTP, code: int) -> None:
        """Nothing more of this mail; the next one may go over the same connection, unless the server ends it."""
        if code == CLOSING:
            self._close()
        else:
            smtp.rset()

    def _close(self) -> None:
        if self._smtp is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._smtp.quit()
            self._smtp = None


def _connect(server: Server) -> smtplib.SMTP:
    if server.tls == "tls":
        secured = ssl.create_default_context()
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(server.host, server.port, timeout=PATIENCE, context=secured)
    else:
        smtp = smtplib.SMTP(server.host, server.port, timeout=PATIENCE)
    try:
        smtp.ehlo_or_helo_if_needed()
        if server.tls == "starttls":
            smtp.starttls(context=ssl.create_default_context())
        if server.user:
            smtp.login(server.user, server.password)
    except (OSError, smtplib.SMTPException):
        smtp.close()
        raise
    return smtp


def _connect_second(server: Server | None) -> smtplib.SMTP | None:
    """None where there is none, or where it cannot be reached either."""
    if server is None:
        return None
    with suppress(OSError, smtplib.SMTPException):
        return _connect(server)
    return None


def _judge(code: int, words: bytes, *, good: tuple[int, ...]) -> Answer:
    said = f"{code} {words.decode('utf-8', 'replace')}"[:LONGEST_WORDS]
    if code in good:
        return Answer(Outcome.SENT, said)
    return Answer(Outcome.REFUSED if 500 <= code < 600 else Outcome.LATER, said)


def _dotted(content: bytes) -> bytes:
    """The mail with a dot before each line that begins with one (RFC 5321, 4.5.2), and a line end at its end."""
    stuffed = re.sub(rb"(?m)^\.", b"..", content)
    return stuffed if stuffed.endswith(b"\r\n") else stuffed + b"\r\n"


def _words(error: OSError | smtplib.SMTPException) -> str:
    """What went wrong, in one line; the server's own words where there are some."""
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}"[:LONGEST_WORDS]
    return (" ".join(str(error).split()) or type(error).__name__)[:LONGEST_WORDS]
