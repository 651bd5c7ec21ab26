"""Mail addresses as they are typed, hidden from robots, spoken, and as transcripts without punctuation leave them."""

import re
from collections.abc import Iterator

from bpm.feedback.privacy.mask.near import matches, near_signs
from bpm.feedback.privacy.mask.spans import Span
from bpm.feedback.privacy.mask.words import words

_LOCAL = frozenset("!#$%&'*+-/=?^_`{|}~.")
_HOST = frozenset("-.")
_PROVIDERS = (
    "gmail|gamil|gmil|gmial|googlemail|yahoo|ymail|hotmail|outlook|live|aol|icloud|me|msn|proton|protonmail|gmx|web|"
    "mail|email|freenet|t-online|orange|wanadoo|laposte|free|sfr|btinternet|sky|comcast|verizon|rediffmail|zoho|fastmail"
)
_ENDS = r"com|net|org|edu|gov|de|fr|uk|co uk|couk|co\.uk|in|io|eu|us|info|biz|ch|at|es|it|nl|be|ca|au|com au"
_SQUASHED = re.compile(
    r"(?<![\w@.+-])([\w.+-]{0,40}?)(?:gmail|gamil|gmil|googlemail|yahoo|ymail|hotmail|outlook|aol|icloud|gmx|rediffmail|"
    r"protonmail|mail)\.?(?:com|couk|net|de|fr)(?![\w@])",
    re.IGNORECASE,
)
_SQUASHED_END = re.compile(r"(?:mail|mil|yahoo|outlook|aol|icloud|gmx)\.?(?:com|couk|net|de|fr)(?![\w@])")
_SPOKEN_END = re.compile(
    rf"\s(?:at|ät|arobase|@|\(at\)|\[at\])\s((?:[\w-]+\s){{1,3}}?)(?:(?:dot|punkt|\.|\(dot\)|\[dot\])\s?"
    rf"((?:[\w-]+\s(?:dot|punkt)\s)?(?:{_ENDS}))|point\s(?:com|net|org|fr|be|ch|ca))\b",
    re.IGNORECASE,
)
_HIDDEN = re.compile(
    r"([\w.+-]{1,64}(?:\s?[\[({<]\s?(?:dot|\.)\s?[\])}>]\s?[\w.+-]{1,64}){0,3})\s?[\[({<]\s?(?:at|@)\s?[\])}>]\s?([\w-]{1,63}(?:\s?(?:\.|[\[({<]\s?(?:dot|\.)\s?[\])}>])\s?[\w-]{1,63}){1,4})",
    re.IGNORECASE,
)
_TYPED_APART = re.compile(
    rf"[\w.+-]{{1,64}} ?@ ?(?:(?:{_PROVIDERS}) ?[.,] ?(?:com|net|de|fr|co\.uk)"
    r"|gmail|yahoo|hotmail|outlook|icloud|gmx)\b",
    re.IGNORECASE,
)
_LETTER_BY_LETTER = re.compile(
    rf"(?<!\w)(?:[\w.+-] ){{2,40}}@ (?:[\w-] ?){{2,40}}\.(?:(?: ?[A-Za-z](?!\w)| ?\.){{2,8}}| ?[A-Za-z]{{2,8}})(?!\w)"
    rf"|(?<!\w)(?:\w-){{2,30}}\w (?:at|@) (?:{_PROVIDERS})\b(?: ?(?:\.|dot) ?(?:{_ENDS})\b)?",
    re.IGNORECASE,
)
_DASHED = re.compile(r"-\w (?:at|@) ")
_DOTTED_AT = re.compile(
    rf"(?<![\w.])[A-Za-z]\w*[._][A-Za-z][\w.-]{{0,60}} (?:at|AT|\[at\]) [\w-]{{2,60}}(?:\.| dot | DOT )(?:{_ENDS})\b"
)
_STOP = words(
    "is its it's it email e-mail mail id address adress name number me to and my us the at or for on be ist lautet "
    "adresse est c'est this find look that available store buy shop order online bought ordered was were are you we "
    "correct send reach contact up sure yes yeah ok okay hi so um uh with customer sorry please from in of here"
)
_JOINTS = words("dot underscore dash hyphen minus plus period point punkt unterstrich bindestrich tiret")
_SERVICES = frozenset({"git", "svn", "hg", "root", "ubuntu"})


