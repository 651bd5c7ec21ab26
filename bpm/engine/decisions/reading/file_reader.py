"""One DMN file read into its decisions and findings, beside the files that it imports.

DMN 1.1 to 1.5 differ in their namespaces only as far as tables go, so elements are known by their local names.
Sources: OMG DMN 1.1 to 1.5 §6 (requirements), §8 (tables); the XML of Camunda, Flowable, Zeebe, Signavio, Trisotech.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from lxml import etree

from bpm.engine.decisions.cells import OLD_JAVA
from bpm.engine.decisions.model import Decision
from bpm.engine.decisions.reading.boxed_reader import BoxReader, children, logic_in
from bpm.engine.decisions.reading.imports import is_of_dmn
from bpm.engine.decisions.reading.item_definitions import (
    allowed_values,
    imported_types,
    item_types,
    short_name,
)
from bpm.engine.decisions.reading.knowledge_reader import Around, Models
from bpm.engine.decisions.reading.knowledge_reader import target as target_of
from bpm.engine.decisions.reading.table_reader import Problem, local, text_in
from bpm.engine.expressions.feel.tree import Type
from bpm.engine.findings import Finding, Severity

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so

MAX_DECISIONS = 2_000


class FileReader:
    """One pass over a file."""

    def __init__(
        self, root: Node, file_name: str, *, imports: Mapping[str, tuple[str, "FileReader"]], keys: Mapping[str, str]
    ) -> None:
        """`imports` are (name of the import, file) by namespace; `keys` the ids that the bundle knows by others."""
        self.root, self.file_name, self.imports, self.keys = root, file_name, imports, keys
        self.is_dmn = True
        self.models: Models
        self.findings: list[Finding] = []
        self.decisions: dict[str, Decision] = {}
        self.language = root.get("expressionLanguage") or (OLD_JAVA if _is_of_java_engine(root) else "")
        space = etree.QName(root).namespace or ""
        if local(root) != "definitions" or "/DMN/" not in space.upper():
            self.is_dmn = False
            self._say(root, "not-dmn", "error", f"The root <{local(root)}> is not the <definitions> of DMN.",
                      "Export the decisions as DMN 1.1 or later (.dmn).")  # fmt: skip
            return
        self.names, self.allowed = (
            self._declared(),
            {**self._of_imports(lambda file: file.allowed), **allowed_values(root)},
        )
        self.types = tuple((self._imported_types() | item_types(root)).items())
        for node in children(root, "decision"):
            self._read(node)
        if not self.decisions and not self.findings and not _gives_something(root):
            self._say(root, "no-decision", "error", "The file has no decision.", "Draw a decision with a table.")
        self._add_knowledge()
        self._name_what_is_not_executed()
        self._check_requirements()

    @property
    def imported(self) -> dict[str, Decision]:
        """The decisions of the files that it imports, and of those that these import."""
        return {key: each for _, file in self.imports.values() for key, each in file.models.decisions.items()}

    def _of_imports(self, read: Callable[["FileReader"], Mapping[str, Any]]) -> dict[str, Any]:
        """What imported files have by name, under `import.name`, and under the bare name for `ns:name` of a typeRef."""
        found: dict[str, Any] = {}
        for called, file in self.imports.values():
            own = read(file)
            found |= {**own, **{f"{called}.{name}": value for name, value in own.items() if called}}
        return found

    def _imported_types(self) -> dict[str, Type]:
        found: dict[str, Type] = {}
        for called, file in self.imports.values():
            own = dict(file.types)
            found |= own | imported_types(called, own)
        return found

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
        for called, file in self.imports.values():
            found |= file.names | ({called} if called else set())
        return frozenset(found)

    def _read(self, node: Node) -> None:
        identity = node.get("id") or node.get("name") or ""
        name = " ".join((node.get("name") or identity).split())
        key = self.keys.get(identity, identity)
        if not identity or key in self.decisions or len(self.decisions) >= MAX_DECISIONS:
            why = "has no id" if not identity else "has an id twice" if key in self.decisions else "is one too many"
            self._say(node, "decision-id", "error", f"The decision {name!r} {why}.",
                      f"Give every decision an id of its own, and a file at most {MAX_DECISIONS} of them.")  # fmt: skip
            return
        variable = next(children(node, "variable"), None)
        known_as = (variable.get("name") if variable is not None else "") or name
        decision = Decision(
            id=key,
            name=name,
            variable=" ".join(known_as.split()),
            type=(variable.get("typeRef") if variable is not None else "") or "",
            requires=tuple(each for each, _ in self._decisions_for(node)),
            inputs=tuple((name, kind) for called, name, kind in self._inputs(node) if not called),
            imported=tuple((each, called) for each, called in self._decisions_for(node) if called),
            imported_inputs=tuple(each for each in self._inputs(node) if each[0]),
            imports=tuple(called for called, _ in self.imports.values() if called),
            question=text_in(node, "question"),
            item_types=self.types,
            line=_line(node),
            file=self.file_name,
        )
        self.decisions[key] = self._with_logic(decision, node, logic_in(node))

    def _required(self, node: Node, kind: str) -> Iterator[tuple[str, "FileReader", str]]:
        """(name of the import, file, id there) of what an element requires; no name for what is in this file."""
        for requirement in children(node, "informationRequirement"):
            for target in children(requirement, kind):
                called, file = self.imports.get((target.get("href") or "").rpartition("#")[0], ("", self))
                yield called, file, target_of(target)

    def _decisions_for(self, node: Node) -> Iterator[tuple[str, str]]:
        """(id in the bundle, name of the import) of the decisions that one requires."""
        for called, file, identity in self._required(node, "requiredDecision"):
            yield file.keys.get(identity, identity), called

    def _inputs(self, node: Node) -> Iterator[tuple[str, str, str]]:
        """(name of the import, name, type) of the input data that a decision requires."""
        for called, file, identity in self._required(node, "requiredInput"):
            data = next((each for each in children(file.root, "inputData") if each.get("id") == identity), None)
            if data is not None:
                variable = next(children(data, "variable"), data)
                name, kind = variable.get("name") or data.get("name") or identity, variable.get("typeRef") or ""
                known = called and short_name(kind) in dict(file.types)
                yield called, " ".join(name.split()), f"{called}.{short_name(kind)}" if known else kind

    def _with_logic(self, decision: Decision, node: Node, logic: Node | None) -> Decision:
        if logic is None:
            self._say(node, "decision-without-logic", "warning",
                      f"The decision {decision.name!r} says no logic: its answer has to come as the variable"
                      f" {decision.variable!r}, or it is a Failure.",
                      "Say it as a decision table or another boxed expression.")  # fmt: skip
            return decision
        reader = BoxReader(f"The decision {decision.name!r}", self.names, self.language, self.allowed)
        box = reader.box(logic, node)
        self.tell(reader.problems, node)
        if box.kind == "table":
            return replace(decision, table=box.table)
        return replace(decision, literal=box.cell) if box.kind == "literal" else replace(decision, box=box)

    def tell(self, problems: Iterable[Problem], node: Node | None = None) -> None:
        """Put problems among the findings; `node` is the decision that they are of."""
        for each in problems:
            self._say(each.node, each.code, each.severity, each.message, each.remedy, decision=node)

    def _add_knowledge(self) -> None:
        """Every decision gets the functions that it calls."""
        around = Around(
            imports={space: (called, file.models) for space, (called, file) in self.imports.items()},
            decisions=self.imported,
            keys=self.keys,
            types=self.types,
        )
        self.models = Models(self.root, self.names, self.language, allowed=self.allowed, around=around)
        for node, each in self.models.given_to(self.decisions):
            self.tell([each], node)

    def _name_what_is_not_executed(self) -> None:
        for node in children(self.root, "import"):
            if not is_of_dmn(node):
                self._say(node, "not-executed-import", "warning",
                          f"The import {node.get('name') or node.get('namespace')!r} of {node.get('importType')!r} is"
                          " not executed.", "Put what it imports into this file, in FEEL.")  # fmt: skip

    def _check_requirements(self) -> None:
        for decision in self.decisions.values():
            known = self.models.decisions
            missing = [needed for needed in decision.requires if needed not in known]
            node = self._node(decision.id)
            for needed in missing:
                self._say(node, "decision-missing", "error",
                          f"The decision {decision.name!r} requires {needed!r}, which is not in the bundle.",
                          "Put both into one file, or import the other.")  # fmt: skip
            if decision.id in self._all_required(decision):
                self._say(node, "decision-cycle", "error",
                          f"The decision {decision.name!r} requires itself, directly or through others.",
                          "Remove one of the requirements.")  # fmt: skip

    def _node(self, identity: str) -> Node:
        own = {key: each for each, key in self.keys.items()}.get(identity, identity)
        return next(node for node in children(self.root, "decision") if own in (node.get("id"), node.get("name")))

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


def _gives_something(root: Node) -> bool:
    """Whether a file without a decision is there for others to import."""
    return next(children(root, "itemDefinition", "businessKnowledgeModel", "inputData"), None) is not None


def _is_of_java_engine(root: Node) -> bool:
    spaces = " ".join(str(space) for node in (root, *root) for space in node.nsmap.values())
    return any(sign in spaces for sign in ("camunda.org", "flowable.org", "activiti.", "/DMN/20151101"))


def _line(node: Node) -> int:
    return node.sourceline if isinstance(node.sourceline, int) else 0
