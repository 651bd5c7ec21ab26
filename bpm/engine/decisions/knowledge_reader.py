"""Business knowledge models and decision services of a DMN file, read into functions that decisions call.

Source: OMG DMN 1.5 §6.3.9 to §6.3.11 and §10.4.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from lxml import etree

from bpm.engine.decisions.boxed_reader import BoxReader, children, line_of, name_of
from bpm.engine.decisions.model import Decision, Knowledge
from bpm.engine.decisions.table_reader import Problem, text_in

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so


def target(reference: Node) -> str:
    """The id that a reference names, without the namespace of its file."""
    return (reference.get("href") or "").rpartition("#")[2]


class Models:
    """The knowledge models of a file by id, with what each of them requires."""

    def __init__(self, root: Node, names: frozenset[str], language: str, allowed: dict[str, str]) -> None:
        self.root = root
        self.nodes: dict[str, Node] = {}
        self.functions: dict[str, Knowledge] = {}
        self.requires: dict[str, tuple[str, ...]] = {}
        self.problems: dict[str, list[Problem]] = {}
        for node in children(root, "businessKnowledgeModel"):
            identity = node.get("id") or node.get("name") or ""
            self.nodes[identity] = node
            reader = BoxReader(f"The knowledge model {name_of(node)!r}", names, language, allowed)
            self.functions[identity] = _model(node, reader)
            self.problems[identity] = reader.problems
            self.requires[identity] = tuple(required_knowledge(node))
        self.services = {node.get("id") or "": node for node in children(root, "decisionService")}

    def given_to(self, decisions: dict[str, Decision]) -> Iterator[tuple[Node, Problem]]:
        """Puts into every decision the functions that it calls; yields what is wrong, with its element.

        What is wrong in a model that no decision calls is a warning.
        """
        nodes = {node.get("id") or node.get("name") or "": node for node in children(self.root, "decision")}
        used: set[str] = set()
        for identity, decision in decisions.items():
            wanted = self.all_required([*required_knowledge(nodes[identity]), *self.named_in(nodes[identity])])
            used |= set(wanted)
            decisions[identity] = replace(decision, knowledge=tuple(self.functions[each] for each in wanted))
            yield from self._missing(nodes[identity], decision)
        for identity, problems in self.problems.items():
            for problem in problems:
                told = replace(problem, severity="warning") if identity not in used else problem
                yield self.nodes[identity], told
        for identity in decisions:
            decisions[identity] = self._with_services(nodes[identity], decisions, identity)

    def _missing(self, node: Node, decision: Decision) -> Iterator[tuple[Node, Problem]]:
        for needed in required_knowledge(node):
            if needed not in self.functions and needed not in self.services:
                message = f"The decision {decision.name!r} requires the knowledge {needed!r}; it is not in the file."
                yield node, Problem(node, "knowledge-missing", "error", message, "Put both into one file.")

    def _with_services(self, node: Node, decisions: Mapping[str, Decision], identity: str) -> Decision:
        required, said = required_knowledge(node), " ".join(texts_of(node))
        called = [each for key, each in self.services.items() if key in required or f"{name_of(each)}(" in said]
        services = tuple(service(each, decisions, self._named()) for each in called)
        return replace(decisions[identity], knowledge=decisions[identity].knowledge + services)

    def _named(self) -> dict[str, tuple[str, str]]:
        """(name, type) of input data and decisions by id."""
        found = {}
        for node in children(self.root, "inputData", "decision"):
            variable = next(children(node, "variable"), None)
            said = (variable.get("typeRef") if variable is not None else "") or ""
            found[node.get("id") or ""] = (name_of(node), said)
        return found

    def all_required(self, wanted: Iterable[str]) -> list[str]:
        """Ids of knowledge models that are required, and of those that these require."""
        found: list[str] = []
        todo = list(wanted)
        while todo:
            identity = todo.pop(0)
            if identity in self.functions and identity not in found:
                found.append(identity)
                todo += self.requires[identity]
        return found

    def named_in(self, node: Node) -> list[str]:
        """Ids of knowledge models whose names stand in the texts of an element, required or not."""
        whole = " ".join(" ".join(texts_of(node)).split())
        return [identity for identity, each in self.functions.items() if each.name and each.name in whole]


def required_knowledge(node: Node) -> list[str]:
    """Ids that the knowledge requirements of an element name."""
    return [
        target(reference)
        for requirement in children(node, "knowledgeRequirement")
        for reference in children(requirement, "requiredKnowledge")
    ]


def _model(node: Node, reader: BoxReader) -> Knowledge:
    logic = next(children(node, "encapsulatedLogic"), None)
    if logic is None:
        problem = f"{reader.owner} says no logic."
        reader.problems.append(Problem(node, "dmn-nothing", "error", problem, "Draw its boxed expression."))
        return Knowledge(name_of(node), ())
    box = reader.function(logic)
    variable = next(children(node, "variable"), None)
    said = (variable.get("typeRef") if variable is not None else "") or ""
    return Knowledge(name_of(node), box.names, box.types, said, replace(box, line=line_of(node)))


def service(node: Node, decisions: Mapping[str, Decision], names: Mapping[str, tuple[str, str]]) -> Knowledge:
    """A decision service as a function of its input data and input decisions.

    `names` gives name and type of input data and decisions by id. Decisions that are handed in are not decided.
    """
    given = [target(each) for each in children(node, "inputDecision")]
    inputs = [target(each) for each in children(node, "inputData")]
    outputs = [target(each) for each in children(node, "outputDecision")]
    parameters = [names[each] for each in (*inputs, *given) if each in names]
    inside: dict[str, Decision] = {}
    todo = list(outputs)
    while todo:
        identity = todo.pop()
        if identity in inside or identity not in decisions:
            continue
        decision = decisions[identity]
        kept = tuple(each for each in decision.requires if each not in given)
        inside[identity] = replace(decision, requires=kept)
        todo += kept
    return Knowledge(
        name=name_of(node),
        parameters=tuple(name for name, _kind in parameters),
        types=tuple(kind for _name, kind in parameters),
        outputs=tuple(each for each in outputs if each in decisions),
        decisions=tuple(inside.values()),
    )


def texts_of(node: Node) -> list[str]:
    """Every text of the expressions inside an element."""
    return [text_in(each, "text") for each in node.iter() if isinstance(each.tag, str)]