def mails(text: str, low: str) -> Iterator[Span]:
    """The spans of mail addresses; `low` is the text in lower case."""
    if "@" in text:
        yield from _typed(text)
        yield from (Span("email", *found.span()) for found in matches(_TYPED_APART, text, near_signs(text)))
    if " at " in low or " @ " in low:
        if "@ " in low or _DASHED.search(low):
            yield from (Span("email", *found.span()) for found in _LETTER_BY_LETTER.finditer(text))
        if _is_dotted(low):
            yield from (Span("email", *found.span()) for found in _DOTTED_AT.finditer(text))
    if any(mark in low for mark in ("(at", "[at", "{at", "<at", "( at", "[ at", "(@", "[@")):
        yield from (Span("email", *found.span()) for found in _HIDDEN.finditer(text))
    if " at " in low or " ät " in low or "arobase" in low or " @ " in low:
        yield from _spoken(text)
    if _SQUASHED_END.search(low):
        yield from _squashed(text)


def _is_dotted(low: str) -> bool:
    """Whether a word right before an "at" has a dot or an underscore in it, as names in addresses have."""
    for mark in (" at ", " [at] "):
        at = low.find(mark)
        while at >= 0:
            word = low[low.rfind(" ", 0, at) + 1 : at]
            if "." in word or "_" in word:
                return True
            at = low.find(mark, at + 1)
    return False


def _typed(text: str) -> Iterator[Span]:
    """Around each `@`; every character is looked at twice at most."""
    done, at = 0, text.find("@")
    while at >= 0:
        start, end = _left(text, at, done), _right(text, at + 1)
        if start < at and _is_host(text[at + 1 : end]) and not _is_handle_or_service(text, start, at):
            yield Span("email", start, end)
        done = max(end, at + 1)
        at = text.find("@", done)


def _left(text: str, at: int, stop: int) -> int:
    start = at
    if start > stop and text[start - 1] == '"':
        quote = text.rfind('"', max(stop, start - 66), start - 1)
        return quote if quote >= 0 else at
    while start > stop and (text[start - 1].isalnum() or text[start - 1] in _LOCAL):
        start -= 1
    while start < at and text[start] in "./'`{|=?":
        start += 1
    return start


def _right(text: str, end: int) -> int:
    while end < len(text) and (text[end].isalnum() or text[end] in _HOST):
        end += 1
    while end and text[end - 1] in "-.":
        end -= 1
    return end


def _is_host(written: str) -> bool:
    name, _, top = written.rpartition(".")
    return bool(name) and (top.isalpha() or top.startswith("xn--")) and len(top) >= 2


def _is_handle_or_service(text: str, start: int, at: int) -> bool:
    """`@name@host` is a public account; `git@host` is a service."""
    return text[start - 1 : start] == "@" or text[start:at].casefold() in _SERVICES


def _spoken(text: str) -> Iterator[Span]:
    for found in _SPOKEN_END.finditer(text):
        start, sure = _spoken_local(text, found.start())
        host = found[1].split()
        known = re.fullmatch(_PROVIDERS, "".join(host), re.IGNORECASE) is not None
        asked = "mail" in text[max(0, start - 60) : start].casefold()
        if start < found.start() and (sure or known or asked):
            yield Span("email", start, found.end())


def _spoken_local(text: str, end: int) -> tuple[int, bool]:
    """Where the words before "at" begin that belong to the address; whether they are dictated as one."""
    words = list(re.finditer(r"[^\s,;:]+", text[max(0, end - 100) : end]))
    offset = max(0, end - 100)
    start, sure, taken = end, False, 0
    for word in reversed(words[-14:]):
        said = word[0].casefold().strip(".")
        if said in _STOP or (taken >= 2 and not _is_dictated(said) and not sure):
            break
        sure = sure or said in _JOINTS or said.isdigit() or len(said) == 1
        start, taken = offset + word.start(), taken + 1
    return start, sure


def _is_dictated(said: str) -> bool:
    return said in _JOINTS or said.isdigit() or len(said) == 1


def _squashed(text: str) -> Iterator[Span]:
    """`visika 34 gmailcom`: the sign and the dot were lost, the address is in one to three words."""
    for found in _SQUASHED.finditer(text):
        dotted = "." in found[0][len(found[1]) :]
        if found[1]:
            if not dotted:
                yield Span("email", *found.span())
            continue
        start, digits = _words_before(text, found.start())
        if start < found.start() and (digits or not dotted):
            yield Span("email", start, found.end())


def _words_before(text: str, end: int) -> tuple[int, bool]:
    """Where the digits and short pieces before begin, with one longer word before them; whether there are digits."""
    offset = max(0, end - 60)
    start, digits = end, False
    for word in list(re.finditer(r"[^\s,;:]+", text[offset:end]))[-5:][::-1]:
        said = word[0].casefold()
        if said in _STOP:
            break
        start, digits = offset + word.start(), digits or said.isdigit()
        if not _is_dictated(said) and len(said) > 2:
            break
    return start, digits
