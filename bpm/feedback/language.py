"""Which language words are in, by py3langid's model (Lui and Baldwin 2012, langid.py); read only where it is asked.

The model costs about 90 MB and half a second once, so web processes do not ask: the child that reads files does, and
the classifier. An English text is called foreign now and then, but hardly ever with p >= SURE.
"""

import io
import lzma
import re
from array import array
from functools import lru_cache
from typing import Any

SURE = 0.9
"""From this probability on a text that is not English counts as not English; below it is read, with a mark."""

FEWEST_LETTERS = 6
"""Letters of an alphabet that tell a language; of Chinese, Japanese and Korean a third of it does."""

ENOUGH = 400
"""Characters that are looked at: more change nothing."""

AT_SIGHT = 0.99
"""Probability of English where a third of the words are its little ones: the model is not asked, it errs more often."""

_NAMES_OF_PLACES = re.compile(r"(?:https?://|www\.)\S+|[@#]\w+|[\w.+-]+@[\w-]+\.\w+")
_NO_LETTERS = re.compile(r"[^\w\s']|[\d_]")
_PLAIN_NO_LETTERS = {code: " " for code in range(128) if not (chr(code).isalpha() or chr(code) == "'")}
_LITTLE = frozenset(
    """
    the and you your yours with that this have haven't they them their what what's when where which would could
    should from been there there's because please how why who about after before don't doesn't didn't can't won't isn't
    i'm i've i'd i'll it's you're we're they're his our ours than then these those very does did again never always only
    some has had was were its be of we is if so my not for are but by can will
    i a to in on me no do at as an he all or us out up
    """.split()  # noqa: SIM905 (a list to be read)
)
"""Words of English that no sentence does without. Some stand in another language, too, but not a third of a text."""
_OTHERS_TOO = frozenset(
    """
    had was were be of we is if so my not for are but by can will has his i a to in on me no do at as an he all or us
    out up
    """.split()  # noqa: SIM905 (a list to be read)
)
_SURELY = _LITTLE - _OTHERS_TOO
"""Those of them that hardly stand in any other language."""
_BEYOND_LATIN = "\u0250"
"""From here on stand letters that English is not written in: whatever language it is, it is another one."""
_DENSE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def detect(text: str) -> tuple[str | None, float]:
    """(ISO 639-1 code, probability 0 to 1); (None, 0.0) where words are too few to tell.

    Addresses, names of accounts, digits and signs tell no language and are not looked at.
    """
    words = _words(text[:ENOUGH])
    letters = len(words) - words.count(" ") - words.count("'") if words.isascii() else sum(map(str.isalpha, words))
    if letters < FEWEST_LETTERS and 3 * len(_DENSE.findall(words)) < FEWEST_LETTERS:
        return None, 0.0
    if words.isascii() and _is_english_at_sight(words.lower().split()):
        return "en", AT_SIGHT
    code, p = _identifier().classify(words.lower() if words.isupper() else words)
    if len(code) != 2:
        return None, 0.0
    latin = words.isascii() or 2 * sum(letter < _BEYOND_LATIN for letter in words if letter.isalpha()) >= letters
    return str(code), round(float(p), 4) if latin or code == "en" else max(SURE, round(float(p), 4))


def _words(text: str) -> str:
    """Words alone, a blank between them."""
    if "@" in text or "#" in text or "://" in text or "www." in text:
        text = _NAMES_OF_PLACES.sub(" ", text)
    return " ".join((text.translate(_PLAIN_NO_LETTERS) if text.isascii() else _NO_LETTERS.sub(" ", text)).split())


def _is_english_at_sight(words: list[str]) -> bool:
    little = sum(map(_LITTLE.__contains__, words))
    return 3 * little >= len(words) and sum(map(_SURELY.__contains__, words)) >= 2


def warm() -> None:
    """Load the model now, so that no record pays for it."""
    _identifier()


@lru_cache(maxsize=1)
def _identifier() -> Any:
    """The library's own way to load its model writes a temporary file, which the child that reads files may not."""
    import numpy as np
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    content = io.BytesIO(lzma.decompress((MODEL_DIR / MODEL_FILE).read_bytes()))
    with np.load(content, allow_pickle=False) as model:
        moves, rows = _plain(model["nextmove"]), _plain(model["nextmove_row"])
        classes, out = model["classes"].tolist(), model["out_feat"].tolist()
        ptc, pc = model["ptc"], model["pc"]
    return LanguageIdentifier(ptc, pc, classes, moves, out, norm_probs=True, tk_row=rows)


def _plain(numbers: Any) -> "array[int]":
    found = array(_CODES[numbers.dtype.itemsize])
    found.frombytes(memoryview(numbers).cast("B"))
    return found


_CODES = {2: "H", 4: "I", 8: "L"}
"""Bytes of a whole number -> the code of an array of such."""
