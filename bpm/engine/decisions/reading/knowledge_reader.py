"""Business knowledge models and decision services of a DMN file, read into functions that decisions call.

Source: OMG DMN 1.5 §6.3.9 to §6.3.11 and §10.4.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from lxml import etree

from bpm.engine.decisions.model import Decision, Knowledge
from bpm.engine.decisions.reading.boxed_reader import BoxReader, children, line_of, name_of
from bpm.engine.decisions.reading.table_reader import Problem, text_in
from bpm.engine.expressions.feel.tree import Type

Node = etree._Element  # noqa: SLF001 -- lxml names its public element type so


def target(reference: Node) -> str:
    """The id that a reference names, without the namespace of its file."""
    return (reference.get("href") or "").rpartition("#")[2]


@dataclass(frozen=True)
class Around:
    """What a file has to do with the others of its bundle."""

    imports: Mapping[str, tuple[str, "Models"]] = field(default_factory=dict)
    """{namespace: (name of the import, what is in that file)}"""
    decisions: Mapping[str, Decision] = field(default_factory=dict)
    """The decisions of the files that it imports, and of those that these import."""
    keys: Mapping[str, str] = field(default_factory=dict)
    """{id of a decision of its own: the id under which the bundle knows it}, where they differ"""
    types: tuple[tuple[str, Type], ...] = ()
    """The types that it knows, its own and those that it imports."""


Place = tuple[tuple[str, ...], "Models", str]
"""Names of the imports that lead to a file, what is in it, and an id there."""


class Models:
    """The knowledge models of a file by id, with what each of them requires."""

    def __init__(
        self, root: Node, names: frozenset[str], language: str, *, allowed: dict[str, str], around: Around
    ) -> None:
        self.root, self.around = root, around
        self.decisions: dict[str, Decision] = {}
        """All that the file can decide, once they are read."""
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
        nodes = {self._key(node.get("id") or node.get("name") or ""): node for node in children(self.root, "decision")}
        used: set[str] = set()
        for identity, decision in decisions.items():
            required = map(self.place_of, required_knowledge(nodes[identity]))
            wanted = all_required([*required, *self.named_in(nodes[identity])])
            used |= {each for path, _, each in wanted if not path}
            decisions[identity] = replace(decision, knowledge=tuple(map(_function, wanted)))
            yield from self._missing(nodes[identity], decision)
        for identity, problems in self.problems.items():
            for problem in problems:
                told = replace(problem, severity="warning") if identity not in used else problem
                yield self.nodes[identity], told
        self.decisions = {**self.around.decisions, **decisions}
        for identity, decision in tuple(decisions.items()):
            decisions[identity] = self.decisions[identity] = self._with_services(nodes[identity], decision)

    def _key(self, identity: str) -> str:
        return self.around.keys.get(identity, identity)

    def place_of(self, reference: str) -> Place:
        """Where the element is that a reference means; of a namespace that no import has, in the file itself."""
        namespace, _, identity = reference.rpartition("#")
        if namespace not in self.around.imports:
            return (), self, identity
        name, models = self.around.imports[namespace]
        return (name,) if name else (), models, identity

    def _missing(self, node: Node, decision: Decision) -> Iterator[tuple[Node, Problem]]:
        for reference in required_knowledge(node):
            _path, models, needed = self.place_of(reference)
            if needed not in models.functions and needed not in models.services:
                message = f"The decision {decision.name!r} requires the knowledge {needed!r}; it is not in the bundle."
                yield (
                    node,
                    Problem(
                        node, "knowledge-missing", "error", message, "Put both into one file, or import the other."
                    ),
                )

    def _with_services(self, node: Node, decision: Decision) -> Decision:
        required, said = {self.place_of(each) for each in required_knowledge(node)}, " ".join(texts_of(node))
        files = [((), self), *(((name,) if name else (), models) for name, models in self.around.imports.values())]
        services = tuple(
            replace(models.service(each), path=path, item_types=models.around.types if path else ())
            for path, models in files
            for key, each in models.services.items()
            if (path, models, key) in required or f"{'.'.join((*path, name_of(each)))}(" in said
        )
        return replace(decision, knowledge=decision.knowledge + services)

    def service(self, node: Node) -> Knowledge:
        """One of the file's services, as a function; what is drawn in other files it decides, too."""
        return service(node, self.decisions, names=self._named(), key_of=self._key)

    def _named(self) -> dict[str, tuple[str, str]]:
        """(name, type) of input data and decisions by id."""
        found = {}
        for node in children(self.root, "inputData", "decision"):
            variable = next(children(node, "variable"), None)
            said = (variable.get("typeRef") if variable is not None else "") or ""
            found[node.get("id") or ""] = (name_of(node), said)
        return found

    def named_in(self, node: Node) -> list[Place]:
        """The knowledge models whose names stand in the texts of an element, required or not."""
        whole = " ".join(" ".join(texts_of(node)).split())
        found: list[Place] = [
            ((), self, each) for each, model in self.functions.items() if model.name and model.name in whole
        ]
        for name, models in self.around.imports.values():
            path = (name,) if name else ()
            called = [each for each, model in models.functions.items() if ".".join((*path, model.name)) in whole]
            found += [(path, models, each) for each in called if models.functions[each].name]
        return found


def all_required(wanted: Iterable[Place]) -> list[Place]:
    """The knowledge models that are required, and those that these require."""
    found: list[Place] = []
    todo = list(wanted)
    while todo:
        path, models, identity = place = todo.pop(0)
        if identity in models.functions and place not in found:
            found.append(place)
            further = map(models.place_of, models.requires[identity])
            todo += [((*path, *more), others, each) for more, others, each in further]
    return found


def _function(place: Place) -> Knowledge:
    path, models, identity = place
    known = models.functions[identity]
    return replace(known, path=path, item_types=models.around.types) if path else known


def required_knowledge(node: Node) -> list[str]:
    """References that the knowledge requirements of an element name."""
    return [
        (reference.get("href") or "").strip()
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


def service(
    node: Node,
    decisions: Mapping[str, Decision],
    *,
    names: Mapping[str, tuple[str, str]],
    key_of: Callable[[str], str] = str,
) -> Knowledge:
    """A decision service as a function of its input data and input decisions.

    `names` gives name and type of input data and decisions by id. Decisions that are handed in are not decided.
    """
    given = [target(each) for each in children(node, "inputDecision")]
    inputs = [target(each) for each in children(node, "inputData")]
    outputs = [target(each) for each in children(node, "outputDecision")]
    parameters = [names[each] for each in (*inputs, *given) if each in names]
    given, outputs = [key_of(each) for each in given], [key_of(each) for each in outputs]
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
