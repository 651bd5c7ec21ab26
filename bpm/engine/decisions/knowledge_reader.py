"""Business knowledge models and decision services of a DMN file, read into functions that decisions call.

Source: OMG DMN 1.5 §6.3.9 to §6.3.11 and §10.4.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from lxml import etree

from bpm.engine.decisions.boxed_reader import BoxReader, children, line_of, name_of
from bpm.engine.decisions.columns import Problem, text_in
from bpm.engine.decisions.model import Decision, Knowledge

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so


def target(reference: Node) -> str:
    """The id that a reference names, without the namespace of its file."""
    return (reference.get("href") or "").rpartition("#")[2]


class Models:
    """The knowledge models of a file by id, with what each of them requires."""

    def __init__(self, root: Node, names: frozenset[str], language: str, allowed: dict[str, str]) -> None:
        self.functions: dict[str, Knowledge] = {}
        self.requires: dict[str, tuple[str, ...]] = {}
        self.problems: dict[str, list[Problem]] = {}
        for node in children(root, "businessKnowledgeModel"):
            identity = node.get("id") or node.get("name") or ""
            reader = BoxReader(f"The knowledge model {name_of(node)!r}", names, language, allowed)
            self.functions[identity] = _model(node, reader)
            self.problems[identity] = reader.problems
            self.requires[identity] = tuple(required_knowledge(node))
        self.services = {node.get("id") or "": node for node in children(root, "decisionService")}

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

    def named_in(self, texts: Iterable[str]) -> list[str]:
        """Ids of knowledge models whose names stand in texts, required or not."""
        whole = " ".join(" ".join(texts).split())
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
    box = reader._functiondefinition(logic)  # noqa: SLF001 -- a model is a function definition under another name
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
