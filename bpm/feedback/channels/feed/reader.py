"""Feeds: RSS 2.0 and 1.0, and Atom, as forums, blogs and review pages hand them out; an entry is an item.

An entry is named by its `guid` or `id`, else by its link; one that was changed is a new version where the feed tells
when (Atom's `updated`). What an entry answers is followed by `thr:in-reply-to`. Entities of the file's own and
everything outside of it are left alone. Source: RSS 2.0 specification; RFC 4287; RFC 4685.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, BinaryIO

from lxml import etree

from bpm.feedback.channels.html import to_text
from bpm.feedback.channels.records import Taker, is_own
from bpm.feedback.channels.rows import Context, Record, Row
from bpm.feedback.limits import LONGEST_TEXT
from bpm.feedback.raw_item import RawItem
from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _

LONGEST_VALUE = 5 * LONGEST_TEXT
"""Characters of one value of an entry; mark-up is more than the words in it."""
_BEGINS = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>\s++|<!--.{0,2000}?-->|<\?[^>]{0,300}+>){0,20}+<(?:rss|feed|rdf:RDF)\b", re.DOTALL
)
_WORDS = ("encoded", "content", "description", "summary")
"""Names of an entry's text, the fullest first."""


def looks_like_feed(beginning: bytes) -> bool:
    """Whether a file begins as one of these feeds."""
    return bool(_BEGINS.match(beginning[:10_000]))


def cut(stream: BinaryIO, context: Context) -> Iterator[Record]:
    """The entries, one after the other; what is broken behind one is named and ends the file."""
    number = 0
    entries = etree.iterparse(
        stream, events=("end",), tag=("{*}item", "{*}entry"), resolve_entities=False, no_network=True, load_dtd=False,
        huge_tree=False, remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        for _event, element in entries:
            number += 1
            entry = _entry(element)
            yield Record(number, entry, f"{entry.get('title', '')} {entry.get('link', '')}".strip()[:500])
            _forget(element)
    except etree.XMLSyntaxError as error:
        said = " ".join(str(error.msg).split())[:200]
        yield Record(number + 1, problem=_("The feed is broken here: %(why)s.") % {"why": said})


def _entry(element: Any) -> dict[str, str]:
    """The values of an entry by their names without prefix; the first of each that says something."""
    found: dict[str, str] = {}
    for child in element.iterchildren(tag=etree.Element):
        name = _name(child)
        value = _value(child, name)
        if value and name not in found:
            found[name] = value[:LONGEST_VALUE]
    return found


def _name(element: Any) -> str:
    """Without its namespace; a spoilt one is whatever stands there."""
    return str(element.tag).rpartition("}")[2]


def _value(child: Any, name: str) -> str:
    if name == "link" and child.get("href"):
        return str(child.get("href")) if child.get("rel", "alternate") == "alternate" else ""
    if name == "in-reply-to":
        return str(child.get("ref") or child.get("href") or "")
    if name == "author" and len(child):
        return next((str(each.text or "").strip() for each in child if _name(each) == "name"), "")
    if child.get("type") == "xhtml":
        return etree.tostring(child, encoding="unicode", with_tail=False)
    return "".join(child.itertext()).strip()


def _forget(element: Any) -> None:
    """Let go of what was read, so that a long feed takes no more memory than a short one."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def read(record: Record, context: Context) -> Row:
    """The item that an entry tells; InvalidInputError when it says nothing."""
    entry: Mapping[str, str] = record.content
    author = entry.get("author") or entry.get("creator") or ""
    if is_own(context, author):
        return Row(record.number, ignored=_("a post of the company's own account"), raw=record.raw)
    take, title = Taker(context), to_text(entry.get("title", ""))
    words = next((text for name in _WORDS if (text := to_text(entry.get(name, "")))), "") or title
    if not words:
        raise InvalidInputError(_("The entry has no words."), remedy=_("Look whether the feed gives whole entries."))
    link = entry.get("link", "")
    own = entry.get("guid") or entry.get("id") or link
    item = RawItem(
        channel=context.channel or "social",
        source=context.source,
        text=words,
        natural_key=own,
        said_at=take.at(entry, "pubDate", "published", "date", "updated"),
        revised_at=take.at(entry, "updated") if entry.get("published") else None,
        subject=title if title != words else "",
        author_name=author,
        author_handle=author,
        thread_key=entry.get("in-reply-to", "") or own,
        in_reply_to=entry.get("in-reply-to", ""),
        aliases=tuple(dict.fromkeys(filter(None, (own, link)))),
        url=link,
        raw=dict(entry),
    )
    return Row(record.number, item, raw=record.raw, warnings=take.warnings)


def columns(stream: BinaryIO) -> list[str]:
    """A feed needs no mapping."""
    return []
