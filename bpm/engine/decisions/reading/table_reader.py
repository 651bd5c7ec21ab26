"""A decision table as a DMN file writes it: columns, rules and cells, each problem with rule, column and line."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, cast

from lxml import etree

from bpm.engine.decisions import cells as translating
from bpm.engine.decisions.free_variables import OWN, names_in
from bpm.engine.decisions.model import Aggregation, Cell, HitPolicy, Input, Output, Rule, Table
from bpm.engine.decisions.reading.listed_values import answers_beside_the_list, tests_for_nothing
from bpm.engine.expressions.feel.language import CELL
from bpm.engine.expressions.feel.values.values import plain
from bpm.engine.findings import Severity
from bpm.foundation.errors import ExpressionError

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so

_POLICIES = {
    "U": "UNIQUE", "F": "FIRST", "A": "ANY", "P": "PRIORITY", "O": "OUTPUT ORDER", "R": "RULE ORDER", "C": "COLLECT",
}  # fmt: skip
_LISTED = re.compile(r"""\s*("[^"]*"|-?\d+(\.\d+)?|true|false)(\s*,\s*("[^"]*"|-?\d+(\.\d+)?|true|false))*\s*""")
"""Values written out one by one: texts, numbers, true and false."""
_AGGREGATIONS = {"SUM": "SUM", "MIN": "MIN", "MAX": "MAX", "COUNT": "COUNT", "+": "SUM", "<": "MIN", ">": "MAX",
                 "#": "COUNT"}  # fmt: skip


@dataclass(frozen=True)
class Problem:
    node: Node
    code: str
    severity: Severity
    message: str
    remedy: str


def local(node: Node) -> str:
    """An element's name without its namespace."""
    return node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""


def text_in(node: Node | None, name: str) -> str:
    """The text of the first child of that name, stripped; comments left out."""
    for child in node if node is not None else ():
        if local(child) == name:
            return "".join([child.text or "", *(part.tail or "" for part in child)]).strip()
    return ""


def _first(node: Node, name: str) -> Node | None:
    return next((child for child in node if local(child) == name), None)


def _line(node: Node) -> int:
    return node.sourceline if isinstance(node.sourceline, int) else 0


