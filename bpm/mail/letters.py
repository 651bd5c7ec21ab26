"""The words of mails that people write to customers: as text, as HTML, and their subject."""

import re
from html import escape

_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]{1,2000}")
_ENDS = ".,;:!?"


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
