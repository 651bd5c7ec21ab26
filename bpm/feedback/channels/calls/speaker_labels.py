"""Which `label: words` at the beginning of a line names a speaker, and which is part of what somebody says.

A role, a name that the user gave, a telephone number and `Speaker 1` are speakers. Else a label has to look like a
name (capital letters of any alphabet, a script without them), or come back; `Order number:` and `Problem one:` are
made of the words of sentences and are never speakers, however often they come.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable

from bpm.feedback.channels.calls import role_words
from bpm.feedback.channels.calls.roles import UNKNOWN, by_words, plain, without_additions, words_of

LONGEST_LABEL = 80
"""Characters of a speaker's label."""

# Bounded in every part, so that no line costs more than its length.
_LABEL = re.compile(
    r"\s{0,20}(?:[-–—•*>]{1,2}\s{0,4})?\[?([^\s:：\[\]<>][^:：<>\n]{0,79}?)\]?\s{0,8}(?::(?=\s|$)|：)\s*+"
)
_PHONE = re.compile(r"\+?[\d(][\d ()./*xX-]{4,24}")
_SENTENCE = re.compile(r"[?!;…]|[^\W\d_]{4,}\.\s|\.\.")


def split_label(line: str) -> tuple[str, str] | None:
    """(label, words behind it) of a line that may begin with a speaker; None when there is no label."""
    match = _LABEL.match(line)
    if not match:
        return None
    label = match[1].strip()
    return label + "]" * ("[" in label and "]" not in label), line[match.end() :]


def speakers(lines: Iterable[str], *, named: Callable[[str], bool] = lambda label: False) -> frozenset[str]:
    """The labels at the beginning of these lines that name speakers; `named` says which the user has named."""
    total, seen = 0, Counter[str]()
    for line in lines:
        total += bool(line.strip())
        if found := split_label(line):
            seen[found[0]] += 1
    roles = {label for label in seen if named(label) or _is_role(label)}
    every_line = total > 0 and seen.total() == total
    by_role_alone = {by_words(label) for label in roles if len(words_of(label)) == 1} >= {"customer", "agent"}
    return frozenset(
        label
        for label, times in seen.items()
        if label in roles or _is_name(label, times, every_line=every_line, by_role_alone=by_role_alone)
    )


def _is_role(label: str) -> bool:
    words = set(words_of(label))
    if words & role_words.NOUNS or len(words) > 6 or _SENTENCE.search(label):
        return False
    if words & {"i", "my", "your", "the", "a", "said", "is", "was"} and label[:1].islower():
        return False
    numbered = words & role_words.NUMBERED and re.search(r"\d", label)
    return bool(numbered) or bool(_PHONE.fullmatch(label)) or by_words(label) != UNKNOWN


def _is_name(label: str, times: int, *, every_line: bool, by_role_alone: bool) -> bool:
    name = without_additions(label)
    words = words_of(name)
    if not words or len(words) > 6 or _SENTENCE.search(name) or any(part in name for part in role_words.UNSPACED_PROSE):
        return False
    if all(word in role_words.PROSE or word.isdigit() or word.endswith(("nummer", "number")) for word in words):
        return False
    if _looks_like_a_name(name):
        # Where both sides stand by their role, one word that comes once is no third speaker: "Router: dead".
        return times > 1 or not by_role_alone or len(words) > 1
    if any(word in role_words.PROSE - role_words.PARTICLES for word in words):
        return False
    return times > 1 or every_line or bool(re.search(r"[\d_@]", name))


def _looks_like_a_name(name: str) -> bool:
    """Capital letters or a script without them in every word but particles; the first may be small: jan de Vries."""
    words = [word.strip(".,'’\"") for word in name.replace("-", " ").split()]
    large = [bool(word) and _is_large(word) for word in words]
    small = [
        not ok and plain(word) not in role_words.PARTICLES and place > 0
        for place, (word, ok) in enumerate(zip(words, large, strict=True))
    ]
    return any(large) and not any(small)


def _is_large(word: str) -> bool:
    letter = next((each for each in word if each.isalpha()), "")
    if not letter:
        return bool(re.fullmatch(r"[#№]?\d{1,4}", word))
    return letter.isupper() or letter.istitle() or letter.upper() == letter.lower()
