"""What differs between two versions as people see it: things in groups, beside one drawing with before and after."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from flask import request, url_for

from bpm.engine import api as engine
from bpm.engine import queries
from bpm.engine.checking import Group, groups_of
from bpm.engine.decisions import as_text
from bpm.engine.queries import VersionRow
from bpm.foundation.errors import NotFoundError
from bpm.foundation.texts import _
from bpm.identity import Permission
from web.core.rendering import render
from web.core.request_context import work
from web.core.security import needs
from web.designer.blueprint import blueprint
from web.designer.decision_tables import DrawnDecision, drawn_decisions
from web.designer.processes import Head, head_of
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


@dataclass(frozen=True)
class DifferencePage:
    head: Head
    versions: tuple[VersionRow, ...]
    before: int
    after: int
    view: DifferenceView
    diagram: Diagram


@blueprint.get("/<key>/difference")
@needs(Permission.SEE_PROCESSES)
def difference(key: str) -> str:
    versions = queries.list_versions(work(), key)
    if not versions:
        raise NotFoundError(_("The process %(key)s has no version yet.") % {"key": key})
    numbers = [each.number for each in versions]
    after = _asked("to", numbers, numbers[0])
    before = _asked("from", numbers, next((number for number in numbers if number < after), after))
    ids = {each.number: each.id for each in versions}
    old, new = (queries.get_version(work(), ids[number]) for number in (before, after))
    bundles = queries.bundle_of(old), queries.bundle_of(new)
    view = view_of(engine.difference(*bundles), bundles[1])
    drawing = url_for("designer.drawing", version_id=new.id)
    diagram = with_difference(
        Diagram(source=drawing, process=new.primary), view, url_for("designer.drawing", version_id=old.id)
    )
    head = head_of(key, versions)
    return render("designer/difference.html", DifferencePage(head, tuple(versions), before, after, view, diagram))


def _asked(name: str, numbers: Sequence[int], otherwise: int) -> int:
    """The number of a version that the address asks for."""
    text = request.args.get(name, "").strip()
    if not text:
        return otherwise
    if text not in map(str, numbers):
        raise NotFoundError(_("There is no version %(number)s of this process.") % {"number": text[:20]})
    return int(text)


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
