"""Mentions and links in a post, by bytes of UTF-8 (lexicon app.bsky.richtext.facet); pure but for the look-up."""

import re
from collections.abc import Callable
from typing import Any

_MENTION = re.compile(
    r"(?<![\w@.])@((?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.){1,8}[A-Za-z][A-Za-z0-9-]{0,62})"
)
_LINK = re.compile(r"https?://[^\s<>\"'()\[\]{}]{1,2000}")
_ENDS = ".,;:!?"
MOST_MENTIONS = 10


def facets_of(text: str, did_of: Callable[[str], str]) -> list[dict[str, Any]]:
    """Each link, and each mention of a handle that somebody has."""
    found = []
    for match in _LINK.finditer(text):
        address = match[0].rstrip(_ENDS)
        feature = {"$type": "app.bsky.richtext.facet#link", "uri": address}
        found.append(_facet(text, match.start(), match.start() + len(address), feature))
    for match in list(_MENTION.finditer(text))[:MOST_MENTIONS]:
        if did := did_of(match[1]):
            feature = {"$type": "app.bsky.richtext.facet#mention", "did": did}
            found.append(_facet(text, match.start(), match.end(), feature))
    return sorted(found, key=lambda each: int(each["index"]["byteStart"]))


def _facet(text: str, start: int, end: int, feature: dict[str, str]) -> dict[str, Any]:
    index = {"byteStart": len(text[:start].encode()), "byteEnd": len(text[:end].encode())}
    return {"index": index, "features": [feature]}
