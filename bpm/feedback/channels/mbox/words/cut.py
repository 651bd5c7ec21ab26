"""The part of a mail that its sender wrote this time, and the mail that is forwarded in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from bpm.feedback.channels.mbox.words.attribution import attribution
from bpm.feedback.channels.mbox.words.header_blocks import Block, header_block, says_above, says_old_mail
from bpm.feedback.channels.mbox.words.marks import OLD_MAIL, REPLY_LINE, RULE, without_marks
from bpm.feedback.channels.mbox.words.signatures import is_device_line, is_footer, is_warning, signature_length

_QUOTE = re.compile(r"^[ \t]{0,2}[>＞](?!\d|[ \t]\d{1,9}(?:[.,]\d{1,9})?[ \t]?[%€$£°])")
"""More than 90 % is no quote."""
_UNDERSCORES = re.compile(r"^\s*[_-]{10,200}\s*$|^\s*[*]{10,200}\s*$")
_OF_GROUPWISE = re.compile(r"^>{3} (?=.{0,150}\d{4})(?=.{0,150}\d:\d{2}).{8,200} >{3}\s*$")
"""`>>> Ann Ex <ann@example.com> 02.03.2026 09:15 >>>`; what follows bears no mark."""
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
_LONG_QUOTE = 60
"""Characters from which a quoted line may have been wrapped by a program, its rest without a mark."""
_FOOTERS = 6
"""Paragraphs at the end in which footers are looked for."""


@dataclass(frozen=True)
class Words:
    """What a body holds."""

    own: str
    """What the sender wrote this time."""
    old: str = ""
    """The old mail below its header block, with marks; empty when there is none."""
    block: Block | None = None
    """That header block."""


def customer_words(body: str) -> str:
    """`body` without quoted lines, reply headers, signature and footers; answers between quotes stay."""
    return words_of(body).own


def mailed_words(body: str) -> str:
    """What is new in a mail that somebody else cut from its message; the whole of it where nothing is."""
    return customer_words(body) or without_marks(body)


def words_of(body: str) -> Words:
    """The sender's own words, and the old mail below them; costs the body's length."""
    if "-----BEGIN PGP SIGNED" in body:
        body = _unsigned(body)
    lines = [_INVISIBLE.sub("", line.rstrip("\r")) for line in body.split("\n")]
    kept: list[str] = []
    place = 0
    while place < len(lines):
        old = _old_mail(lines, place)
        if old is not None:
            return Words(_tidy(kept), "\n".join(_unquoted(lines[old.end :])), old if old.kinds else None)
        length, words = _taken(lines, place, kept)
        if length < 0:
            break
        kept += words
        place += length
    return Words(_tidy(kept))


_SIGNED = re.compile(
    r"^-----BEGIN PGP SIGNED MESSAGE-----\r?\n(?:[A-Za-z]{1,20}: [^\n]{0,100}\n){0,5}\r?\n(?P<words>.*?)"
    r"^-----BEGIN PGP SIGNATURE-----.*?(?:^-----END PGP SIGNATURE-----\r?$|\Z)",
    re.MULTILINE | re.DOTALL,
)


def _unsigned(body: str) -> str:
    """What was signed in the open (RFC 9580, 7), without its frame; dashes in front of a line are guarded by others."""
    return _SIGNED.sub(lambda found: re.sub(r"^- (?=-)", "", found["words"], flags=re.MULTILINE), body)


def _taken(lines: Sequence[str], place: int, kept: Sequence[str]) -> tuple[int, list[str]]:
    """(lines taken from `place`, words among them); a negative length: everything from here on is old."""
    line = lines[place]
    if line.startswith(REPLY_LINE) or _QUOTE.match(line):
        return 1 + _wrapped(lines, place), []
    length = signature_length(lines, place)
    if length:
        return length, []
    told = attribution(lines, place)
    if told is not None:
        rest = _next_words(lines, place + told.lines)
        if rest is None or _is_quote(rest):
            return told.lines, [told.before]
        said = any(each.strip() for each in kept)
        # `On 2 March at 9:15 I wrote:` as the first line, with nothing marked below it: the sender tells a story.
        if told.is_certain and (told.before or not (kept and kept[-1].strip())) and (said or told.has_address):
            return (-1, []) if not told.before else (len(lines), [told.before])
    if is_device_line(line) and _stands_alone(lines, place):
        return 1, []
    return 1, [without_marks(line).rstrip()]


def _is_quote(line: str) -> bool:
    return bool(_QUOTE.match(line)) or line.startswith(REPLY_LINE)


def _wrapped(lines: Sequence[str], place: int) -> int:
    """1 when the next line is the rest of this quoted line, which a program wrapped without a mark."""
    if len(lines[place]) < _LONG_QUOTE or place + 2 >= len(lines) or not _is_quote(lines[place + 2]):
        return 0
    rest = lines[place + 1]
    if _is_quote(rest) or not rest.strip() or len(rest) > 40:
        return 0
    return int(not lines[place].rstrip().endswith((".", "?", "!", ":", ";")) and rest[0].islower())


def _stands_alone(lines: Sequence[str], place: int) -> bool:
    """Whether nothing of the same paragraph follows: what devices add stands at an end."""
    if place + 1 >= len(lines) or not lines[place + 1].strip() or _is_quote(lines[place + 1]):
        return True
    return _old_mail(lines, place + 1) is not None or is_device_line(lines[place + 1])


def _next_words(lines: Sequence[str], place: int) -> str | None:
    return next((line for line in lines[place : place + 6] if line.strip()), None)


_NOTHING = Block(0, frozenset(), has_address=False)


def _old_mail(lines: Sequence[str], place: int) -> Block | None:
    """What begins old mail at this line; a block without kinds: a mark alone."""
    line = lines[place]
    if line.startswith((OLD_MAIL, RULE)) or _UNDERSCORES.match(line):
        return _below_mark(lines, place + 1, certain=line.startswith(OLD_MAIL))
    if _OF_GROUPWISE.match(line):
        return Block(place + 1, frozenset(), has_address=False)
    if _is_quote(line):
        return None
    if says_old_mail(line):
        return _below_mark(lines, place + 1, certain=True)
    if says_above(line):
        return Block(place + 1, frozenset(), has_address=False)
    block = header_block(lines, place)
    return block if block and block.counts_alone else None


def _below_mark(lines: Sequence[str], start: int, *, certain: bool) -> Block | None:
    """The header block below a mark; a mark that is not certain counts only with one."""
    ahead = [line.lstrip("> ＞") for line in lines[start : start + 40]]
    for at, line in enumerate(ahead[:4]):
        if not line.strip(" *_-\x02\x03"):
            continue
        if says_old_mail(line):
            continue
        block = header_block(ahead, at)
        if block and block.counts_behind_a_mark:
            return Block(start + block.end, block.kinds, block.has_address, block.values)
        break
    return Block(start, frozenset(), has_address=False) if certain else None


def _unquoted(lines: Sequence[str]) -> Sequence[str]:
    """Without the mark of one quote, when all of it bears one (Apple Mail forwards like that)."""
    full = [line for line in lines[:400] if line.strip()]
    if not full or sum(_is_quote(line) for line in full) < 0.8 * len(full):
        return lines
    return [re.sub(r"^[ \t]{0,2}[>＞] ?", "", line) for line in lines]


def _tidy(kept: Sequence[str]) -> str:
    """The words as text, without a gateway's warning above and footers below."""
    paragraphs = re.split(r"\n\s*\n", "\n".join(kept).strip())
    while len(paragraphs) > 1 and is_warning(paragraphs[0]):
        paragraphs.pop(0)
    for _ in range(_FOOTERS):
        if len(paragraphs) > 1 and is_footer(paragraphs[-1]):
            paragraphs.pop()
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(paragraphs)).strip()
