"""Which language words are in, by py3langid's model (Lui and Baldwin 2012, langid.py); read only where it is asked.

The model costs about 75 MB and half a second once, so web processes do not ask: the child that reads files does, and
the classifier. An English text is called foreign now and then, but hardly ever with p >= SURE.
"""

import lzma
import math
import mmap
import os
import re
import struct
import zipfile
from functools import lru_cache
from pathlib import Path
from typing import Any

SURE = 0.9
"""From this probability on a text that is not English counts as not English; below it is read, with a mark."""

FEWEST_LETTERS = 6
"""Letters of an alphabet that tell a language; of Chinese, Japanese and Korean a third of it does."""

ENOUGH = 400
"""Characters that are looked at: of 74,000 texts more of them tell another language for one."""

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
    from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier

    tables = _tables(_unpacked(MODEL_DIR / MODEL_FILE))
    moves, rows, out = (_numbers(tables[name]) for name in ("nextmove", "nextmove_row", "out_feat"))
    classes = tables["classes"].tolist()
    return LanguageIdentifier(tables["ptc"], tables["pc"], classes, moves, out, norm_probs=True, tk_row=rows)


def _numbers(table: Any) -> memoryview:
    """A table of whole numbers as it is walked number by number; only where its place is odd it is copied."""
    import numpy as np

    return memoryview(np.require(table, requirements="A"))


def _unpacked(path: Path) -> mmap.mmap:
    """The archive without its outer packing, in memory asked for once: copies of it would stay with the process."""
    unpacking = lzma.LZMADecompressor()
    found = mmap.mmap(-1, MOST_UNPACKED)
    with path.open("rb") as file:
        while not unpacking.eof:
            packed = file.read(PIECE) if unpacking.needs_input else b""
            if unpacking.needs_input and not packed:
                raise EOFError(path)
            found.write(unpacking.decompress(packed, PIECE))
    found.resize(found.tell())
    return found


def _tables(archive: mmap.mmap) -> dict[str, Any]:
    """Name -> array, each where it lies in an .npz archive whose parts are not packed
    (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html)."""
    import numpy as np

    found = {}
    for part in _parts(archive):
        archive.seek(part.header_offset + _NAME_LENGTHS)
        name, extra = struct.unpack("<HH", archive.read(4))
        archive.seek(name + extra, os.SEEK_CUR)
        np.lib.format.read_magic(archive)
        shape, _, kind = np.lib.format.read_array_header_1_0(archive)
        array = np.frombuffer(archive, kind, math.prod(shape), archive.tell())
        found[part.filename.removesuffix(".npy")] = array.reshape(shape)
    return found


def _parts(archive: Any) -> list[zipfile.ZipInfo]:
    return zipfile.ZipFile(archive).infolist()


MOST_UNPACKED, PIECE = 256 << 20, 1 << 20
"""Bytes: of the model without its packing at most (68 MB today), and of it at a time."""
_NAME_LENGTHS = 26
"""Where in the header of a part of a ZIP archive the lengths of its name and its extra field stand (APPNOTE 4.3.7)."""
