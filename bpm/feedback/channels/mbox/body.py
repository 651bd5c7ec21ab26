"""The text that a mail shows: of each of its texts the form that tells best what was said this time."""

import re
from collections.abc import Sequence

from bpm.feedback.channels.html import to_mail_text
from bpm.feedback.channels.mbox.parts import Text
from bpm.feedback.channels.mbox.words import customer_words
from bpm.feedback.limits import LONGEST_TEXT

MOST_SEARCHED = 5 * LONGEST_TEXT
"""Characters of a body in which the words of this time are looked for; quotes and signature are cut from them."""

_MARKED = re.compile(
    r"<blockquote|divRplyFwdMsg|appendonsend|yahoo_quoted|gmail_quote|mail-editor-reference|_quote\b|border-top",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"\s*<(?:!doctype\s+html|html|body|head|div|p|table)\b[^<>]{0,500}>", re.IGNORECASE)
_STUB = re.compile(r"\bhtml\b|browser|viewer|mail client|e-?mail-programm|view this|web version", re.IGNORECASE)
_SHORT = 300


def body_of(texts: Sequence[Text]) -> str:
    """The whole body with marks (see `mbox.words.marks`), one text after the other; empty: nothing in it is text."""
    return "\n\n".join(each for each in map(_shown, texts) if each.strip())


def _shown(text: Text) -> str:
    if not text.html:
        return to_mail_text(text.plain[:MOST_SEARCHED]) if _MARKUP.match(text.plain) else text.plain
    if not text.plain.strip():
        return to_mail_text(text.html)
    return _better(text.plain, text.html)


def _better(plain: str, html: str) -> str:
    """The plain form, unless it is a stub, or the markup tells where old mail begins and plain text does not."""
    stub = len(plain) < _SHORT and _STUB.search(plain)
    if not stub and not _MARKED.search(html):
        return plain
    page = to_mail_text(html[:MOST_SEARCHED])
    of_page, of_plain = _letters(customer_words(page)), _letters(customer_words(plain[:MOST_SEARCHED]))
    if stub:
        return page if len(of_page) > len(of_plain) or _STUB.search(page) is None else plain
    if not of_plain and of_page:
        return page
    return page if of_page and len(of_page) < len(of_plain) and of_plain.startswith(of_page) else plain


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text)
