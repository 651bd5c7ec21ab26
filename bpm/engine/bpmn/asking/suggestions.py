"""Tasks of a model without a form get one: made from what the model reads next, with the facts that they need.

1. Every read that follows a task, before somebody else writes the variable, is asked there (`liveness`).
2. What is sure to be written before the task is a fact that it shows, unless the task stands on a way back to the
   read: then it is there to change the answer.
3. What only one way behind the next gateway reads is asked where the answers lead that way.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from bpm.engine.bpmn.asking import liveness
from bpm.engine.bpmn.asking.fields import field_of, place_in_words
from bpm.engine.bpmn.asking.flow_graph import (
    PEOPLE_WORK_AT,
    answer,
    before,
    done,
    first_values,
    graph_of,
    has_form,
    starts_of,
)
from bpm.engine.bpmn.asking.liveness import Analysis
from bpm.engine.bpmn.asking.reads import Read, path_of
from bpm.engine.bpmn.document import BpmnDocument, Element, child, children, event_definitions, kind, label, own
from bpm.engine.bpmn.model import Fact
from bpm.engine.expressions import tagged
from bpm.engine.forms.in_words import in_words
from bpm.engine.forms.model import Field, Form, Section
from bpm.engine.forms.schema import schema_of
from bpm.engine.rules.variables import name_problem
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

NOTE = "what_was_done"
"""The field of a task after which nothing is read: kept with the task, no variable."""


def suggest_forms(document: BpmnDocument) -> None:
    """Give every task of people without a form one, and note what each task needs to know."""
    tasks = [task for task in document.all(*PEOPLE_WORK_AT) if not task.get(own("passed"))]
    starts = [start for process in document.processes() for start in children(process, "startEvent")]
    found = liveness.analyse(graph_of(document))
    for start in starts:
        if not event_definitions(start) and not has_form(document, start):
            _suggest_start(document, found, start)
    asked = {answer(task): _asked_at(found, task) for task in tasks if found.moments[answer(task)].asks}
    names = {key: set(each) for key, each in asked.items()}
    written = liveness.surely_written(found, starts_of(document), names)
    for task in tasks:
        key, known = answer(task), first_values(task)
        reads = asked.get(key, {})
        facts = {name for name in reads if name in known or _is_known(found, written, task, name, names, reads[name])}
        if found.moments[key].asks:
            _suggest(document, found, task, {name: reads[name] for name in reads if name not in facts})
        needed = [(name, reads[name]) for name in sorted(facts)]
        document.facts[task.get("id", "")] = _facts(found, task, needed)


def _suggest_start(document: BpmnDocument, found: Analysis, start: Element) -> None:
    """The form of a start by hand; a program or a trigger that starts the process brings what it likes."""
    certain = liveness.read_next(found, answer(start))
    fields = []
    for name, why in _asked_at(found, start).items():
        is_needed = why.is_sure and bool(certain >> found.roots[name] & 1)
        if name not in first_values(start):
            fields.append(field_of(name, why.reads, required=is_needed, has_other=_has_other(why.reads)))
    if fields:
        document.suggested[start.get("id", "")] = schema_of(Form((Section(tuple(fields)),), suggested=True))


@dataclass(frozen=True)
class _Asked:
    """The reads for whose sake a variable is asked."""

    reads: tuple[Read, ...]
    is_sure: bool
    """Whether nobody in between may bring it."""


def _asked_at(found: Analysis, task: Element) -> dict[str, _Asked]:
    """Variable -> why it is asked at the task, in the order of the model."""
    sure, unsure = liveness.following(found, answer(task))
    if task.get(own("keeps")):
        sure, unsure = sure & found.own[done(task)], 0
    renamed = _renamed(found, task)
    asked: dict[str, _Asked] = {}
    for at, read in enumerate(found.reads):
        bit = 1 << at
        if (sure | unsure) & bit and not name_problem(read.root):
            known = asked.get(read.root, _Asked((), is_sure=False))
            asked[read.root] = _Asked((*known.reads, read), known.is_sure or bool(sure & bit))
    for name, reads in renamed.items():
        if name in asked:
            asked[name] = replace(asked[name], reads=(*asked[name].reads, *reads))
    return asked


def _renamed(found: Analysis, task: Element) -> dict[str, tuple[Read, ...]]:
    """Reads of what the task's output mappings hand on under another name, as reads of its own variable."""
    late: dict[str, tuple[Read, ...]] = {}
    sure, unsure = liveness.following(found, done(task))
    for part in task.iterchildren(own("output")):
        path = path_of(part.get("expression", ""))
        if path is None:
            continue
        for at, read in enumerate(found.reads):
            if (sure | unsure) >> at & 1 and read.root == part.get("name"):
                use = replace(read.use, path=(*path, *read.use.path[1:]))
                late[path[0]] = (*late.get(path[0], ()), replace(read, use=use))
    return late


