"""What people wrote, as HTML: every mark escaped, web addresses as links, people who are named in bold."""

import re
from collections.abc import Collection

from markupsafe import Markup, escape

_PARTS = re.compile(r"(https?://[^\s<>\"]+)|(?<![\w@.])@([^\s@,;:!?()\[\]<>\"']{1,80})")
_TRAILING = ".,;:!?)]}'"


def linked(text: str, people: Collection[str] = ()) -> Markup:
    """The text; `people`: user names in lower case that are drawn as such behind an @."""
    drawn, at = [], 0
    for found in _PARTS.finditer(text):
        drawn.append(escape(text[at : found.start()]))
        drawn.append(_link(found[1]) if found[1] else _person(found[0], people))
        at = found.end()
    drawn.append(escape(text[at:]))
    return Markup("").join(drawn)


def _link(address: str) -> Markup:
    target = address.rstrip(_TRAILING)
    if target.count("(") > target.count(")") and address[len(target) :].startswith(")"):
        target += ")"
    after = address[len(target) :]
    return Markup('<a href="{0}" rel="noopener noreferrer nofollow">{0}</a>{1}').format(target, after)


def _person(written: str, people: Collection[str]) -> Markup:
    name = written[1:].rstrip(".-–…")
    if name.casefold() not in people:
        return escape(written)
    return Markup("<b>@{}</b>{}").format(name, written[1 + len(name) :])
