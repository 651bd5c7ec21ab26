"""Headers of a mail as people wrote them: addresses, encoded words, ids. Bounded and linear in what they read.

The standard library's readers go one level deeper for each bracket and try a quote without end again and again: 20 kB
of `(` in one From line would stop them. A mail's first address, its subject and its ids need much less.
"""

import re
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message

from bpm.feedback.channels.mbox.charsets import decoded
from bpm.feedback.limits import LONGEST_HEADER

_PIECE = re.compile(r'"((?:[^"\\]++|\\.)*+)"|<([^<>]*+)>|[(),;:]|\\.|[^"<(),;:\\]++|["<]', re.DOTALL)


def header(message: Message, name: str) -> str:
    """The first header of that (lower-case) name in one line, encoded words read (RFC 2047); empty: there is none."""
    return " ".join(plain(_written(message, name)).split())


def headers_of(message: Message) -> list[list[str]]:
    """Every header as [name, value], for the raw record."""
    return [[str(name), plain(str(value))] for name, value in message.raw_items()]


def _written(message: Message, name: str) -> str:
    """The first header of that name as it came, with bytes that are no ASCII as surrogates."""
    found = (str(value) for key, value in message.raw_items() if key.lower() == name)
    return next(found, "")[:LONGEST_HEADER]


def plain(written: str) -> str:
    """Text with its encoded words read; what cannot be read stays as it is."""
    if "=?" not in written:
        return _without_surrogates(written)
    try:
        parts = decode_header(written[:LONGEST_HEADER])
    except (HeaderParseError, ValueError, LookupError, AttributeError):
        return _without_surrogates(written)
    return "".join(part if isinstance(part, str) else decoded(part, charset or "utf-8") for part, charset in parts)


def first_address(message: Message, name: str) -> tuple[str, str]:
    """(display name, address) of the first address in that header; empty texts when there is none."""
    for person, address in addresses(_written(message, name)):
        return person, address
    return "", ""


def addresses(written: str) -> list[tuple[str, str]]:
    """(display name, address) of each in an address list (RFC 5322, 3.4); what is no address is left out."""
    found: list[tuple[str, str]] = []
    words: list[str] = []
    comments: list[str] = []
    address, depth = "", 0
    for piece in _PIECE.finditer(written[:LONGEST_HEADER] + ","):
        mark = piece[0]
        if mark == "(":
            depth += 1
        elif mark == ")":
            depth = max(0, depth - 1)
        elif depth:
            comments.append(mark)
        elif mark in (",", ";"):
            found += _person(words, address, comments)
            words, comments, address = [], [], ""
        elif mark == ":":
            words = []  # what stood before is the name of a group
        elif piece[2] is not None:
            address = address or piece[2]
        else:
            words.append(re.sub(r"\\(.)", r"\1", piece[1]) if piece[1] is not None else mark)
    # A bracket that was never closed would hide everything behind it.
    return found or (addresses(written.replace("(", " ")) if depth else [])


def _person(words: list[str], address: str, comments: list[str]) -> list[tuple[str, str]]:
    name = " ".join("".join(words).split())
    if not address:
        address, name = name, " ".join("".join(comments).split())
    address = "".join(address.split())
    return [(plain(name), _without_surrogates(address))] if "@" in address else []


def all_of(message: Message, name: str) -> list[str]:
    """Every header of that (lower-case) name, as it came, the first on top; at most 50."""
    found = [str(value)[:LONGEST_HEADER] for key, value in message.raw_items() if key.lower() == name]
    return found[:50]


def charset_of_words(message: Message) -> str:
    """The charset in which the mail writes its subject or sender; empty when it uses none."""
    for name in ("subject", "from"):
        found = re.search(r"=\?([\w-]{1,40})\?", _written(message, name))
        if found:
            return found[1]
    return ""


def ids(message: Message, name: str) -> list[str]:
    """Message ids in that header, in order."""
    return re.findall(r"<[^<>\s]{1,380}>", _written(message, name))


def _without_surrogates(written: str) -> str:
    """Raw bytes in a header, which the standard library hides as surrogates, as text."""
    if not re.search("[\udc80-\udcff]", written):
        return written
    return decoded(written.encode("utf-8", "surrogateescape"), "")
