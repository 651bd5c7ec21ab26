"""How many characters people see in a text: extended grapheme clusters as far as posts need them (UAX 29); pure."""

import unicodedata

_JOINER = "\u200d"


def count_graphemes(text: str) -> int:
    """Marks, selectors, skin tones, tags, joined pictures and pairs of regional letters count with what they follow."""
    number, before, flags = 0, "", 0
    for each in text.replace("\r\n", "\n"):
        is_flag = "\U0001f1e6" <= each <= "\U0001f1ff"
        flags = flags + 1 if is_flag else 0
        goes_on = bool(before) and (_extends(each) or before == _JOINER or (is_flag and flags % 2 == 0))
        number += not goes_on
        before = each
    return number


def _extends(each: str) -> bool:
    if each == _JOINER or "\U0001f3fb" <= each <= "\U0001f3ff" or "\U000e0020" <= each <= "\U000e007f":
        return True
    return unicodedata.category(each) in {"Mn", "Me", "Mc"}
