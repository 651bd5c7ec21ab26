"""File names made safe: for every system, on a page and in a header."""

import unicodedata

LONGEST = 120
"""Characters."""
_FORBIDDEN = set('<>:"/\\|?*')
_RESERVED = {"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))}


def safe_name(name: str) -> str:
    """The name without folders, control and direction marks, what no system takes; its ending stays when it is cut."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    kept = "".join("_" if each in _FORBIDDEN else each for each in last if unicodedata.category(each)[0] != "C")
    kept = " ".join(kept.split()).strip(". ")
    stem, dot, ending = kept.rpartition(".")
    if not dot or len(ending) > 20:
        stem, ending = kept, ""
    stem = stem[: LONGEST - len(ending) - 1].rstrip(". ") or "file"
    if stem.casefold() in _RESERVED:
        stem = f"_{stem}"
    return f"{stem}.{ending}" if ending else stem
