"""What turns a cue round: it is negated, only supposed, wished for, quoted, or an emoji says something else.

"no complaints", "I would love it if", "they call it easy", "not leaving": the cue is there, its purpose is not.
"""

import re
import unicodedata
from collections.abc import Collection, Sequence

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import ORTH
from spacy.tokens import Doc

WELL, ILL = frozenset({"joy", "thanks", "well"}), frozenset({"anger", "gripe", "ill"})
_CUES = (
    "leave",
    "broken",
    "outage",
    "wish",
    "thanks",
    "joy",
    "anger",
    "gripe",
    "ask",
    "want",
    "dispute",
    "danger",
    "well",
    "ill",
)
_SEEN = frozenset(_CUES)
_KNOWN = _SEEN | {"nofault"}
_TURNS = ("plain", "negated", "supposed", "would be", "quoted")
_NEGATORS = frozenset(
    {"not", "no", "never", "without", "nothing", "nobody", "none", "neither", "nor", "zero", "hardly", "barely"}
    | {"cannot", "cant", "dont", "didnt", "isnt", "wasnt", "wont", "doesnt", "wouldnt", "havent", "hasnt", "arent"}
)
_REACH = 4
"""Words before a cue in which a negation reaches it."""
_STOPS = frozenset({"but", "because", ",", ";", ":", ".", "!", "?", "(", ")", "-", "–", "—", "\n"})
_ENDS = frozenset({".", "!", "?", "\n", "\n\n"})
_IF = frozenset({"if", "unless", "suppose", "supposing", "hypothetically", "whether", "case"})
_WOULD = frozenset({"would", "could", "should", "might", "wish", "shall"})
_QUOTED = re.compile(r"[\"“„«](?P<d>[^\"”“»\n]{2,200})[\"”“»]|(?<!\w)['‘](?P<s>[^'’\n]{3,200})['’](?!\w)")
_MARK = re.compile(r"[\"“„«‘']")
_GLAD = frozenset(
    "😀😃😄😁😆😊🙂😍🥰😘🤩🤗😻❤💙💚💛💜🧡💖💗💕♥👍👏🙌🙏👌💯🎉🎊✨🌟⭐🔥🏆🥇🤤🫶💪🥳😎☺🌈🚀😋💐🌹✅🤝".replace("️", "")
)
_CROSS = frozenset(
    "😡🤬😠😤🙄👎😒😑💩🤦🤡😭😩😫🤮🤢💔🙃😞😔😟😕🙁☹😖😣🥱🐌🗑🚫❌😾🖕💀☠🤨😢😥😰😱🪳🐀💸📉😪🥴🧟⛔".replace("️", "")
)
MARK_SCALE, MOOD_SCALE = 0.7, 1.0
"""How loud these are beside the n-grams. Set by hand, with a look at sources held out; not searched for."""

RESTRAINT = 0.2
"""What is left of a kind whose cues are all turned round."""
_SPEAKING = (("cancellation", ("leave",)), ("outage_report", ("broken", "outage")), ("request", ("want",)))

MARKS = (
    *(f"{turn}: {cue}" for cue in _CUES for turn in _TURNS),
    "something is quoted",
    "most of it is quoted",
    "a glad emoji",
    "glad emojis",
    "a cross emoji",
    "cross emojis",
    "both moods",
    "emojis alone",
    "speaks well",
    "speaks ill",
    "only well",
    "only ill",
    "ends well",
    "ends ill",
    "well if it were so",
)
"""Names of what `marks` gives, in order."""
_PLACE = {name: place for place, name in enumerate(MARKS)}
_GLAD_PLACE, _CROSS_PLACE = _PLACE["a glad emoji"], _PLACE["a cross emoji"]


def marks(
    doc: Doc, text: str, words: Sequence[tuple[str, int]], cues: Sequence[tuple[str, int, int]], *, begins: int = 0
) -> NDArray[np.float32]:
    """One number for each name of MARKS.

    `text` is what of `doc` is looked at, from its character `begins` on; `words` are its (word, token), `cues` its
    (name, first token, token after the last).
    """
    values = np.zeros(len(MARKS), np.float32)
    quoted = _quotes(text, begins) if _MARK.search(text) else []
    if quoted:
        values[_PLACE["something is quoted"]] = MARK_SCALE
        values[_PLACE["most of it is quoted"]] = MARK_SCALE * (sum(b - a for a, b in quoted) > 0.5 * len(text))
    if not text.isascii():
        _moods(text, values)
    if not any(name in _KNOWN for name, _, _ in cues):
        _add_stance([], values)
        return values
    said = dict.fromkeys(range(len(doc)), "")
    said.update((token, word) for word, token in words)
    strings = doc.vocab.strings
    texts = [strings[orth] for orth in doc.to_array(ORTH).tolist()]
    free = {token for name, start, end in cues if name == "nofault" for token in range(start, end)}
    stances: list[tuple[int, int]] = [(start, 1) for name, start, _ in cues if name == "nofault"]
    for name, start, end in cues:
        if name not in _SEEN or (start in free and name in ILL):
            continue
        turns = _turns(said, texts, (start, end), in_quotes=_stands_in(quoted, doc[start].idx))
        for turn in turns:
            values[_PLACE[f"{turn}: {name}"]] = MARK_SCALE
        stances += _stance(name, start, turns, values)
    _add_stance(stances, values)
    return values


