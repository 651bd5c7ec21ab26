"""One use of a variable in an expression, and how uses are gathered while an expression is walked through."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

ITEM = "[]"
"""Stands in a path for any item of the list before it."""

Path = tuple[str, ...]
"""A variable and the entries within it: `("order", "items", ITEM, "price")`."""

Evidence = Literal[
    "any", "boolean", "number", "integer", "text", "date", "time", "date-time", "duration", "list", "option",
    "holds", "maybe-null", "fallback",
]  # fmt: skip
"""option: compared with `value`; holds: asked whether the list has `value`; maybe-null: null is provided for;
fallback: compared with what is none of the known values."""

_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
_TIME = re.compile(r"\d\d:\d\d(:\d\d)?.*")
_DURATION = re.compile(r"-?P(?=.)(\d+[YMWD])*(T(?=.)(\d+[HMS])*)?")

TURNED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""How a comparison reads from its other side."""


@dataclass(frozen=True)
class Use:
    """What an expression does with a variable, or with an entry of one."""

    path: Path
    evidence: Evidence = "any"
    value: Any = None
    """The value that it is compared with, where that is written out."""
    mark: str = ""
    """How numbers are compared: < <= > >=."""


@dataclass
class Gathered:
    """The uses found so far; `same` are paths that are compared with each other, so that one tells the other's kind."""

    uses: list[Use] = field(default_factory=list)
    same: list[tuple[Path, Path]] = field(default_factory=list)

    def saw(self, path: Path | None, evidence: Evidence, value: Any = None, mark: str = "") -> None:
        if path is not None:
            self.uses.append(Use(path, evidence, value, mark))

    def all(self) -> tuple[Use, ...]:
        """Every use, with what is known of paths that are compared with each other."""
        found = list(self.uses)
        for left, right in self.same:
            for here, there in ((left, right), (right, left)):
                kinds = [use.evidence for use in self.uses if use.path == there and use.evidence not in _NO_KIND]
                found += [Use(here, kind) for kind in kinds]
        return tuple(dict.fromkeys(found))


_NO_KIND = ("any", "option", "holds", "maybe-null", "fallback")


def compared(found: Gathered, path: Path | None, mark: str, value: Any) -> None:
    """A comparison with a value that is written out."""
    if value is None:
        found.saw(path, "maybe-null")
    elif isinstance(value, bool):
        found.saw(path, "option", value)
    elif mark in TURNED:
        found.saw(path, of_value(value), value, mark)
    elif isinstance(value, str) and (kind := of_value(value)) != "text":
        found.saw(path, kind, value)
    else:
        found.saw(path, "option", value)
        if mark == "!=":
            found.saw(path, "fallback")


def of_value(value: Any) -> Evidence:
    """The kind of a value that is written out; dates and the like by their shape."""
    if isinstance(value, bool):
        return "boolean"
    if not isinstance(value, str):
        return "number"
    shapes: Mapping[Evidence, re.Pattern[str]] = {
        "date": _DATE, "date-time": _DATE_TIME, "time": _TIME, "duration": _DURATION,
    }  # fmt: skip
    return next((kind for kind, shape in shapes.items() if shape.fullmatch(value)), "text")
