"""A JSON document cut into the statuses it lists, without being read: one that is broken or huge spoils only itself."""

import re
from collections.abc import Iterator

_LISTS = (b'"ancestors"', b'"descendants"', b'"statuses"')
_ONE = b'"status"'

# Possessive, and a string without an end goes to the end of the document: each byte is looked at once.
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\Z)|[\[\]{},]', re.DOTALL)
_COLON = re.compile(rb"\s*+:")
_SPACE = re.compile(rb"\s*+")


def cut_document(document: bytes) -> Iterator[bytes]:
    """The statuses of a list, of a context (ancestors, status, descendants), of {"statuses": [...]}, or one by one."""
    start = _after_space(document, 0)
    if document[start : start + 1] == b"[":
        yield from _elements(document, start)
        return
    found = list(_of_object(document, start))
    if not any(name in (b'"ancestors"', b'"statuses"') for name, _, _ in found):
        yield from _values(document)
        return
    for name, begin, end in found:
        if name == _ONE:
            yield document[begin:end]
        elif document[begin : begin + 1] == b"[":
            yield from _elements(document, begin)


def _values(document: bytes) -> Iterator[bytes]:
    """Values that follow one another."""
    depth, begin = 0, 0
    for token in _TOKEN.finditer(document):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(token[0], 0)
        if depth == 0 and token[0] in (b"]", b"}"):
            yield document[begin : token.end()].strip()
            begin = token.end()
    if rest := document[begin:].strip():
        yield rest


def _elements(document: bytes, start: int) -> Iterator[bytes]:
    """What stands between the commas of the list that begins at `start`."""
    depth, begin = 0, start + 1
    for token in _TOKEN.finditer(document, start):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
        elif mark in (b"]", b"}"):
            depth -= 1
        if depth == 0 or (depth == 1 and mark == b","):
            element = document[begin : token.start()].strip()
            if element:
                yield element
            begin = token.end()
        if depth == 0:
            return
    if rest := document[begin:].strip():
        yield rest


def _of_object(document: bytes, start: int) -> Iterator[tuple[bytes, int, int]]:
    """(name in quotes, begin and end of its value) of the fields that tell statuses, in the outermost object."""
    depth, name, begin = 0, b"", 0
    for token in _TOKEN.finditer(document, start):
        mark = token[0]
        if mark in (b"[", b"{"):
            depth += 1
        elif mark in (b"]", b"}"):
            depth -= 1
        ends = depth == 0 or (depth == 1 and mark == b",")
        if name and ends:
            yield name, begin, token.start()
            name = b""
        if depth == 0:
            return
        if depth == 1 and mark in (*_LISTS, _ONE) and (colon := _COLON.match(document, token.end())):
            name, begin = mark, _after_space(document, colon.end())
    if name:
        yield name, begin, len(document)


def _after_space(document: bytes, start: int) -> int:
    match = _SPACE.match(document, start)
    return match.end() if match else start