def _stance(name: str, start: int, turns: tuple[str, ...], values: NDArray[np.float32]) -> list[tuple[int, int]]:
    """(token, 1 or -1) of a cue that praises or blames; a negation turns it, quotes and suppositions do not count."""
    if name not in WELL | ILL or "quoted" in turns:
        return []
    sign = 1 if name in WELL else -1
    if {"supposed", "would be"} & set(turns):
        values[_PLACE["well if it were so"]] = MOOD_SCALE * (sign > 0)
        return []
    return [(start, -sign if "negated" in turns else sign)]


def _add_stance(stances: list[tuple[int, int]], values: NDArray[np.float32]) -> None:
    glad, cross = values[_GLAD_PLACE] > 0, values[_CROSS_PLACE] > 0
    if not stances and not glad and not cross:
        return
    well = len({token for token, sign in stances if sign > 0}) + int(glad)
    ill = len({token for token, sign in stances if sign < 0}) + int(cross)
    last = max(stances, default=(0, 0))[1] if glad == cross else int(glad) - int(cross)
    found = (min(1.0, well / 3), min(1.0, ill / 3), well > 0 == ill, ill > 0 == well, last > 0, last < 0)
    names = ("speaks well", "speaks ill", "only well", "only ill", "ends well", "ends ill")
    for name, value in zip(names, found, strict=True):
        values[_PLACE[name]] = MOOD_SCALE * float(value)


def _quotes(text: str, begins: int) -> list[tuple[int, int]]:
    return [(match.start() + begins, match.end() + begins) for match in _QUOTED.finditer(text)]


def _stands_in(quoted: Sequence[tuple[int, int]], place: int) -> bool:
    return any(first <= place < last for first, last in quoted)


def _turns(said: dict[int, str], texts: Sequence[str], cue: tuple[int, int], *, in_quotes: bool) -> tuple[str, ...]:
    found = []
    if _negated(said, texts, cue[0]):
        found.append("negated")
    around = _sentence(said, texts, *cue)
    if around & _IF:
        found.append("supposed")
    if around & _WOULD:
        found.append("would be")
    if in_quotes:
        found.append("quoted")
    return tuple(found) or ("plain",)


def _negated(said: dict[int, str], texts: Sequence[str], start: int) -> bool:
    for token in range(start - 1, max(-1, start - 1 - _REACH), -1):
        word = said[token]
        if word in _NEGATORS:
            return True
        if word == "but":
            return token > 0 and said[token - 1] == "anything"
        if word in _STOPS or texts[token] in _STOPS:
            return False
        if word == "from" and token > 0 and said[token - 1] == "far":
            return True
    return False


def _sentence(said: dict[int, str], texts: Sequence[str], start: int, end: int) -> set[str]:
    """The other words of the sentence that the cue stands in, at most 25 to each side."""
    first, last = start, end
    while first > 0 and start - first < 25 and texts[first - 1] not in _ENDS:
        first -= 1
    while last < len(texts) and last - end < 25 and texts[last] not in _ENDS:
        last += 1
    return {said[token] for token in range(first, last) if not start <= token < end}


def _moods(text: str, values: NDArray[np.float32]) -> None:
    glad, cross = sum(sign in _GLAD for sign in text), sum(sign in _CROSS for sign in text)
    values[_PLACE["a glad emoji"]] = MOOD_SCALE * (glad > 0)
    values[_PLACE["glad emojis"]] = MOOD_SCALE * min(1.0, glad / 3)
    values[_PLACE["a cross emoji"]] = MOOD_SCALE * (cross > 0)
    values[_PLACE["cross emojis"]] = MOOD_SCALE * min(1.0, cross / 3)
    values[_PLACE["both moods"]] = MOOD_SCALE * (glad > 0 and cross > 0)
    if glad or cross:
        values[_PLACE["emojis alone"]] = MOOD_SCALE * (not any(unicodedata.category(sign)[0] in "LN" for sign in text))


def restraints(values: NDArray[np.float32], cues: Collection[str]) -> dict[str, float]:
    """Kind -> what its probability is multiplied by, where its cues are there and all of them are turned round.

    `values` are those of `marks`, `cues` the names of all cues that were found.
    """
    found = {kind: RESTRAINT for kind, cue in _SPEAKING if _only_turned(values, cue)}
    if "back" in cues and "leave" in cues and values[_PLACE["ends well"]]:
        found["cancellation"] = RESTRAINT  # they left once, and are customers again
    return found


def _only_turned(values: NDArray[np.float32], cues: Sequence[str]) -> bool:
    plain = any(values[_PLACE[f"plain: {cue}"]] for cue in cues)
    return not plain and any(values[_PLACE[f"{turn}: {cue}"]] for cue in cues for turn in ("negated", "quoted"))
