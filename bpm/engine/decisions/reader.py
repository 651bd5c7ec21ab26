"""DMN files of any tool become decisions, or findings that name the table, the rule, the column and the line.

DMN 1.1 to 1.5 differ in their namespaces only as far as tables go, so elements are known by their local names.
Sources: OMG DMN 1.1 to 1.5 §6 (requirements), §8 (tables); the XML of Camunda, Flowable, Zeebe, Signavio, Trisotech.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from lxml import etree

from bpm.engine import xml
from bpm.engine.decisions.boxed_reader import BoxReader, children, logic_in
from bpm.engine.decisions.cells import OLD_JAVA
from bpm.engine.decisions.item_definitions import allowed_values, item_types
from bpm.engine.decisions.knowledge_reader import Models
from bpm.engine.decisions.knowledge_reader import target as target_of
from bpm.engine.decisions.model import Decision
from bpm.engine.decisions.table_reader import Problem, local, text_in
from bpm.engine.findings import Finding, Severity
from bpm.foundation.errors import RefusedError

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so

MAX_DECISIONS = 2_000


@dataclass(frozen=True)
class DecisionFile:
    """A checked DMN file."""

    file_name: str
    findings: tuple[Finding, ...]
    decisions: Mapping[str, Decision]
    """By id, in document order; whole only where no finding is an error."""

    @property
    def deployable(self) -> bool:
        return bool(self.decisions) and not any(finding.severity == "error" for finding in self.findings)


def is_dmn(source: bytes, file_name: str) -> bool:
    """Whether an upload is meant as decisions: by its name, or by the root that every DMN file has."""
    if file_name.lower().endswith((".dmn", ".dmn11.xml", ".dmn.xml")):
        return True
    return b"/DMN/" in source[:4000] and b"<bpmn" not in source[:4000] and b"/BPMN/" not in source[:4000]


def read_decisions(source: bytes, file_name: str) -> DecisionFile:
    """Check a DMN file; pure, problems are findings and nothing is raised for bad input."""
    try:
        root = xml.read_xml(source)
    except RefusedError as error:
        return DecisionFile(file_name, tuple(error.findings), {})
    try:
        reading = _File(root, file_name)
        return DecisionFile(file_name, tuple(sorted(reading.findings, key=_worst_first)), reading.decisions)
    except Exception as error:  # noqa: BLE001 -- a gap in our reading is told to the designer, never raised
        message = f"The decisions cannot be read ({type(error).__name__}: {error})."
        finding = Finding(
            "dmn-not-readable", "error", message, "Export the file again; if that does not help, send it."
        )
        return DecisionFile(file_name, (finding,), {})


def read_files(files: Mapping[str, bytes]) -> DecisionFile:
    """Several DMN files as one: the decisions of all, and an error for an id that two of them use."""
    findings: list[Finding] = []
    found: dict[str, Decision] = {}
    for name, source in files.items():
        read = read_decisions(source, name)
        findings.extend(read.findings)
        for identity, decision in read.decisions.items():
            if identity in found:
                message = f"{name}: The decision {identity!r} is in {found[identity].file} too."
                findings.append(Finding("decision-twice", "error", message, "Rename one of them.", identity))
            found[identity] = decision
    return DecisionFile(", ".join(files), tuple(findings), found)


def _worst_first(finding: Finding) -> tuple[int, int]:
    return {"error": 0, "warning": 1, "info": 2}[finding.severity], finding.line


class _File:
    """One pass over a file."""

    def __init__(self, root: Node, file_name: str) -> None:
        self.root, self.file_name = root, file_name
        self.findings: list[Finding] = []
        self.decisions: dict[str, Decision] = {}
        self.language = root.get("expressionLanguage") or (OLD_JAVA if _is_of_java_engine(root) else "")
        space = etree.QName(root).namespace or ""
        if local(root) != "definitions" or "/DMN/" not in space.upper():
            self._say(root, "not-dmn", "error", f"The root <{local(root)}> is not the <definitions> of DMN.",
                      "Export the decisions as DMN 1.1 or later (.dmn).")  # fmt: skip
            return
        self.names, self.allowed = self._declared(), dict(allowed_values(root))
        self.types = tuple(item_types(root).items())
        for node in children(root, "decision"):
            self._read(node)
        if not self.decisions and not self.findings:
            self._say(root, "no-decision", "error", "The file has no decision.", "Draw a decision with a table.")
        self._add_knowledge()
        self._name_what_is_not_executed()
        self._check_requirements()

    def _say(
        self, node: Node, code: str, severity: Severity, message: str, remedy: str, *, decision: Node | None = None
    ) -> None:
        owner = decision if decision is not None else node
        self.findings.append(
            Finding(
                code=code,
                severity=severity,
                message=f"{self.file_name}: {message}",
                remedy=remedy,
                element=owner.get("id") or owner.get("name") or "",
                name=owner.get("name") or "",
                line=_line(node),
            )
        )

    def _declared(self) -> frozenset[str]:
        """Every name that the file gives to a value: cells may use them whatever signs they hold."""
        found: set[str] = set()
        for node in self.root.iter():
            if isinstance(node.tag, str) and local(node) in _NAMED and node.get("name"):
                found.add(" ".join(str(node.get("name")).split()))
            if isinstance(node.tag, str) and node.get("iteratorVariable"):
                found.add(" ".join(str(node.get("iteratorVariable")).split()))
        return frozenset(found)

    def _read(self, node: Node) -> None:
        identity = node.get("id") or node.get("name") or ""
        name = " ".join((node.get("name") or identity).split())
        if not identity or identity in self.decisions or len(self.decisions) >= MAX_DECISIONS:
            why = (
                "has no id" if not identity else "has an id twice" if identity in self.decisions else "is one too many"
            )
            self._say(node, "decision-id", "error", f"The decision {name!r} {why}.",
                      f"Give every decision an id of its own, and a file at most {MAX_DECISIONS} of them.")  # fmt: skip
            return
        variable = next(children(node, "variable"), None)
        known_as = (variable.get("name") if variable is not None else "") or name
        decision = Decision(
            id=identity,
            name=name,
            variable=" ".join(known_as.split()),
            type=(variable.get("typeRef") if variable is not None else "") or "",
            requires=tuple(self._required(node, "requiredDecision")),
            inputs=tuple(self._inputs(node)),
            question=text_in(node, "question"),
            item_types=self.types,
            line=_line(node),
            file=self.file_name,
        )
        self.decisions[identity] = self._with_logic(decision, node, logic_in(node))

    def _required(self, node: Node, kind: str) -> Iterator[str]:
        for requirement in children(node, "informationRequirement"):
            for target in children(requirement, kind):
                yield target_of(target)

    def _inputs(self, node: Node) -> Iterator[tuple[str, str]]:
        known = {data.get("id"): data for data in children(self.root, "inputData")}
        for identity in self._required(node, "requiredInput"):
            if identity in known:
                variable = next(children(known[identity], "variable"), known[identity])
                name = variable.get("name") or known[identity].get("name") or identity
                yield " ".join(name.split()), variable.get("typeRef") or ""

    def _with_logic(self, decision: Decision, node: Node, logic: Node | None) -> Decision:
        if logic is None:
            self._say(node, "not-executed-empty-decision", "error",
                      f"The decision {decision.name!r} says no logic, so that there is nothing to execute.",
                      "Say it as a decision table or another boxed expression.")  # fmt: skip
            return decision
        reader = BoxReader(f"The decision {decision.name!r}", self.names, self.language, self.allowed)
        box = reader.box(logic, node)
        self._tell(reader.problems, node)
        if box.kind == "table":
            return replace(decision, table=box.table)
        return replace(decision, literal=box.cell) if box.kind == "literal" else replace(decision, box=box)

    def _tell(self, problems: Iterable[Problem], node: Node) -> None:
        for each in problems:
            self._say(each.node, each.code, each.severity, each.message, each.remedy, decision=node)

    def _add_knowledge(self) -> None:
        """Every decision gets the functions that it calls."""
        models = Models(self.root, self.names, self.language, self.allowed)
        for node, each in models.given_to(self.decisions):
            self._tell([each], node)

    def _name_what_is_not_executed(self) -> None:
        for node in children(self.root, "import"):
            self._say(node, "not-executed-import", "warning",
                      f"The import {node.get('name') or node.get('namespace')!r} is not executed.",
                      "Put what it imports into this file.")  # fmt: skip

    def _check_requirements(self) -> None:
        for decision in self.decisions.values():
            missing = [needed for needed in decision.requires if needed not in self.decisions]
            node = self._node(decision.id)
            for needed in missing:
                self._say(node, "decision-missing", "error",
                          f"The decision {decision.name!r} requires {needed!r}, which is not in the file.",
                          "Put both into one file.")  # fmt: skip
            if decision.id in self._all_required(decision):
                self._say(node, "decision-cycle", "error",
                          f"The decision {decision.name!r} requires itself, directly or through others.",
                          "Remove one of the requirements.")  # fmt: skip

    def _node(self, identity: str) -> Node:
        return next(node for node in children(self.root, "decision") if identity in (node.get("id"), node.get("name")))

    def _all_required(self, decision: Decision) -> set[str]:
        found: set[str] = set()
        todo = list(decision.requires)
        while todo:
            needed = todo.pop()
            if needed not in found and needed in self.decisions:
                found.add(needed)
                todo.extend(self.decisions[needed].requires)
        return found


_NAMED = frozenset(
    ["inputData", "decision", "variable", "itemComponent", "informationItem", "contextEntry", "output", "column",
     "businessKnowledgeModel", "decisionService", "formalParameter", "parameter", "itemDefinition", "iteratorVariable"]
)  # fmt: skip


def _is_of_java_engine(root: Node) -> bool:
    spaces = " ".join(str(space) for node in (root, *root) for space in node.nsmap.values())
    return any(sign in spaces for sign in ("camunda.org", "flowable.org", "activiti.", "/DMN/20151101"))


def _line(node: Node) -> int:
    return node.sourceline if isinstance(node.sourceline, int) else 0
