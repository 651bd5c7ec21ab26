"""What differs between two bundles as a page shows it: things in groups, tables with their changed cells, marks."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bpm.engine import api as engine
from bpm.engine.checking import Group, groups_of
from bpm.engine.decisions import as_text
from bpm.foundation.texts import _
from web.designer.decision_tables import DrawnDecision, drawn_decisions
from web.ui.diagrams import Before, Diagram, Mark, Row


@dataclass(frozen=True)
class Thing:
    """One thing that differs, with the row that answers the drawing."""

    row: str
    group: Group
    table: "ComparedTable | None" = None

    @property
    def tone(self) -> str:
        return {"added": "good", "removed": "bad", "changed": "warn"}[self.group.how]

    @property
    def how(self) -> str:
        """In words."""
        return {"added": _("added"), "removed": _("removed"), "changed": _("changed")}[self.group.how]


@dataclass(frozen=True)
class Cell:
    """A cell of the newer table; `before` is what stood there, None where it is the same."""

    text: str
    before: str | None = None


@dataclass(frozen=True)
class ComparedTable:
    """A decision table as it is now, with the cells marked that differ."""

    columns: tuple[str, ...]
    rules: tuple[tuple[int, bool, tuple[Cell, ...]], ...]
    """(number, whether it is new, cells)"""


@dataclass(frozen=True)
class DifferenceView:
    """Everything that differs, for a page."""

    things: tuple[Thing, ...]
    ids: tuple[Thing, ...]
    """Things of which only the id is another: a tool wrote them anew."""
    not_compared: tuple[str, ...]

    @property
    def counts(self) -> tuple[tuple[str, int], ...]:
        """(how in words, number) of what there is."""
        words = {"changed": _("changed"), "added": _("added"), "removed": _("removed")}
        counted = ((word, sum(1 for each in self.things if each.group.how == how)) for how, word in words.items())
        return tuple((word, number) for word, number in counted if number)


def view_of(found: engine.Difference, after: engine.Bundle) -> DifferenceView:
    """The difference as a page shows it."""
    drawn = {each.id: each for each in drawn_decisions({n: as_text(f) for n, f in after.decisions.items()})}
    things = tuple(
        Thing(f"change-{number}", group, _table(group, drawn)) for number, group in enumerate(groups_of(found), 1)
    )
    only_ids = tuple(each for each in things if _is_only_id(each.group))
    return DifferenceView(tuple(each for each in things if each not in only_ids), only_ids, found.not_compared)


def _is_only_id(group: Group) -> bool:
    return group.how == "changed" and all(line.what == _("id") for line in group.lines)


def _table(group: Group, drawn: Mapping[str, DrawnDecision]) -> ComparedTable | None:
    decision = drawn.get(group.element)
    if group.is_model or group.how != "changed" or decision is None or not decision.rules:
        return None
    before = {line.what: line.before for line in group.lines}
    columns = tuple(each.label for each in (*decision.inputs, *decision.outputs))
    rules = tuple(
        (
            rule.number,
            _("rule %(number)s") % {"number": rule.number} in before,
            tuple(
                Cell(text, before.get(engine.cell_property(str(rule.number), column)))
                for column, text in zip(columns, rule.cells, strict=False)
            ),
        )
        for rule in decision.rules
    )
    return ComparedTable(columns, rules)


def with_difference(diagram: Diagram, view: DifferenceView, before: str) -> Diagram:
    """The drawing with what was added and changed, to be turned to the older one with what was removed and changed."""
    shown = [each for each in view.things if each.group.is_model and each.group.element]
    marks: dict[str, Mark] = {each.group.element: each.group.how for each in shown if each.group.how != "removed"}
    olds: dict[str, Mark] = {each.group.was: each.group.how for each in shown if each.group.how != "added"}
    rows = tuple(
        Row(
            each.row,
            after="" if each.group.how == "removed" else each.group.element,
            before="" if each.group.how == "added" else each.group.was,
        )
        for each in shown
    )
    return replace(diagram, marks={**diagram.marks, **marks}, before=Before(before, olds), rows=rows)
