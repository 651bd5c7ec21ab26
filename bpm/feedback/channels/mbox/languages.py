"""What mail programs write around people's words, in the languages that people have set them to."""

import json
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Literal

Subject = Literal[
    "on", "wrote", "from", "sent", "to", "cc", "subject", "original", "forwarded", "above", "device", "devices",
    "automatic", "undelivered", "absence", "sent_label", "draft_label", "spam_label", "mail", "legal", "outside",
]  # fmt: skip
"""What the table tells of a language: how a reply names the old mail (`on`, `wrote`), the labels of a header block
(`from` to `subject`), lines before old mail (`original`, `forwarded`, `above`), what devices add, subjects of
automatic replies and of delivery reports, words of absence notes, folders of Gmail, the words of a lawyer's
footer, and a gateway's warning."""

_TABLE = Path(__file__).parent / "languages.json"


@lru_cache(maxsize=1)
def _table() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(_TABLE.read_text("utf-8"))
    return found


def languages() -> tuple[str, ...]:
    """ISO 639-1 codes of the languages in the table."""
    return tuple(_table())


def phrases(subject: Subject, language: str = "") -> tuple[str, ...]:
    """The phrases of that subject, folded as by `folded`, the longest first; of one language or of all."""
    tables = [_table()[language]] if language else _table().values()
    found = {folded(each) for table in tables for each in table.get(subject, ())}
    return tuple(sorted(found, key=lambda each: (-len(each), each)))


def folded(text: str) -> str:
    """Lower case, composed, with plain spaces, apostrophes and digits: phrases are compared in this form."""
    plain = unicodedata.normalize("NFC", text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'"))
    plain = plain.replace("İ", "i").lower()
    return plain if plain.isascii() else _DIGIT.sub(lambda found: str(int(found[0])), plain)


_DIGIT = re.compile(r"(?![0-9])\d")


@lru_cache(maxsize=64)
def one_of(subject: Subject) -> str:
    """An expression for a phrase of that subject in any language; words of letters end where a word ends."""
    return alternatives(phrases(subject))


def alternatives(written: Iterable[str]) -> str:
    """An expression for one of these phrases, as a whole word where the script parts words."""
    found = []
    for phrase in written:
        body = r"\s+".join(re.escape(part) for part in phrase.split())
        before = r"(?<![^\W\d_])" if _parts_words(phrase[0]) else ""
        after = r"(?![^\W\d_])" if _parts_words(phrase[-1]) else ""
        found.append(f"{before}{body}{after}")
    return f"(?:{'|'.join(found)})"


def _parts_words(letter: str) -> bool:
    """Whether the letter's script puts spaces between words; Chinese and Japanese do not, Korean glues endings."""
    return letter.isalpha() and ord(letter) < 0x2E80
