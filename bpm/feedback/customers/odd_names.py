"""What is odd about the name that somebody goes by: marks nobody sees, letters that look like others; pure.

Sources: Unicode Technical Standard 39, Unicode Security Mechanisms, 5.1 (mixed scripts); Unicode Standard Annex 9, 2
(marks that turn the direction of a line).
"""

import re
import unicodedata

from bpm.foundation.texts import _

UNSEEN = re.compile(
    "[\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\U000e0000-\U000e007f]"
)
"""Marks that turn a line or cannot be seen; joiners (U+200C, U+200D) are letters' business in many scripts."""
_ADDRESS = re.compile(r"[^\s@<>]+@[^\s@<>]+\.\w{2,}")
_LOOK_ALIKE = ("LATIN", "CYRILLIC", "GREEK")
"""Scripts whose letters are taken for each other's; one word of one name is of one of them."""


def what_is_odd(name: str) -> tuple[str, ...]:
    """Sentences for whoever reads the name; empty for a name as people have them, in whatever script."""
    if name.isascii() and "@" not in name:
        return ()
    found = []
    if UNSEEN.search(name):
        found.append(_("There are marks in this name that nobody sees or that turn the line around."))
    if any(len(_scripts(word)) > 1 for word in name.split()):
        found.append(_("This name mixes letters of several alphabets that look alike."))
    if (address := _ADDRESS.search(name)) is not None and address.group() != name.strip():
        found.append(_("There is an address in this name: it is not where an answer goes."))
    return tuple(found)


def _scripts(word: str) -> set[str]:
    """Which of the scripts that look alike the letters of a word are of."""
    names = (unicodedata.name(letter, "") for letter in word if letter.isalpha())
    return {name.partition(" ")[0] for name in names} & set(_LOOK_ALIKE)
