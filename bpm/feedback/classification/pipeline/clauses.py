"""Cuts a text into clauses: one sentence may praise the delivery and complain about the bill.

A clause ends with its sentence, before a turn ("but", "although"), and at a comma or "and" where a new one begins.
"""

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc

MOST = 24
"""Clauses of one text that are read apart; the last holds the rest."""
FEWEST = 2
"""Words of a clause; a shorter piece belongs to the one before."""
_ENDS = frozenset(".!?;\n") | {"\n\n", "…", "...", "!!", "??", "!!!", "???", "?!"}
_TURNS = frozenset(["but", "however", "although", "though", "yet", "whereas", "while", "nevertheless"])
_JOINS = frozenset({",", "and", "&", "-", "–", "—", ":", "plus", "then", "so"})


def word_set(words: str) -> frozenset[str]:
    """The words of a list written with blanks between."""
    return frozenset(words.split())


_VERBS = word_set(
    "is are was were has have had do does did will would can could took came went got kept keeps feels "
    "makes works gets comes remain remains arrived fails said says lost sold left"
)
_BEGINS = word_set(
    "i we you he she it they the my your our his her their this that these those there a an no not "
    "nobody nothing please can could would should why how what when where who if also once after very "
    "really too such two less love hate like great terrible awful horrible poor faulty excellent"
)


def clauses(doc: Doc, words: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
    """(first word, word after the last) of every clause, places in `words` (word, token), in reading order."""
    starts = [0, *(place for place in range(1, len(words)) if _begins(doc, words, place))]
    found: list[tuple[int, int]] = []
    for start, end in zip(starts, [*starts[1:], len(words)], strict=True):
        if found and (end - start < FEWEST or len(found) == MOST or found[-1][1] - found[-1][0] < FEWEST):
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return [part for part in found if part[1] > part[0]]


def _begins(doc: Doc, words: Sequence[tuple[str, int]], place: int) -> bool:
    word, token = words[place]
    between = list(_between(doc, words[place - 1][1], token))
    if any(sign in _ENDS or sign[0] in ".!?;" for sign in between) or words[place - 1][0] in ("!", "?"):
        return word not in ("!", "?")
    if word in _TURNS:
        return True
    if "," in between and (word in _BEGINS or word in _JOINS or _rest(words, place) >= FEWEST):
        return _since(doc, words, place) >= FEWEST and (word in _BEGINS or word in _JOINS or _has_room(words, place))
    return word == "and" and place + 1 < len(words) and words[place + 1][0] in _BEGINS and _since(doc, words, place) > 2


def _between(doc: Doc, before: int, token: int) -> Iterator[str]:
    for place in range(before + 1, token):
        text = doc[place].text
        yield text if text.strip() else "\n" if "\n" in text else " "


def _since(doc: Doc, words: Sequence[tuple[str, int]], place: int) -> int:
    """Words of the sentence before `place`."""
    count = 0
    for at in range(place - 1, -1, -1):
        count += 1
        if at and any(sign in _ENDS for sign in _between(doc, words[at - 1][1], words[at][1])):
            break
    return count


def _rest(words: Sequence[tuple[str, int]], place: int) -> int:
    return len(words) - place


def _has_room(words: Sequence[tuple[str, int]], place: int) -> bool:
    """Whether what follows a comma is more than a member of a list: it has a verb of its own."""
    return any(word in _VERBS or word.endswith("ed") for word, _ in words[place + 1 : place + 5])
