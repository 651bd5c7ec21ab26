"""A customer's own process as it came, read into steps: a typed list, a CSV, or a drawing.

Files are read in bounded children: lists by `tables.read_rows`, drawings by those of the engine.
"""

import re
from collections.abc import Iterable, Sequence

from bpm.engine import api as engine
from bpm.foundation.bounded_child import Sent
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.foundation.tables import read_rows
from bpm.foundation.texts import _

MOST_STEPS, LONGEST_STEP = 100, 300
LARGEST_LIST = 200_000
"""Bytes of a list."""
COLUMNS = ("step", "activity", "task", "name", "what", "schritt")
"""Names of the column that holds the steps; the first column where there is none of them."""
_MARK = re.compile(r"^\s*(?:\(?\d{1,3}[.):]|[-*•–])\s*")
_ARROW = re.compile(r"\s*(?:->|→|⇒|=>|;)\s*")


def steps_of_text(text: str) -> list[str]:
    """One step a line, or in one line with arrows or semicolons between; numbers and bullets before them go."""
    lines = [line for line in text.splitlines() if line.strip()]
    parts = _ARROW.split(lines[0]) if len(lines) == 1 else lines
    return _checked(_MARK.sub("", part) for part in parts)


def steps_of_csv(content: bytes, file_name: str = "csv") -> list[str]:
    """The column `step` (or activity, task, name), else the first one; rows in the order of a column `order`."""
    rows = [cells for _line, cells in read_rows(Sent(file_name, content, LARGEST_LIST))]
    if not rows:
        return _checked(())
    heads = [head.strip().lower() for head in rows[0]]
    column = next((heads.index(name) for name in COLUMNS if name in heads), None)
    body = rows if column is None and "order" not in heads else rows[1:]
    place = column or 0
    if "order" in heads:
        body = sorted(body, key=lambda row: _number(row, heads.index("order")))
    return _checked(row[place] if place < len(row) else "" for row in body)


def _number(row: Sequence[str], column: int) -> float:
    text = row[column].strip() if column < len(row) else ""
    try:
        return float(text.replace(",", "."))
    except ValueError as error:
        raise InvalidInputError(
            _("%(text)s is no place in the order.") % {"text": text or _("Nothing")},
            place=",".join(row)[:60],
            remedy=_("Give numbers in the column order."),
        ) from error


def steps_of_drawing(source: bytes, file_name: str) -> list[str]:
    """The named activities of a BPMN file in the order of its flows; it is looked over in the bounded child first."""
    prepared = engine.check(source, file_name)
    if not prepared.elements:
        raise RefusedError(
            _("%(name)s cannot be read as a process.") % {"name": file_name},
            findings=prepared.findings,
            remedy=" ".join(f"{each.message} {each.remedy}" for each in prepared.findings[:3]),
        )
    course = engine.course_of(source)
    return _checked(course.names[each] for each in course.steps)


def _checked(steps: Iterable[str]) -> list[str]:
    """The steps without blanks around them; what is empty, too long or too much is named."""
    found = [" ".join(each.split()) for each in steps]
    for place, each in enumerate(found, start=1):
        if not each or len(each) > LONGEST_STEP:
            raise InvalidInputError(
                _("Step %(number)s is empty or longer than 300 characters.") % {"number": place},
                place=_("step %(number)s") % {"number": place},
                remedy=_("Write each step in a few words."),
                fields={"steps": _("Look at step %(number)s.") % {"number": place}},
            )
    if not found or len(found) > MOST_STEPS:
        say = _("Give between 1 and 100 steps, one a line.")
        raise InvalidInputError(_("There are no steps, or too many."), remedy=say, fields={"steps": say})
    return found
