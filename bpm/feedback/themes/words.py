"""The words of a subject: what is left of a text without the words that stand in every text, and what sets it apart."""

import math
import re
from collections import Counter
from collections.abc import Iterable

NAMED_BY = 3
"""Words in a name."""

_WORD = re.compile(r"[^\W\d_][\w'’]+")
_MASK = re.compile(r"\[[^\]\n]{1,40}\]|https?://\S+|[@#]\w+")
_COURTESY = re.compile(
    r"\bgood (?:morning|afternoon|evening|day)\b|\bsir or madam\b"
    r"|\b(?:dear|hi|hello|hey) (?:all|team|sirs?|both|everyone|everybody|there)\b"
    r"|\b(?:kind|best|warm|many) (?:regards|wishes|greetings)\b|\byours (?:sincerely|faithfully|truly)\b"
    r"|\bhave a (?:nice|good|great|lovely|wonderful) (?:day|evening|weekend|one)\b"
    r"|\bi? ?hope (?:you are|this finds you) well\b"
)
"""What opens and closes a message, whatever it is about."""
_STOP = frozenset(
    """
    a about after again all also always am an and any anyone anything are aren't as at be because been before being
    but by can can't cannot could couldn't did didn't do does doesn't doing don't done during each even ever every few
    for from get gets getting give go goes going gone got guys had has hasn't have haven't having he hello help her here
    hey hi him his how i i'd i'll i'm i've if in into is isn't it it's its just keep know last let like lot make many me
    more most much my myself need never new no not nothing now of off often oh ok on once one only or other our out over
    own please put really said same say see she should since so some someone something still such take tell than thank
    thanks that that's the their them then there there's these they they're thing things think this those though
    through time to today too try trying two u under until up ur us use used using very via want was wasn't way we we're
    well were weren't what what's when where which while who why will with without won't would wouldn't yes yet you
    you're your
    amp bye cheers congrats dear folks goodbye greetings hiya madam pls plz regards sir sincerely sorry wishes
    """.split()  # noqa: SIM905 (a list to be read)
)


def words_of(text: str) -> list[str]:
    """The words of `text` that can say what it is about, lower-case, in their order; no masks, links, greetings."""
    plain = _COURTESY.sub(" ", _MASK.sub(" ", text).lower().replace("’", "'"))
    return [word for word in _WORD.findall(plain) if len(word) > 2 and word not in _STOP]


def name_of(texts: Iterable[Iterable[str]], background: Counter[str], of: int) -> str:
    """The words that set `texts` (each as its words) apart from the `of` texts that `background` counts.

    Each word is scored by the share of texts that it is in times the logarithm of how much more frequent it is in
    them (the term of Kullback and Leibler 1951); "" when there are no words.
    """
    held: Counter[str] = Counter()
    n = 0
    for words in texts:
        held.update(set(words))
        n += 1
    scored = []
    for word, count in held.items():
        inside = count / n
        outside = (background.get(word, 0) + 0.5) / (of + 1)
        if count > 1 or n == 1:
            scored.append((-inside * math.log(max(inside / outside, 1e-9)), word))
    return " ".join(word for _, word in sorted(scored)[:NAMED_BY])
