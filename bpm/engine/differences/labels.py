"""What the properties of BPMN are called: the known ones, of every vendor, in words; the rest by their own names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bpm.engine.differences.nodes import INSIDE, LANE, TYPE
from bpm.engine.differences.trees import Way
from bpm.foundation.texts import _


@dataclass(frozen=True)
class Label:
    """What a property is called, and how its values are spoken (`words.SPOKEN`, or `id` for names of things)."""

    text: str
    spoken: str = ""


def _is(text: str, spoken: str = "") -> Label:
    return Label(text, spoken)


_YES, _ID = "yes", "id"
_KNOWN: Mapping[str, Label] = {
    f"@{TYPE}": _is(_("type"), "type"), f"@{LANE}": _is(_("lane"), "ids"), f"@{INSIDE}": _is(_("inside"), _ID),
    "@name": _is(_("name")), "@isExecutable": _is(_("executable"), _YES), "documentation": _is(_("documentation")),
    "@default": _is(_("default flow"), _ID), "@attachedToRef": _is(_("attached to"), _ID),
    "@cancelActivity": _is(_("interrupts"), _YES), "@isInterrupting": _is(_("interrupts"), _YES),
    "@triggeredByEvent": _is(_("started by an event"), _YES), "@isForCompensation": _is(_("for compensation"), _YES),
    "@sourceRef": _is(_("from"), _ID), "@targetRef": _is(_("to"), _ID), "@processRef": _is(_("process"), _ID),
    "conditionExpression": _is(_("condition")), "condition": _is(_("condition")),
    "timeDuration": _is(_("timer"), "after"), "timeDate": _is(_("timer"), "at"), "timeCycle": _is(_("timer"), "cycle"),
    "script": _is(_("script")), "@script": _is(_("script")), "preScript": _is(_("script before")),
    "postScript": _is(_("script after")), "@scriptFormat": _is(_("script language")),
    "@resultVariable": _is(_("result variable")), "@resultVariableName": _is(_("result variable")),
    "@topic": _is(_("topic")), "taskDefinition/@type": _is(_("topic")), "@taskType": _is(_("topic")),
    "taskDefinition/@retries": _is(_("retries")), "failedJobRetryTimeCycle": _is(_("retries"), "retries"),
    "@failedJobRetryTimeCycle": _is(_("retries"), "retries"), "@retries": _is(_("retries")),
    "@formKey": _is(_("form")), "@formRef": _is(_("form")), "@formId": _is(_("form")),
    "@externalReference": _is(_("form")), "formDefinition/@formKey": _is(_("form")),
    "@assignee": _is(_("assignee")), "humanPerformer": _is(_("assignee")), "@owner": _is(_("owner")),
    "@candidateGroups": _is(_("groups")), "@candidateUsers": _is(_("candidates")),
    "potentialOwner": _is(_("candidates")),
    "@dueDate": _is(_("due"), "due"), "@followUpDate": _is(_("follow-up"), "due"), "@priority": _is(_("priority")),
    "@jobPriority": _is(_("job priority")), "@taskPriority": _is(_("job priority")),
    "@calledElement": _is(_("called process")), "calledElement/@processId": _is(_("called process")),
    "@decisionRef": _is(_("decision")), "calledDecision/@decisionId": _is(_("decision")),
    "calledDecision/@resultVariable": _is(_("result variable")), "@mapDecisionResult": _is(_("result of the decision")),
    "@messageRef": _is(_("message"), _ID), "@signalRef": _is(_("signal"), _ID), "@errorRef": _is(_("error"), _ID),
    "@escalationRef": _is(_("escalation"), _ID), "@activityRef": _is(_("compensates"), _ID),
    "@errorCode": _is(_("error code")), "@escalationCode": _is(_("escalation code")),
    "@correlationKey": _is(_("correlation key")), "@itemSubjectRef": _is(_("data type"), _ID),
    "@structureRef": _is(_("data type")), "@isSequential": _is(_("one after the other"), _YES),
    "@collection": _is(_("list")), "@inputCollection": _is(_("list")), "loopDataInputRef": _is(_("list"), _ID),
    "@elementVariable": _is(_("name of each")), "@inputElement": _is(_("name of each")),
    "@outputCollection": _is(_("list of results")), "@outputElement": _is(_("result of each")),
    "loopDataOutputRef": _is(_("list of results"), _ID), "loopCardinality": _is(_("number of rounds")),
    "completionCondition": _is(_("ends early when")), "loopCondition": _is(_("goes on while")),
    "@loopMaximum": _is(_("at most so many rounds")), "@class": _is(_("class")), "@expression": _is(_("expression")),
    "@delegateExpression": _is(_("expression of the class")), "@implementation": _is(_("implementation")),
    "linkEventDefinition/@name": _is(_("link")), "@text": _is(_("text")), "text": _is(_("text")),
    "@asyncBefore": _is(_("waits before"), _YES), "@asyncAfter": _is(_("waits after"), _YES),
    "@async": _is(_("waits before"), _YES), "@exclusive": _is(_("exclusive"), _YES),
    "@initiator": _is(_("variable of the starter")), "@historyTimeToLive": _is(_("kept in the history")),
    "@versionTag": _is(_("version tag")), "@expressionLanguage": _is(_("language of expressions")),
    "@targetNamespace": _is(_("namespace")), "@order": _is(_("order")), "@value": _is(_("value")),
    "@label": _is(_("label")), "flowNodeRef": _is(_("lists what is not there")),
    "incoming": _is(_("lists an incoming flow that is not there")),
    "outgoing": _is(_("lists an outgoing flow that is not there")),
    "@source": _is(_("source")), "@target": _is(_("target")), "@event": _is(_("event")),
}  # fmt: skip
"""Last step of the way, or the last two -> its label."""
_GROUPS: Mapping[str, str] = {
    "inputParameter": _("input"), "ioMapping/input": _("input"), "outputParameter": _("output"),
    "ioMapping/output": _("output"), "in": _("passes in"), "out": _("passes out"), "formField": _("form field"),
    "formProperty": _("form field"), "executionListener": _("listener"), "taskListener": _("listener"),
    "eventListener": _("listener"), "property": _("property"), "properties/entry": _("property"),
    "taskHeaders/header": _("header"), "field": _("field"), "connector": _("connector"),
    "dataInputAssociation": _("data in"), "dataOutputAssociation": _("data out"), "dataInput": _("data input"),
    "dataOutput": _("data output"), "multiInstanceLoopCharacteristics": _("multi-instance"),
    "standardLoopCharacteristics": _("loop"), "correlationProperty": _("correlation"), "constraint": _("limit"),
    "timerEventDefinition": "", "extensionElements": "", "inputOutput": "", "ioMapping": "", "formData": "",
    "executionListeners": "", "taskListeners": "", "properties": "", "taskHeaders": "", "taskDefinition": "",
    "messageEventDefinition": "", "signalEventDefinition": "", "errorEventDefinition": "", "subscription": "",
    "escalationEventDefinition": "", "linkEventDefinition": "", "conditionalEventDefinition": "",
    "assignmentDefinition": "", "formDefinition": "", "calledElement": "", "calledDecision": "",
    "loopCharacteristics": "",
    "ioSpecification": "", "taskSchedule": "", "priorityDefinition": "", "compensateEventDefinition": "",
    "resourceAssignmentExpression": "",
    "formalExpression": "", "listener": _("listener"), "userTaskForm": _("form"), "validation": "",
}  # fmt: skip
"""A step on the way -> what it is called before the property; "" where the property says it all."""


def label_of(way: Way) -> Label:
    """What the end of the way is called, with the things that it stands in before it."""
    names = [_bare(step.name) for step in way]
    before = [text for place in range(len(way) - 1) if (text := _group(names[: place + 1], way[place].key))]
    last, key = names[-1], way[-1].key
    known = _KNOWN.get("/".join(names[-2:])) or _KNOWN.get(last)
    group = _grouped(names)
    if known is None and group:
        known = Label(f"{group} {_quoted(key)}".strip())
    plain = known or Label(f"{_own(last)} {_quoted(key)}".strip())
    return Label(", ".join([*before, plain.text]), plain.spoken)


def _group(names: Sequence[str], key: str) -> str:
    group = _grouped(names)
    if group is None:
        group = _KNOWN[names[-1]].text if names[-1] in _KNOWN else _own(names[-1])
    return f"{group} {_quoted(key)}".strip() if group else ""


def _grouped(names: Sequence[str]) -> str | None:
    return _GROUPS.get("/".join(names[-2:]), _GROUPS.get(names[-1]))


def _bare(name: str) -> str:
    """The name without its namespace, still told as an attribute's."""
    return f"@{_own(name)}" if name.startswith("@") else name


def _own(name: str) -> str:
    return name.removeprefix("@").rpartition("}")[2]


def _quoted(key: str) -> str:
    return f"“{key}”" if key else ""


def vendor_of(way: Way) -> str:
    """The last part of the namespace that the end of the way is in, to tell two of one name apart."""
    space = way[-1].name.removeprefix("@").rpartition("}")[0].removeprefix("{")
    return next((part for part in reversed(space.replace(":", "/").split("/")) if part and not part[0].isdigit()), "")
