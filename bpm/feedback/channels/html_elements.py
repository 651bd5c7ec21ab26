"""What an element of HTML means beside its words: hidden, a quote, the beginning of old mail."""

import re
from collections.abc import Mapping
from enum import Enum, auto

ALT = re.compile(r"[^\x00-\x7f]{1,6}")
"""Words in place of a picture that are words themselves: an emoji."""


class Meaning(Enum):
    """What a reader has to know of an element."""

    HIDDEN = auto()
    AS_WRITTEN = auto()
    """Its line breaks are line breaks."""
    QUOTE = auto()
    REPLY_LINE = auto()
    """It says who wrote the quote below."""
    OLD_MAIL = auto()
    """Old mail begins with it."""
    RULE = auto()
    """A rule: old mail begins with it when a header block follows."""


_ATTRIBUTE = re.compile(r"""([a-zA-Z][\w:.-]{0,60}+)\s{0,20}+(?:=\s{0,20}+(?:"([^"]*+)"|'([^']*+)'|([^\s"'<>]++)))?+""")
_TOLD = re.compile(r"class|id|style|type|hidden|cite|alt", re.IGNORECASE)
_HIDDEN = re.compile(
    r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide\s*:\s*all|(?:font-size|max-height|opacity)\s*:\s*0+(?:\.0+)?"
    r"\s*(?:px|pt|em|rem|%)?\s*(?:!important\s*)?(?:;|$)"
)
_AS_WRITTEN = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
_RULE = re.compile(r"border(?:-width)?\s*:\s*none\s*;\s*border-top\s*:\s*solid|border-top\s*:\s*[^;]{0,20}solid")
_LEFT_BORDER = re.compile(r"border-left\s*:[^;]{0,60}solid")
_QUOTES = frozenset({"gmail_quote", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra", "quoted-text"})
_REPLY_LINES = frozenset({"gmail_attr", "moz-cite-prefix", "moz-email-headers-table-not"})
_OLD = frozenset(
    {"divrplyfwdmsg", "appendonsend", "mail-editor-reference-message-container", "outlookmessageheader",
     "ms-outlook-mobile-reference-message", "replysplit", "replyintro", "reply-intro"}
)  # fmt: skip
"""Names that mail programs give to what begins old mail."""


def attributes(written: str) -> dict[str, str]:
    """The attributes of a tag with lower-case names; empty when none of them matters to a reader."""
    if not _TOLD.search(written):
        return {}
    return {each[1].lower(): (each[2] or each[3] or each[4] or "") for each in _ATTRIBUTE.finditer(written)}


def meaning_of(name: str, told: Mapping[str, str], *, marks: bool) -> Meaning | None:
    """What the element means; the meanings of mail only with `marks`."""
    style = told.get("style", "").lower()
    if "hidden" in told or _HIDDEN.search(style):
        return Meaning.HIDDEN
    if marks and (meaning := _of_mail(name, told, style)):
        return meaning
    return Meaning.AS_WRITTEN if name == "pre" or _AS_WRITTEN.search(style) else None


def _of_mail(name: str, told: Mapping[str, str], style: str) -> Meaning | None:
    names = _names(told)
    if names & _OLD:
        return Meaning.OLD_MAIL
    if names & _REPLY_LINES:
        return Meaning.REPLY_LINE
    if name == "blockquote" and (told.get("type", "").lower() == "cite" or "cite" in told or names & _QUOTES):
        return Meaning.QUOTE
    if name == "blockquote" and _LEFT_BORDER.search(style):
        return Meaning.QUOTE
    if names & (_QUOTES - {"gmail_quote"}):
        return Meaning.QUOTE
    return Meaning.RULE if name == "hr" or (name == "div" and _RULE.search(style)) else None


def _names(told: Mapping[str, str]) -> set[str]:
    """Class and id, without what Outlook and Yahoo put before those of other programs."""
    written = f"{told.get('class', '')} {told.get('id', '')}".lower().split()
    return {re.sub(r"^(?:x_|ydp\w{1,20}?(?=yahoo_quoted))+", "", each[:200]) for each in written[:40]}
