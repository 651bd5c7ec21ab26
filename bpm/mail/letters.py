"""Mails that people write to customers: as text and as HTML, handed over at once with what became of them."""

import re
from collections.abc import Sequence
from html import escape

from bpm.foundation.telemetry import logger
from bpm.mail.composing import Letter
from bpm.mail.server import Server
from bpm.mail.smtp import Answer, MailServerError, Outcome, Post

log = logger(__name__)

_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]{1,2000}")
_ENDS = ".,;:!?"


def hand_over(servers: Sequence[Server], letter: Letter) -> Answer:
    """Give one mail to the first server that can be reached and lets us in; LATER when none does.

    REFUSED when the mail cannot be composed. What a server said about the mail itself counts: no other is tried then.
    """
    words: list[str] = []
    for server in servers:
        try:
            with Post(server) as post:
                post.open()
                return post.send(letter)
        except MailServerError as error:
            log.warning("a mail server is not to be had", host=server.host, because=error.message)
            words.append(error.message)
        except (ValueError, LookupError, UnicodeError) as error:
            log.exception("a mail cannot be composed")
            return Answer(Outcome.REFUSED, f"It cannot be composed: {type(error).__name__}.")
    return Answer(Outcome.LATER, " ".join(words))


def with_signature(text: str, signature: str) -> str:
    """The words with the signature below, behind the line that mail programs know (RFC 3676, 4.3)."""
    return f"{text.rstrip()}\n\n-- \n{signature.strip()}\n" if signature.strip() else f"{text.rstrip()}\n"


def html_of(text: str) -> str:
    """The words as HTML: paragraphs, line breaks and links, everything else escaped."""
    paragraphs = re.split(r"\n[ \t]*\n", text.strip().replace("\r\n", "\n"))
    body = "\n".join(f"<p>{_line_breaks(each)}</p>" for each in paragraphs if each.strip())
    return f"<!doctype html>\n<html><body>\n{body}\n</body></html>\n"


def _line_breaks(paragraph: str) -> str:
    return "<br>\n".join(_linked(line.rstrip()) for line in paragraph.strip("\n").split("\n"))


def _linked(line: str) -> str:
    parts: list[str] = []
    at = 0
    for found in _LINK.finditer(line):
        address = found[0].rstrip(_ENDS)
        parts += [escape(line[at : found.start()]), f'<a href="{escape(address)}">{escape(address)}</a>']
        at = found.start() + len(address)
    return "".join([*parts, escape(line[at:])])


def reply_subject(subject: str) -> str:
    """What stands in the subject of an answer: `Re:` once, whatever program wrote it before."""
    bare = _RE.sub("", subject.strip())
    return f"Re: {bare}" if bare else ""


_RE = re.compile(
    r"^(?:(?:re|aw|antw|sv|vs|odp|res|rif|回复|答复)\s{0,2}(?:\[\d{1,3}\])?\s{0,2}[:：]\s{0,5})+", re.IGNORECASE
)
