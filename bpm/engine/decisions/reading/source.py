"""DMN files kept as text, from which the same bytes come back."""

import codecs
import re


def as_text(source: bytes) -> str:
    """A DMN file as text that `as_bytes` turns back into the same bytes."""
    return source.decode(_encoding(source), "replace").replace("\0", "\ufffd")


def as_bytes(text: str) -> bytes:
    """The bytes of a file kept as text, in the encoding that it declares itself."""
    return text.encode(_encoding(text[:200].encode("ascii", "replace")), "replace")


def _encoding(source: bytes) -> str:
    if source[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]*?encoding=["']([\w.-]+)""", source)
    try:
        return codecs.lookup(declared[1].decode() if declared else "utf-8").name
    except LookupError:
        return "utf-8"
