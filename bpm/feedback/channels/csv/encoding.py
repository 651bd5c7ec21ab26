"""The lines of a file as text, whatever encoding and line ends it has; one odd byte spoils one line."""

import io
import re
from collections.abc import Iterator
from typing import BinaryIO

from bpm.feedback.channels.csv.streams import (
    BEGINNING,
    Joined,
    Recoded,
    WithLineFeeds,
    read_start,
    strictly,
    wide_encoding,
)
from bpm.feedback.channels.rows import lines
from bpm.feedback.channels.values.columns import is_known

_GUESSED_FROM = 8_000
"""Bytes of odd lines from which an encoding is guessed."""

_SURE = {
    "cp1251": {"Russian", "Ukrainian", "Bulgarian", "Serbian", "Macedonian"},
    "koi8_r": {"Russian"},
    "cp1253": {"Greek"},
}
"""Encodings of other alphabets that are believed, with the languages that must show in the text."""

_CHINESE = {
    "gb18030": frozenset(
        "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里，。！"
    ),
    "big5": frozenset(
        "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得於著下自之年過發後作裡，。！"
    ),
}
"""The most usual letters and marks of Chinese: a quarter of any text, and no chance elsewhere."""
_USUAL = 0.15

_FEWEST_LETTERS = 8
"""Letters of another script that are no chance."""

_FOREIGN_WORD = re.compile("[\u00a8\u00b8\u00c0-\u00ff]{4,}")
"""What words of another alphabet look like when they are read as Windows-1252."""

_POLISH = re.compile(r"(?<=[a-z])[\u00b3\u00b9\u00bf]|[\u00b3\u00b9\u00bf](?=[a-z])")
"""The letters of Polish that Windows-1252 has as signs within words."""


_CZECH = re.compile("(?=.*[ýžšŽŠÝ])(?=.*[øì\u00be])", re.DOTALL)
_CZECH_SIGNS = re.compile("[øìèùïò\u00be]")
"""Letters of Czech and Slovak as Windows-1252 reads them: those that both have beside those that no neighbour has."""

_TURKISH = re.compile("(?<=[A-Za-zçöü])þ|(?<=[A-Za-z])ð(?=[a-z]*ý)|ý(?=[a-z]*þ)")
"""Letters of Turkish as Windows-1252 reads them, where no word of Icelandic has them: a thorn behind a letter."""

_LETTERS = "äöüßéèêàâáíîóôúùñçåæø"
_WESTERN = {
    "cp1252": frozenset(f"{_LETTERS}ëãïìõòœûýÿþðšž’‘–—…\u00ad·"),
    "cp850": frozenset(_LETTERS),
    "mac_roman": frozenset(f"{_LETTERS}œ"),
}
"""Encodings of Western Europe -> what stands between two letters of a word in them."""

_WITHIN = re.compile(rb"(?<=[A-Za-z\x80-\xff])[\x80-\xff](?=[a-z\x80-\xff])")


def text_lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """The lines with their 1-based numbers and their line breaks; None stands for one over LONGEST_RECORD.

    UTF-8, else what the beginning shows to be sure, else Windows-1252 (what spreadsheets write) line by line.
    """
    start = read_start(stream, BEGINNING)
    encoding = wide_encoding(start)
    source: io.RawIOBase = Joined(start, stream)
    if encoding:
        source = Recoded(source, encoding)
        again = _buffered(source)
        start = read_start(again, BEGINNING)
        source = Joined(start, again)
    mac = b"\r" in start and b"\n" not in start
    if mac:
        source = WithLineFeeds(source)
    fallback = guess_encoding(start, old_mac=mac)
    for number, line in lines(_buffered(source)):
        yield number, None if line is None else _decoded(line, fallback)


def beginning(stream: BinaryIO) -> tuple[bytes, BinaryIO]:
    """The first bytes of a file, and the file with them again."""
    start = read_start(stream, BEGINNING)
    return start, _buffered(Joined(start, stream))


def _buffered(source: io.RawIOBase) -> BinaryIO:
    return io.BufferedReader(source, BEGINNING)


