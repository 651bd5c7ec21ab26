"""The tree of what is critical to quality: drawn, as a table, and how well each leaf is met by version."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from flask import request
from werkzeug.wrappers import Response

from bpm.foundation.errors import InvalidInputError
from bpm.foundation.texts import _
from bpm.identity import Permission, may
from bpm.processes import improvements
from bpm.processes.improvements import ImprovementDetail, ctq
from bpm.processes.improvements.ctq import LeafFigure, Node, NodeDraft
from bpm.processes.measures.catalogue import MEASURES
from web.core.numbers import key_of
from web.core.rendering import go, render, say
from web.core.request_context import actor, work
from web.core.security import needs
from web.improvements.blueprint import blueprint
from web.improvements.tree_picture import DrawnTree, drawn
from web.ui.fields import Field

WIDEST = 20


@dataclass(frozen=True)
class Line:
    """A part of the tree as a row of the table."""

    node: Node
    depth: int
    figures: tuple[LeafFigure, ...]


@dataclass(frozen=True)
class TreePage:
    """What improvements/ctq.html shows; `fields` by the kind of part that they add."""

    it: ImprovementDetail
    lines: tuple[Line, ...]
    picture: DrawnTree | None
    forms: tuple[tuple[str, str, tuple[Field, ...]], ...]
    """(kind, what the button says, its fields) of those parts that can be added now."""
    adding: str
    may_change: bool


@blueprint.get("/<int:improvement_id>/ctq")
@needs(Permission.SEE_PROCESSES)
def ctq_tree(improvement_id: int) -> str:
    return render("improvements/ctq.html", _page(improvement_id))


def _page(improvement_id: int, error: InvalidInputError | None = None) -> TreePage:
    it = improvements.get_improvement(work(), improvement_id)
    tree = ctq.read_tree(work(), improvement_id)
    nodes = [(node, depth) for root in tree for node, depth in _walk(root)]
    leaves = [node for node, _depth in nodes if node.kind == "ctq"]
    figures: Mapping[int, tuple[LeafFigure, ...]] = ctq.figures_of(work(), improvement_id, leaves) if leaves else {}
    return TreePage(
        it=it,
        lines=tuple(Line(node, depth, figures.get(node.id, ())) for node, depth in nodes),
        picture=drawn(tree, {node_id: rows[0] for node_id, rows in figures.items() if rows}) if tree else None,
        forms=tuple(_forms([node for node, _depth in nodes], error)),
        adding=request.form.get("kind", "") if error else "",
        may_change=may(actor(), Permission.INSIGHTS),
    )


def _walk(node: Node, depth: int = 0) -> Iterator[tuple[Node, int]]:
    yield node, depth
    for each in node.children:
        yield from _walk(each, depth + 1)


def _forms(nodes: list[Node], error: InvalidInputError | None) -> Iterator[tuple[str, str, tuple[Field, ...]]]:
    yield "need", _("Add a need"), _fields("need", _("What customers need, in their words"), (), error)
    needs_there = tuple((str(each.id), each.words) for each in nodes if each.kind == "need")
    if needs_there:
        yield "driver", _("Add a driver"), _fields("driver", _("What makes the need met"), needs_there, error)
    drivers = tuple((str(each.id), each.words) for each in nodes if each.kind == "driver")
    if drivers:
        yield "ctq", _("Add a measure"), _fields("ctq", _("What is critical"), drivers, error)


def _fields(
    kind: str, asks: str, parents: tuple[tuple[str, str], ...], error: InvalidInputError | None
) -> tuple[Field, ...]:
    mine = error is not None and request.form.get("kind") == kind
    values: Mapping[str, str] = request.form if mine else {}
    errors = error.fields if error is not None and mine else {}

    fields = [Field("words", asks, "text", required=True)]
    if parents:
        label = _("Of which need") if kind == "driver" else _("Of which driver")
        fields.append(Field("parent", label, "select", required=True, options=parents))
    if kind == "ctq":
        options = [(each.name, f"{_(each.title)} ({ctq.unit_of(each.name).words})") for each in MEASURES.values()]
        fields += [
            Field("measure", _("Measure"), "select", options=options),
            Field("variable", _("Or a number that cases carry"), "text", _("The name of a variable of the case.")),
            Field("lower", _("At least"), "text", _("In the measure's unit; empty: no limit on this side.")),
            Field("upper", _("At most"), "text"),
        ]
    return tuple(
        replace(each, prefix=f"{kind}-").with_value(values.get(each.name, ""), error=errors.get(each.name, ""))
        for each in fields
    )


@blueprint.post("/<int:improvement_id>/ctq")
@needs(Permission.INSIGHTS)
def add_node(improvement_id: int) -> Response | tuple[str, int]:
    sent = request.form
    variable = sent.get("variable", "").strip()
    draft = NodeDraft(
        sent.get("kind", ""), sent.get("words", ""), key_of(sent.get("parent", "")),
        f"variable:{variable[:100]}" if variable and not sent.get("measure") else sent.get("measure", ""),
        sent.get("lower", "")[:WIDEST], sent.get("upper", "")[:WIDEST],
    )  # fmt: skip
    try:
        ctq.add_node(work(), improvement_id, draft)
    except InvalidInputError as error:
        return render("improvements/ctq.html", _page(improvement_id, error)), 400
    say(_("Added."))
    return go("improvements.ctq_tree", improvement_id=improvement_id)


@blueprint.post("/<int:improvement_id>/ctq/<int:node_id>/removal")
@needs(Permission.INSIGHTS)
def drop_node(improvement_id: int, node_id: int) -> Response:
    ctq.drop_node(work(), improvement_id, node_id)
    say(_("It is out of the tree, with what stood below it."))
    return go("improvements.ctq_tree", improvement_id=improvement_id)
