"""Cells as the customer wrote them: without what spreadsheets, databases and web pages put around the words."""

import html
import re

from bpm.feedback.channels.html import to_text

_ENTITY = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_MARKUP = re.compile(
    r"</?(?:p|br|div|span|b|i|u|strong|em|a|ul|ol|li|table|tbody|tr|td|th|h[1-6]|font|img|blockquote|html|body)"
    r"(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_FORMULA = re.compile(r'^="([^"]*)"$')
_ROUNDED = re.compile(r"^\d(?:[.,]\d+)?[eE]\+?\d{1,3}$")
_WHOLE = re.compile(r"^(\d+)\.0+$")
_GUARDED = re.compile(r"^'(?=[=+@\-\d])")
_PERSON = re.compile(r"^([^()<>@]{0,200})[(<]([^\s()<>@]{1,64}@[^\s()<>@]{1,255})[)>]$")
_REVIEW = re.compile(r"[?&]reviewId=([\w:.-]{1,200})", re.IGNORECASE)


def words(value: object) -> str:
    """A text for people: entities and markup read, a spreadsheet's marks for line breaks left out."""
    text = str(value)
    if "_x000D_" in text:
        text = text.replace("_x000D_", "")
    if "&" in text:
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    if "<" in text and _MARKUP.search(text):
        return to_text(text)
    return text


def unwrapped(cell: str) -> str:
    """`="129"` is how a spreadsheet keeps a long number as text."""
    match = _FORMULA.match(cell) if cell.startswith('="') else None
    return match[1] if match else cell


def key(value: object) -> str | None:
    """An id as it is; None when a spreadsheet has rounded it (1.29E+18), so that it no longer tells things apart."""
    written = _GUARDED.sub("", unwrapped(str(value).strip()))
    if _ROUNDED.match(written):
        return None
    whole = _WHOLE.match(written)
    return whole[1] if whole else written


def person(written: str) -> tuple[str, str]:
    """(name, address) of `Ann Ex (ann@example.com)`, as help desks write contacts; else the name alone."""
    match = _PERSON.match(written.strip()) if len(written) < 500 else None
    return (match[1].strip(), match[2]) if match else (written, "")


def key_in_address(url: str) -> str:
    """The id of a review that its address carries, as Google Play's exports write it; empty when there is none."""
    match = _REVIEW.search(url[:2000])
    return match[1] if match else ""
