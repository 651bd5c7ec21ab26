"""A mail as bytes: headers, text and HTML as RFC 5322 and MIME want them; pure."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

_POLICY = SMTP.clone(cte_type="7bit", raise_on_defect=True)
"""Lines end with CRLF, and what is not ASCII is encoded, so that no extension of the server is needed."""
_MESSAGE_ID = re.compile(r"<[\x21-\x3b\x3d\x3f-\x7e]{1,250}>")
"""An id as it stands in References: ASCII without spaces and angle brackets (RFC 5322, 3.6.4)."""
_MEDIA_TYPE = re.compile(r"([a-z0-9][a-z0-9!#$&^_.+-]{0,60})/([a-z0-9][a-z0-9!#$&^_.+-]{0,60})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u0085\u2028\u2029\ud800-\udfff]+")
_TURNING = re.compile(r"[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
MOST_REFERENCES = 30
"""Of a long talk the first id and the latest ones are named (RFC 5322 asks for all; servers bound the header)."""


@dataclass(frozen=True)
class Enclosed:
    """A file that goes along."""

    name: str
    media_type: str
    content: bytes = field(repr=False)


@dataclass(frozen=True)
class Letter:
    """What a mail says, and to whom."""

    sender: str
    """With or without a name before it: Earshot <earshot@example.com>."""
    to: str
    subject: str
    text: str
    html: str | None
    message_id: str
    written_at: datetime
    unsubscribe_url: str | None = None
    copies: tuple[str, ...] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    """Message-ID of what it answers; `references`: of all before it, the oldest first."""
    references: tuple[str, ...] = ()
    files: tuple[Enclosed, ...] = ()
    automatic: bool = True
    """Whether no person wrote it: answering machines leave it alone then."""
    one_click: bool = False
    """Whether `unsubscribe_url` takes a POST without further questions (RFC 8058)."""
    language: str = ""

    @property
    def recipients(self) -> tuple[str, ...]:
        """Everybody it is handed over for."""
        return tuple(dict.fromkeys((self.to, *self.copies)))


def compose(letter: Letter) -> bytes:
    """The mail, ready for DATA except for its dots."""
    message = EmailMessage(policy=_POLICY)
    message["From"] = letter.sender
    message["To"] = letter.to
    if letter.copies:
        message["Cc"] = ", ".join(letter.copies)
    if letter.reply_to:
        message["Reply-To"] = letter.reply_to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(letter.written_at)
    message["Message-ID"] = letter.message_id
    if letter.language:
        message["Content-Language"] = letter.language
    if letter.automatic:
        message["Auto-Submitted"] = "auto-generated"  # RFC 3834: answering machines leave it alone
        message["X-Auto-Response-Suppress"] = "All"  # the same for Exchange
    if letter.unsubscribe_url:
        message["List-Unsubscribe"] = f"<{letter.unsubscribe_url}>"
        if letter.one_click:
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message.set_content(letter.text)
    if letter.html is not None:
        message.add_alternative(letter.html, subtype="html")
    for each in letter.files:
        _enclose(message, each)
    return _threading(letter) + message.as_bytes()


def _enclose(message: EmailMessage, file: Enclosed) -> None:
    """A file of a kind that nobody knows is plain bytes; a mail or a message of several parts is one, too."""
    found = _MEDIA_TYPE.fullmatch(file.media_type.lower())
    known = found if found and found[1] not in {"message", "multipart"} else None
    maintype, subtype = (known[1], known[2]) if known else ("application", "octet-stream")
    message.add_attachment(file.content, maintype=maintype, subtype=subtype, filename=one_line(file.name) or "file")


def _threading(letter: Letter) -> bytes:
    """In-Reply-To and References, an id a line: the library would encode an id that is longer than a line."""
    parent = ids_in(letter.in_reply_to)[-1:]
    above = [each for each in dict.fromkeys((*ids_in(*letter.references), *parent)) if each not in parent] + parent
    if len(above) > MOST_REFERENCES:
        above = [above[0], *above[1 - MOST_REFERENCES :]]
    lines = [f"In-Reply-To: {parent[0]}"] if parent else []
    lines += ["References: " + "\r\n ".join(above)] if above else []
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def ids_in(*written: str) -> list[str]:
    """The Message-IDs in headers or bare ids, as they have to be written; what is none is left out."""
    found: list[str] = []
    for each in written:
        bare = each.strip()
        whole = bare if "<" in bare or "@" not in bare else f"<{bare}>"
        found += _MESSAGE_ID.findall(whole[:100_000])
    return list(dict.fromkeys(found))


def named(name: str, address: str) -> str:
    """An address with a name before it as in From; whatever stands in the name, it stays the name."""
    return str(Address(display_name=one_line(name)[:200], addr_spec=address))


def one_line(text: str) -> str:
    """The text without what would end a header's line, or turn it around for whoever reads it."""
    return " ".join(_CONTROL.sub(" ", _TURNING.sub("", text)).split())


def turns_a_line(text: str) -> bool:
    """Whether there are marks in it that change the direction in which a line is read (UAX 9, 2)."""
    return _TURNING.search(text) is not None