def guess_encoding(sample: bytes, *, old_mac: bool = False) -> str:
    """What the lines that are not UTF-8 are written in, where that is sure; else Windows-1252 (or Mac Roman)."""
    odd = b"\n".join(line for line in re.split(rb"[\r\n]+", sample)[:-1] or [sample] if not _is_utf8(line))
    odd = odd[:_GUESSED_FROM]
    if not odd:
        return "cp1252"
    if named := _by_names(re.split(rb"[\r\n]+", sample.lstrip())[0]):
        return named
    return _east_asian(odd) or _other_alphabet(odd) or ("mac_roman" if old_mac else _western(odd))


_BY_NAMES = ("cp932", "euc_jp", "cp949", "gb18030", "big5", "cp1251", "koi8_r", "cp1253", "cp1250")


def _by_names(header: bytes) -> str:
    """The one encoding in which a header that is no ASCII holds most names of columns that are known."""
    if header.isascii() or _is_utf8(header):
        return ""
    found = {name: _names_in(strictly(header[:2_000], name)) for name in _BY_NAMES}
    most = max(found.values())
    best = [name for name, count in found.items() if count == most]
    usual = _names_in(header[:2_000].decode("cp1252", "replace"))
    return best[0] if most > usual and len(best) == 1 else ""


def _names_in(header: str) -> int:
    """How many known names with a letter beyond ASCII stand in a header."""
    return sum(not name.isascii() and is_known(name) for name in re.split(r"[,;\t|]", header.replace('"', "")))


def _east_asian(odd: bytes) -> str:
    """Japanese shows by its kana, Korean by words of Hangul, Chinese by the letters that it cannot do without."""
    for name in ("cp932", "euc_jp"):
        text = strictly(odd, name)
        kana = len(re.findall("[\u3041-\u30ff]", text))
        if kana >= _FEWEST_LETTERS // 2 and kana * 4 >= sum(ord(letter) > 127 for letter in text):
            return name
    text = strictly(odd, "cp949")
    hangul = sum(map(len, re.findall("[\uac00-\ud7a3]{2,}", text)))
    if hangul >= _FEWEST_LETTERS and hangul * 4 >= sum(ord(letter) > 127 for letter in text) * 3:
        return "cp949"
    shares = {name: _usual_share(strictly(odd, name), usual) for name, usual in _CHINESE.items()}
    best = max(shares, key=lambda name: shares[name])
    return best if shares[best] >= _USUAL else ""


def _usual_share(text: str, usual: frozenset[str]) -> float:
    """How much of the wide letters are among the usual ones; 0 when they are too few to tell."""
    wide = [letter for letter in text if ord(letter) > 127]
    return sum(letter in usual for letter in wide) / len(wide) if len(wide) >= 2 * _FEWEST_LETTERS else 0


def _other_alphabet(odd: bytes) -> str:
    latin = odd.decode("cp1252", "replace")
    if len(_POLISH.findall(latin)) >= 3 or _is_czech(latin):
        return "cp1250"
    if _TURKISH.search(latin):
        return "cp1254"
    if sum(map(len, _FOREIGN_WORD.findall(latin))) < _FEWEST_LETTERS:
        return ""
    from charset_normalizer import from_bytes  # 3 MB, and most files are UTF-8

    best = from_bytes(odd, cp_isolation=list(_SURE)).best()
    return best.encoding if best is not None and best.language in _SURE.get(best.encoding, ()) else ""


def _is_czech(latin: str) -> bool:
    between = not _FOREIGN_WORD.search(latin)
    return between and _CZECH.search(latin) is not None and len(_CZECH_SIGNS.findall(latin)) >= 2


def _western(odd: bytes) -> str:
    """Windows-1252, unless what stands within its words are no letters there and all letters in another one."""
    within = b"".join(_WITHIN.findall(odd))
    shares = {
        name: sum(letter in known for letter in within.decode(name, "replace")) / max(len(within), 1)
        for name, known in _WESTERN.items()
    }
    if len(within) < 2 or shares["cp1252"] > _MOST_ODD:
        return "cp1252"
    return next((name for name in ("mac_roman", "cp850") if shares[name] == 1), "cp1252")


_MOST_ODD = 0.5
"""The share of what fits within words below which a text is looked at as one of another encoding."""


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _decoded(line: bytes, fallback: str) -> str:
    try:
        text = line.decode()
    except UnicodeDecodeError:
        text = line.decode(fallback, "replace")
    return text.replace("\0", "").removeprefix("\ufeff")
