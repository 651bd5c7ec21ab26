"""The name under which an uploaded file is kept: in any script, without its path, cut before its ending."""

import unicodedata

LONGEST = 300
"""In characters; the columns hold no more."""
_LONGEST_ENDING = 20


def kept_name(sent: str, default: str = "model.bpmn") -> str:
    """The last part of a path as somebody's system wrote it, without what no name can hold; `default` for nothing.

    Control characters, marks that turn the direction of reading (they make `x.bpmn` look like another kind of file)
    and halves of surrogate pairs go; everything else stays as it was written.
    """
    last = sent.replace("\\", "/").rstrip("/").rpartition("/")[2]
    name = "".join(each for each in last if unicodedata.category(each) not in ("Cc", "Cs") and each not in _TURNING)
    name = name.strip()
    if name.strip(".") == "":
        return default
    if len(name) <= LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > _LONGEST_ENDING:
        return name[:LONGEST]
    return stem[: LONGEST - len(ending) - 1] + dot + ending


_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
