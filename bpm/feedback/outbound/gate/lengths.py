"""How many characters people see in a text: what is drawn as one counts once (UAX 29, near enough for a limit)."""

import unicodedata

_JOINER = "\u200d"


def graphemes(text: str) -> int:
    """Clusters of a base with its marks, joined emoji and flags."""
    count, joined, flags = 0, False, 0
    for each in text:
        code = ord(each)
        extends = (
            unicodedata.combining(each) != 0
            or unicodedata.category(each) in {"Mn", "Me"}
            or each == _JOINER
            or 0xFE00 <= code <= 0xFE0F
            or 0x1F3FB <= code <= 0x1F3FF
            or 0xE0020 <= code <= 0xE007F
        )
        is_flag = 0x1F1E6 <= code <= 0x1F1FF
        second = is_flag and flags % 2 == 1
        flags = flags + 1 if is_flag else 0
        if not extends and not joined and not second:
            count += 1
        joined = each == _JOINER
    return count