def _is_known(
    found: Analysis,
    written: Mapping[str, int],
    task: Element,
    name: str,
    asked: Mapping[str, Iterable[str]],
    why: _Asked,
) -> bool:
    """Whether the variable is sure to be there before the task, which is no way back to what reads it."""
    if not written[before(task)] >> found.roots[name] & 1:
        return False
    others = {key: names for key, names in asked.items() if key != answer(task)}
    back = liveness.leads_back(found, before(task), name, others)
    return not any(before(read.element) in back or done(read.element) in back for read in why.reads)


def _suggest(document: BpmnDocument, found: Analysis, task: Element, asked: Mapping[str, _Asked]) -> None:
    certain = liveness.read_next(found, answer(task))
    there = document.forms.get(task.get("id", ""), {}).get("properties", {})
    fields = []
    for name, why in asked.items():
        if name in there:
            continue
        shown = _shown_if(document, found, task, name, set(asked))
        is_read = bool(certain >> found.roots[name] & 1) or shown is not None
        made = field_of(name, why.reads, required=why.is_sure and is_read, has_other=_has_other(why.reads))
        if shown is not None:
            made = replace(made, visible_if=shown[0], hidden_if=shown[1])
        fields.append(made if why.is_sure else _maybe_brought(made))
    if fields or not there:
        _keep(document, task, fields)
    _tell(document, task, fields, asked)


def _maybe_brought(made: Field) -> Field:
    help_text = _("Leave it empty if it is not known yet: a later step may bring it.")
    return replace(made, help=f"{made.help} {help_text}")


def _keep(document: BpmnDocument, task: Element, fields: list[Field]) -> None:
    """Put the form beside those of the model; questions that gateways ask stand in it as well."""
    note = Field(NOTE, "long text", _("What was done?"), help=_("A short note for whoever looks at this case later."))
    schema = schema_of(Form((Section(tuple(fields) or (note,)),), title=label(task), suggested=True))
    if not fields:
        schema["x-note"] = NOTE
    there = document.forms.get(task.get("id", ""))
    if there and there.get("properties"):
        schema["properties"] = {**there["properties"], **schema["properties"]}
        schema["required"] = [*there.get("required", ()), *schema["required"]]
        schema["x-asked"] = list(there["properties"])
    document.suggested[task.get("id", "")] = schema


def _tell(document: BpmnDocument, task: Element, fields: list[Field], asked: Mapping[str, _Asked]) -> None:
    if not fields:
        return
    said = [
        _("%(label)s (%(kind)s) because %(place)s reads it")
        % {"label": each.label, "kind": _in_short(each), "place": place_in_words(asked[each.name].reads[0].element)}
        for each in fields
    ]
    document.note(
        "form-suggested", "info", task,
        _("The task %(task)s has no form. It asks: %(fields)s.")
        % {"task": repr(label(task)), "fields": "; ".join(said)},
        _("Add a form of your own to ask in other words."),
        after=", ".join(each.name for each in fields),
    )  # fmt: skip


