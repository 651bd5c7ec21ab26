"""A run's figures out of pytest's JUnit report: for each file its tests, what they counted, and what failed."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from lxml import etree


@dataclass
class Row:
    """What one file came to; `seconds` is the sum over its tests, `counts` sums by the name of what was counted."""

    file: str
    tests: int = 0
    failed: int = 0
    seconds: float = 0.0
    counts: dict[str, int] = field(default_factory=dict)


def rows(report: Path) -> list[Row]:
    """One row for each file, in their order by name."""
    found: dict[str, Row] = {}
    for case in etree.parse(report).iter("testcase"):
        name = _file_of(case.get("classname", ""))
        row = found.setdefault(name, Row(name))
        row.tests += 1
        row.seconds += float(case.get("time", "0"))
        row.failed += any(child.tag in ("failure", "error") for child in case)
        for what, number in _counts(case):
            row.counts[what] = row.counts.get(what, 0) + number
    return [found[name] for name in sorted(found)]


def table(found: list[Row]) -> list[str]:
    """Markdown, a row for each file."""
    lines = ["| file | tests | failed | counted | seconds |", "|---|---|---|---|---|"]
    for row in found:
        counted = ", ".join(f"{number:,} {what}" for what, number in row.counts.items())
        lines.append(f"| `{row.file}` | {row.tests:,} | {row.failed} | {counted} | {row.seconds:.0f} |")
    return lines


def _file_of(classname: str) -> str:
    return classname.replace(".", "/") + ".py"


def _counts(case: "etree._Element") -> Iterator[tuple[str, int]]:
    """Out of `50 killed, 0 lost`; what is not a number before words is no count."""
    for each in case.iter("property"):
        if each.get("name") != "counts":
            continue
        for part in each.get("value", "").split(", "):
            number, _, what = part.partition(" ")
            if number.isdigit():
                yield what, int(number)
