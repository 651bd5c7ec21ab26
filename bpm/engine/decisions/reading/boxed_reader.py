"""Boxed expressions as a DMN file writes them, read into boxes; each problem with its element and the remedy.

Source: OMG DMN 1.5 §7.3 and §10.2.2; DMN 1.4 added conditional, filter and iterator.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from lxml import etree

from bpm.engine.decisions.cells import answer, beyond_reach, remarks_on
from bpm.engine.decisions.model import Box, Cell
from bpm.engine.decisions.reading.table_reader import Columns, Problem, local, text_in
from bpm.foundation.errors import ExpressionError

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so

LOGIC = frozenset(
    ["decisionTable", "literalExpression", "context", "invocation", "relation", "list", "functionDefinition",
     "conditional", "filter", "for", "every", "some"]
)  # fmt: skip
DEEPEST = 20


def children(node: Node, *names: str) -> Iterator[Node]:
    return (child for child in node if isinstance(child.tag, str) and local(child) in names)


def logic_in(node: Node) -> Node | None:
    """The boxed expression inside an element."""
    return next((child for child in node if isinstance(child.tag, str) and local(child) in LOGIC), None)


def name_of(node: Node) -> str:
    """The name of an element, or that of the variable inside it."""
    variable = next(children(node, "variable", "parameter"), None)
    return " ".join(((variable.get("name") if variable is not None else "") or node.get("name") or "").split())


def line_of(node: Node) -> int:
    return node.sourceline if isinstance(node.sourceline, int) else 0


@dataclass
class BoxReader:
    """One pass over the logic of a decision or knowledge model; what is wrong is in `problems`."""

    owner: str
    """What the logic is of, in words: `The decision 'Rate'`."""
    names: frozenset[str]
    language: str
    allowed: dict[str, str] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    depth: int = 0

    def box(self, node: Node | None, where: Node) -> Box:
        """The box of a boxed expression; `where` is the element that should hold one."""
        if node is None:
            self._say(where, "dmn-nothing", f"the <{local(where)}> says nothing", "Say an expression there.")
            return Box("literal")
        if self.depth >= DEEPEST:
            self._say(node, "dmn-too-deep", "the boxes are nested too deeply", "Split the decision up.")
            return Box("literal")
        self.depth += 1
        found = self._READ[local(node)](self, node)
        self.depth -= 1
        said = (node.get("typeRef") or "").strip()
        return replace(found, line=line_of(node), type=found.type or said)

    def _inside(self, node: Node, *names: str) -> list[Box]:
        """The boxes inside child elements of these names, in the order of the names."""
        found = []
        for name in names:
            holder = next(children(node, name), node)
            found.append(self.box(logic_in(holder) if holder is not node else None, holder))
        return found

    def _say(self, node: Node, code: str, what: str, remedy: str) -> None:
        self.problems.append(Problem(node, code, "error", f"{self.owner}: {what}.", remedy))

    def cell(self, node: Node) -> Cell:
        """The cell of a literal expression."""
        text = text_in(node, "text")
        imported = next(children(node, "importedValues"), None)
        if imported is not None:
            self._say(node, "not-executed-importedValues", "values imported from elsewhere are not executed",
                      "Write the expression itself.")  # fmt: skip
        try:
            cell = answer(text, self.names, node.get("expressionLanguage") or self.language, line=line_of(node))
        except ExpressionError as error:
            self.problems.append(Problem(
                node, "dmn-expression", "error", f"{self.owner} cannot be computed by {text!r}: {error.message}",
                error.remedy or "Write it in FEEL, JUEL or Python."))  # fmt: skip
            return Cell(text)
        for remark in remarks_on(cell):
            self.problems.append(Problem(
                node, "dmn-always-null", "warning", f"{self.owner}: In {text!r}, {remark}.",
                "Correct it, or write null."))  # fmt: skip
        for remark in beyond_reach(cell):
            self.problems.append(Problem(
                node, "dmn-out-of-reach", "warning", f"{self.owner}: In {text!r}, {remark}: to compute it fails.",
                "Use a value that can be held, as the message says."))  # fmt: skip
        return cell

    def _literal(self, node: Node) -> Box:
        return Box("literal", cell=self.cell(node))

    def _decision_table(self, node: Node) -> Box:
        columns = Columns(node, self.owner.partition("'")[2].rstrip("'"), self.names, self.language, self.allowed)
        table = columns.table()
        self.problems += columns.problems
        return Box("table", table=table)

    def _context(self, node: Node) -> Box:
        entries = []
        for entry in children(node, "contextEntry"):
            variable = next(children(entry, "variable"), None)
            box = self.box(logic_in(entry), entry)
            said = (variable.get("typeRef") or "") if variable is not None else ""
            entries.append(replace(box, name=name_of(entry), type=said if box.kind != "function" else ""))
        return Box("context", parts=tuple(entries))

    def _invocation(self, node: Node) -> Box:
        function = self.box(next(children(node, *LOGIC), None), node)
        bindings = [replace(self.box(logic_in(each), each), name=name_of(each)) for each in children(node, "binding")]
        return Box("invocation", parts=(function, *bindings))

    def _relation(self, node: Node) -> Box:
        names = tuple(name_of(column) for column in children(node, "column"))
        rows = []
        for row in children(node, "row"):
            rows.append(Box("list", parts=tuple(self.box(cell, row) for cell in children(row, *LOGIC))))
            if len(rows[-1].parts) != len(names):
                self._say(row, "dmn-relation-shape", f"row {len(rows)} has {len(rows[-1].parts)} cells for {len(names)}"
                          " columns", "Give every row one cell for each column.")  # fmt: skip
        return Box("relation", names=names, parts=tuple(rows))

    def _list(self, node: Node) -> Box:
        return Box("list", parts=tuple(self.box(each, node) for each in children(node, *LOGIC)))

    def function(self, node: Node) -> Box:
        """A function definition, which a knowledge model is too under another name."""
        kind = (node.get("kind") or "FEEL").strip()
        if kind not in ("FEEL", "F"):
            self._say(node, "not-executed-function", f"a function of the kind {kind} is not executed",
                      "Write it in FEEL, or do it in a service task.")  # fmt: skip
            return Box("function", parts=(Box("literal"),))
        parameters = list(children(node, "formalParameter"))
        body = self.box(logic_in(node), node)
        return Box(
            "function",
            parts=(body,),
            names=tuple(" ".join((each.get("name") or "").split()) for each in parameters),
            types=tuple(each.get("typeRef") or "" for each in parameters),
        )

    def _conditional(self, node: Node) -> Box:
        return Box("conditional", parts=tuple(self._inside(node, "if", "then", "else")))

    def _filter(self, node: Node) -> Box:
        return Box("filter", parts=tuple(self._inside(node, "in", "match")))

    def _for(self, node: Node) -> Box:
        return Box("for", name=self._iterator(node), parts=tuple(self._inside(node, "in", "return")))

    def _some(self, node: Node) -> Box:
        return Box("some", name=self._iterator(node), parts=tuple(self._inside(node, "in", "satisfies")))

    def _every(self, node: Node) -> Box:
        return replace(self._some(node), kind="every")

    def _iterator(self, node: Node) -> str:
        name = " ".join((node.get("iteratorVariable") or "").split())
        if not name:
            self._say(node, "dmn-iterator", "what is counted through has no name", "Give it an iteratorVariable.")
        return name

    _READ: ClassVar[Mapping[str, Callable[["BoxReader", Node], Box]]] = {
        "literalExpression": _literal, "decisionTable": _decision_table, "context": _context,
        "invocation": _invocation, "relation": _relation, "list": _list, "functionDefinition": function,
        "conditional": _conditional, "filter": _filter, "for": _for, "some": _some, "every": _every,
    }  # fmt: skip