def _in_short(made: Field) -> str:
    if made.kind == "yes-no":
        return _("yes or no")
    if made.kind == "choice":
        return ", ".join(option.label for option in made.options)
    words = {"lines": _("a list"), "list": _("a list"), "many": _("several"), "group": _("several values"),
             "date-time": _("date and time"), "integer": _("whole number")}  # fmt: skip
    return words.get(made.kind, _(made.kind))


def _has_other(reads: Iterable[Read]) -> bool:
    """Whether something happens with values that nobody compares with: a default flow, or a step that is no gateway."""
    return any(
        read.element.get("default") or not kind(read.element).endswith("Gateway")
        for read in reads
        if read.use.evidence == "option" and kind(read.element) != "businessRuleTask"
    )


def _shown_if(
    document: BpmnDocument, found: Analysis, task: Element, name: str, asked: set[str]
) -> tuple[tuple[str, ...], tuple[str, ...]] | None:
    """(shown if, hidden if) where only some ways behind the next gateway read the variable; None: always shown."""
    gateway = _next_gateway(found, task)
    if gateway is None or found.own[before(gateway)] & found.of_root[name]:
        return None
    scope = gateway.getparent()
    flows = document.outgoing(scope).get(gateway.get("id", ""), []) if scope is not None else []
    nodes = {node.get("id", ""): node for node in scope} if scope is not None else {}
    here = [flow for flow in flows if _is_read_behind(found, nodes.get(flow.get("targetRef", "")), name)]
    elsewhere = [flow for flow in flows if flow not in here]
    ways = here if all(child(flow, "conditionExpression") is not None for flow in here) else elsewhere
    conditions = tuple(child(flow, "conditionExpression").text or "" for flow in ways if _is_conditional(flow))  # type: ignore[union-attr]  # asked just here
    if not here or not elsewhere or len(conditions) != len(ways) or not _are_known(conditions, asked - {name}):
        return None
    return (conditions, ()) if ways is here else ((), conditions)


def _is_conditional(flow: Element) -> bool:
    return child(flow, "conditionExpression") is not None


def _are_known(conditions: Iterable[str], asked: set[str]) -> bool:
    """Whether the conditions can be told from what the form itself asks."""
    try:
        names = [tagged.parse(text).names for text in conditions]
    except ExpressionError:
        return False
    return all(each and each <= asked for each in names)


def _is_read_behind(found: Analysis, target: Element | None, name: str) -> bool:
    if target is None:
        return False
    return bool((found.sure[before(target)] | found.unsure[before(target)]) & found.of_root[name])


def _next_gateway(found: Analysis, task: Element) -> Element | None:
    """The first exclusive gateway after a task, if nothing else happens before it."""
    key = done(task)
    for _step in range(3):
        after = found.moments[key].after
        if len(after) != 1 or found.own[key]:
            return None
        node = found.moments[after[0]].element
        if kind(node) == "exclusiveGateway":
            return node if len(found.moments[done(node)].after) > 1 else None
        if kind(node) not in ("exclusiveGateway", "intermediateThrowEvent", "task"):
            return None
        key = done(node)
    return None


def _facts(found: Analysis, task: Element, needed: Iterable[tuple[str, _Asked]]) -> list[Fact]:
    """What the task needs to know: what its own settings and mappings read, and what others write for later steps."""
    facts: dict[str, Fact] = {}
    for read in _own_reads(found, task):
        facts.setdefault(read.root, Fact(read.root, in_words(read.root), _("this task")))
    for name, why in needed:
        facts.setdefault(name, Fact(name, in_words(name), f"“{label(why.reads[0].element)}”"))
    return list(facts.values())


def _own_reads(found: Analysis, task: Element) -> Iterator[Read]:
    for at, read in enumerate(found.reads):
        if found.own[before(task)] >> at & 1:
            yield read
