"""A difference as lines of plain text."""

from collections.abc import Iterator

from bpm.engine.differences.model import Difference
from bpm.engine.differences.reports.groups import Group, groups_of, summary
from bpm.foundation.texts import _

_MARKS = {"added": "+", "removed": "-", "changed": "~"}


def as_lines(found: Difference) -> Iterator[str]:
    """One line for each thing that differs, below it one for each property."""
    for group in groups_of(found):
        yield from _group(group)
    for each in found.not_compared:
        yield _("! not compared: %(what)s") % {"what": each}
    yield summary(found)


def _group(group: Group) -> Iterator[str]:
    where = f" ({group.element})" if group.element and group.element != group.name else ""
    yield f"{_MARKS[group.how]} {group.kind} {_one_line(group.name)}{where}"
    for line in group.lines:
        yield f"    {line.what}: {line.words}" if line.what else f"    {line.words}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
