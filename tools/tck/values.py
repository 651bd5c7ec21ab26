"""Values as the TCK writes them, and whether an answer of ours is the expected one.

Source: testCases.xsd of the DMN TCK. Decisions answer in plain JSON, where dates, times and durations are ISO texts, so
that an expected date is compared as the same instant, whatever its spelling.
"""

from decimal import Decimal
from typing import Any

from lxml import etree

from bpm.engine.expressions.feel import language as feel

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so

KIND = "{http://www.w3.org/2001/XMLSchema-instance}type"
NIL = "{http://www.w3.org/2001/XMLSchema-instance}nil"
NUMBERS = frozenset({"decimal", "double", "float", "integer", "int", "long"})
TIMES = {"date": "date", "time": "time", "dateTime": "date and time", "duration": "duration"}
CLOSE = Decimal("1e-8")
"""Numbers that differ by less are the same: the TCK writes them with that many places."""


def local(node: Node) -> str:
    return etree.QName(node).localname


def read(node: Node) -> Any:
    """The value inside an element: plain, a context of components, or a list."""
    children = [each for each in node if isinstance(each.tag, str) and local(each) != "extensionElements"]
    components = [each for each in children if local(each) == "component"]
    if components:
        return {each.get("name"): read(each) for each in components}
    if not children or children[0].get(NIL) == "true":
        return None
    if local(children[0]) == "list":
        return [read(item) for item in children[0]]
    return _plain(children[0])


def _plain(value: Node) -> Any:
    text, kind = value.text or "", (value.get(KIND) or "").rpartition(":")[2]
    if kind in NUMBERS:
        return float(text) if kind == "double" else _number(text)
    return text.strip() == "true" if kind == "boolean" else text


def _number(text: str) -> int | float:
    number = Decimal(text)
    return int(number) if number == number.to_integral() else float(number)


def times_in(node: Node) -> frozenset[str]:
    """The FEEL functions that read the dates, times and durations inside an element."""
    kinds = {(each.get(KIND) or "").rpartition(":")[2] for each in node.iter() if isinstance(each.tag, str)}
    return frozenset(TIMES[kind] for kind in kinds & TIMES.keys())


def same(expected: Any, found: Any, times: frozenset[str]) -> bool:
    """Whether they are alike; `times` are the FEEL functions by which texts are read as dates, times or durations."""
    if isinstance(expected, bool | None) or isinstance(found, bool | None):
        return expected is found
    if isinstance(expected, dict) and isinstance(found, dict):
        return expected.keys() == found.keys() and all(same(each, found[key], times) for key, each in expected.items())
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(same(*pair, times) for pair in zip(expected, found, strict=True))
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(Decimal(str(expected)) - Decimal(str(found))) < CLOSE
    if isinstance(expected, str) and isinstance(found, str):
        return expected == found or any(_same_time(expected, found, each) for each in times)
    return False


def _same_time(expected: str, found: str, function: str) -> bool:
    quoted = [text.replace("\\", "\\\\").replace('"', '\\"') for text in (expected, found)]
    text = f'{function}("{quoted[0]}") = {function}("{quoted[1]}")'
    return feel.expression(text, frozenset()).value({}) is True