class Columns:
    """One pass over a table; what is wrong is in `problems`."""

    def __init__(
        self, node: Node, name: str, names: frozenset[str], language: str, allowed: Mapping[str, str] | None = None
    ) -> None:
        """`allowed` are the values that the file's types allow, by type."""
        self.allowed = allowed or {}
        self.node, self.name, self.names, self.language = node, name, names, language
        self.problems: list[Problem] = []
        self.known: set[str] = {*OWN, *names}

    def table(self) -> Table:
        """The table, as far as it could be read."""
        policy, aggregation = self._policy()
        inputs = tuple(self._input(n, node) for n, node in enumerate(self._all("input"), 1))
        outputs = tuple(self._output(n, node) for n, node in enumerate(self._all("output"), 1))
        if not outputs:
            self._say(self.node, "dmn-no-output", "The table has no output column.", "Add one.")
        if aggregation and len(outputs) > 1:
            self._say(self.node, "dmn-aggregation", "Only a table with one output can be added up or counted.",
                      "Split the table.")  # fmt: skip
        for each in inputs:
            self.known |= names_in(each.expression)
        rules = tuple(self._rule(n, node, inputs, outputs) for n, node in enumerate(self._all("rule"), 1))
        self._check_order(policy, outputs)
        return Table(policy, inputs, outputs, rules, aggregation)

    def _all(self, name: str) -> Iterator[Node]:
        return (child for child in self.node if local(child) == name)

    def _say(self, node: Node, code: str, message: str, remedy: str, severity: Severity = "error") -> None:
        self.problems.append(Problem(node, code, severity, f"Table {self.name!r}: {message}", remedy))

    def _policy(self) -> tuple[HitPolicy, Aggregation | None]:
        written = (self.node.get("hitPolicy") or "UNIQUE").strip().upper().replace("_", " ")
        policy = _POLICIES.get(written, written)
        if policy not in _POLICIES.values():
            self._say(self.node, "dmn-hit-policy", f"There is no hit policy {written!r}.",
                      f"Use one of {', '.join(_POLICIES.values())}.")  # fmt: skip
            policy = "UNIQUE"
        said = (self.node.get("aggregation") or "").strip().upper()
        aggregation = _AGGREGATIONS.get(said)
        if said and aggregation is None:
            self._say(self.node, "dmn-aggregation", f"There is no aggregation {said!r}.", "Use SUM, MIN, MAX or COUNT.")
        if aggregation and policy != "COLLECT":
            self._say(self.node, "dmn-aggregation", f"The aggregation {said} has no effect with {policy}.",
                      "Use the hit policy COLLECT, or remove it.", "warning")  # fmt: skip
            aggregation = None
        return cast("HitPolicy", policy), cast("Aggregation | None", aggregation)

    def _input(self, number: int, node: Node) -> Input:
        asked = _first(node, "inputExpression")
        text = text_in(asked, "text")
        label = " ".join((node.get("label") or "").split())
        if not text and label.isidentifier() and self._is_tested(number):
            self._say(node, "dmn-no-expression",
                      f"The input {label!r} does not say what it tests; the variable of that name is taken.",
                      "Write it as the expression of the input.", "warning")  # fmt: skip
            text = label
        label = label or text or f"input {number}"
        language = (asked.get("expressionLanguage") if asked is not None else None) or self.language
        expression = self._cell(asked if asked is not None else node, text, language, f"the input {label!r}")
        variable = next((str(v) for k, v in node.attrib.items() if str(k).endswith("inputVariable")), "")
        if variable:
            self.known.add(variable)
        if not text and self._is_tested(number):
            self._say(node, "dmn-no-expression", f"The input {label!r} does not say what it tests.",
                      "Write the name of a variable, or an expression.")  # fmt: skip
        kind = (asked.get("typeRef") if asked is not None else None) or ""
        said = text_in(_first(node, "inputValues"), "text") or self.allowed.get(kind.rpartition(":")[2], "")
        limits = self._limits(node, said, variable) if said else None
        if limits is not None:
            self._say(node, "dmn-values-not-refused",
                      f"The input {label!r} says which values it takes: {_cut(said)}. Another value is not refused when"
                      " it comes: it goes by the rules, and the record of the step says so.",
                      "Add a rule for all others, if they may come.", "info")  # fmt: skip
        return Input(label, expression, kind, variable, self._allowed(node, said, label), limits)

    def _limits(self, node: Node, text: str, variable: str) -> Cell | None:
        """The tests that a value of the column is to pass; none where they read more than the value."""
        try:
            cell = translating.condition(text, self.names, self.language, line=_line(node))
        except ExpressionError:
            return None
        return cell if cell.form == "tests" and names_in(cell) <= {CELL, "cellInput", variable} | OWN else None

    def _allowed(self, node: Node, text: str, label: str) -> tuple[Any, ...]:
        """The values that a column may have, where they are listed one by one; a range lists none."""
        return self._listed(node, text, f"the input {label!r}") if text and _LISTED.fullmatch(text) else ()

    def _is_tested(self, number: int) -> bool:
        return any(_entry(rule, "inputEntry", number) not in ("", "-") for rule in self._all("rule"))

    def _output(self, number: int, node: Node) -> Output:
        name = " ".join((node.get("name") or node.get("label") or "").split())
        name = name or (self.name if number == 1 else f"output {number}")
        default = _first(node, "defaultOutputEntry")
        return Output(
            name=name,
            label=" ".join((node.get("label") or "").split()),
            type=node.get("typeRef") or "",
            order=self._values(node, name),
            default=self._cell(default, text_in(default, "text"), self.language, f"the default of {name!r}")
            if default is not None
            else None,
        )

    def _values(self, node: Node, name: str) -> tuple[Any, ...]:
        """The allowed values of an output in their order: what PRIORITY and OUTPUT ORDER go by."""
        holder = _first(node, "outputValues")
        text = text_in(holder, "text") or self.allowed.get((node.get("typeRef") or "").rpartition(":")[2], "")
        if not text:
            return ()
        return self._listed(holder if holder is not None else node, text, f"the values of {name!r}")

    def _listed(self, holder: Node, text: str, what: str) -> tuple[Any, ...]:
        cell = self._cell(holder, f"[{text}]", self.language, what, severity="warning")
        read = translating.read_cell(cell)
        try:
            return tuple(plain(read.value({}))) if read is not None else ()
        except ExpressionError:
            return ()

    def _rule(self, number: int, node: Node, inputs: tuple[Input, ...], outputs: tuple[Output, ...]) -> Rule:
        asked = [child for child in node if local(child) == "inputEntry"]
        given = [child for child in node if local(child) == "outputEntry"]
        if (len(asked), len(given)) != (len(inputs), len(outputs)):
            self._say(node, "dmn-rule-shape",
                      f"Rule {number} has {len(asked)} tests and {len(given)} answers; there are {len(inputs)} inputs"
                      f" and {len(outputs)} outputs.", "Give the rule one cell for each column.")  # fmt: skip
        tests = tuple(self._test(number, *pair) for pair in zip(asked, inputs, strict=False))
        answers = tuple(self._answer(number, *pair) for pair in zip(given, outputs, strict=False))
        notes = [text_in(node, "description"), *(text_in(child, "text") for child in node if local(child) in _NOTES)]
        rule = Rule(tests, answers, " · ".join(note for note in notes if note), _line(node))
        self._check_listed(number, node, rule, inputs, outputs)
        return rule

    def _check_listed(
        self, number: int, node: Node, rule: Rule, inputs: tuple[Input, ...], outputs: tuple[Output, ...]
    ) -> None:
        for column in tests_for_nothing(rule, inputs):
            self._say(node, "dmn-never-holds",
                      f"Rule {number} holds for none of the values that the input {column.label!r} lists:"
                      f" {_shown(column.allowed)}.",
                      "Mend the cell, or add the value to those of the input.", "warning")  # fmt: skip
        for given, value in answers_beside_the_list(rule, outputs):
            self._say(node, "dmn-answer-not-listed",
                      f"Rule {number} answers {value!r}, which {given.label or given.name!r} does not list:"
                      f" {_shown(given.order)}.",
                      "Mend the answer, or add the value to those of the output.", "warning")  # fmt: skip

    def _test(self, number: int, node: Node, column: Input) -> Cell:
        where = f"rule {number}, column {column.label!r}"
        text, language = text_in(node, "text"), node.get("expressionLanguage") or self.language
        try:
            cell = translating.condition(text, self.names, language, line=_line(node))
        except ExpressionError as error:
            self._misread(node, text, where, error)
            return Cell(text, line=_line(node))
        self._remark(node, cell, where)
        self._suspect(node, cell, where)
        return cell

    def _answer(self, number: int, node: Node, column: Output) -> Cell:
        where = f"rule {number}, column {column.label or column.name!r}"
        inner = _first(node, "literalExpression")
        holder = inner if inner is not None else node
        language = holder.get("expressionLanguage") or self.language
        cell = self._cell(holder, text_in(holder, "text"), language, where)
        self._suspect(node, cell, where)
        return cell

    def _cell(self, node: Node, text: str, language: str, where: str, severity: Severity = "error") -> Cell:
        try:
            cell = translating.answer(text, self.names, language, line=_line(node))
        except ExpressionError as error:
            self._misread(node, text, where, error, severity)
            return Cell(text, line=_line(node))
        self._remark(node, cell, where)
        return cell

    def _remark(self, node: Node, cell: Cell, where: str) -> None:
        for remark in translating.remarks_on(cell):
            self._say(node, "dmn-always-null", f"{where}: In {cell.text!r}, {remark}.",
                      "Correct it, or write null.", "warning")  # fmt: skip
        for remark in translating.beyond_reach(cell):
            self._say(node, "dmn-out-of-reach", f"{where}: In {cell.text!r}, {remark}: whoever decides by it fails.",
                      "Use a value that can be held, as the message says.", "warning")  # fmt: skip

    def _misread(self, node: Node, text: str, where: str, error: ExpressionError, severity: Severity = "error") -> None:
        self._say(node, "dmn-cell", f"{where}: {text!r} is not understood. {error.message}",
                  error.remedy or "Write it in FEEL, and texts in double quotes.", severity)  # fmt: skip

    def _suspect(self, node: Node, cell: Cell, where: str) -> None:
        """`gold` without quotes reads a variable gold, which nobody sets: the rule would never hold."""
        if cell.runs is None:
            return
        for name in sorted(names_in(cell) - self.known):
            self.known.add(name)
            self._say(node, "dmn-unknown-name", f"{where}: {name!r} is read as a variable that no input mentions.",
                      f'If the text is meant, write "{name}".', "warning")  # fmt: skip

    def _check_order(self, policy: str, outputs: tuple[Output, ...]) -> None:
        if policy in ("PRIORITY", "OUTPUT ORDER") and not any(output.order for output in outputs):
            self._say(self.node, "dmn-no-priorities",
                      f"The hit policy {policy} goes by the order of the allowed output values, and there are none.",
                      "List the values of the output, the most important first, or use FIRST.")  # fmt: skip


_NOTES = ("annotationEntry",)
_MOST_SHOWN = 10
_LONGEST_SHOWN = 200


def _shown(values: tuple[Any, ...]) -> str:
    more = ", ..." if len(values) > _MOST_SHOWN else ""
    return ", ".join(repr(value) for value in values[:_MOST_SHOWN]) + more


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST_SHOWN else f"{text[:_LONGEST_SHOWN]}..."


def _entry(rule: Node, name: str, number: int) -> str:
    cells = [child for child in rule if local(child) == name]
    return text_in(cells[number - 1], "text") if number <= len(cells) else ""
