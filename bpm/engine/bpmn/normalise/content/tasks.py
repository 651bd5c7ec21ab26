"""Normalisation: who does a task: assignment, forms, topics and retries, from every vendor's markup.

Camunda 7, Flowable and Activiti share one vocabulary under three namespaces; Zeebe, Spiff and jBPM have their own.
"""

import re
from datetime import UTC, datetime

from bpm.engine.bpmn.document import TASKS, BpmnDocument, Element, child, children, kind, label, own, tag, text_of
from bpm.engine.bpmn.normalise.content.expressions import computed, expressed, is_expression
from bpm.engine.bpmn.normalise.content.topics import note_local_result, set_topic
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import extensions, input_assignments, is_jbpm, vendor
from bpm.engine.expressions.times.due import due_instant
from bpm.foundation.errors import ExpressionError

_ENGINES = re.compile(r"\{[^}]*(camunda|activiti|flowable)[^}]*\}priority$")
"""Where the word means what people do first; in a drawing tool's namespace it is a note."""
_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)
"""Whether a text is a date does not depend on when it is asked."""


def read_assignments(document: BpmnDocument) -> None:
    """Who gets a user task, and when: e:assignee, e:group, e:due, e:followUp, e:priority (or with Expression)."""
    for task in document.all("userTask", "manualTask"):
        zeebe = next(extensions(task, "assignmentDefinition"), None)
        schedule = next(extensions(task, "taskSchedule"), None)
        assignee = vendor(task, "assignee") or (zeebe.get("assignee", "") if zeebe is not None else "")
        groups = vendor(task, "candidateGroups") or (zeebe.get("candidateGroups", "") if zeebe is not None else "")
        due = vendor(task, "dueDate") or (schedule.get("dueDate", "") if schedule is not None else "")
        owner_user, owner_group = _owners(task)
        _set_text(document, task, "assignee", assignee or owner_user)
        _set_text(document, task, "group", _first_group(document, task, groups or owner_group))
        _set_date(document, task, "due", due)
        _set_date(document, task, "followUp", _follow_up(task, schedule))
        _set_priority(document, task, _priority(task))


def _follow_up(task: Element, schedule: Element | None) -> str:
    return vendor(task, "followUpDate") or (schedule.get("followUpDate", "") if schedule is not None else "")


def _priority(task: Element) -> str:
    """A number: an attribute in Camunda 7, Flowable and Activiti, an element in Zeebe, a data input in jBPM."""
    zeebe = next(extensions(task, "priorityDefinition"), None)
    of_engine = any(_ENGINES.match(str(key)) for key in task.attrib)
    found = (vendor(task, "priority") if of_engine else "") or (zeebe.get("priority", "") if zeebe is not None else "")
    return found or (input_assignments(task).get("Priority", "") if is_jbpm(task) else "")


def _owners(task: Element) -> tuple[str, str]:
    """(user, group) from the standard's resource roles, people by themselves in jBPM, and from jBPM's data inputs."""
    user = group = ""
    by_actor = is_jbpm(task)
    for role in children(task, "humanPerformer", "potentialOwner", "performer"):
        for text in re.split(r",(?![^()]*\))", text_of(next(role.iter(tag("formalExpression")), None))):
            found = re.match(r"\s*(user|group)\(([^)]*)\)\s*$", text)
            name = (found[2] if found else text).strip()
            if (found and found[1] == "user") or (not found and (kind(role) == "humanPerformer" or by_actor)):
                user = user or name
            else:
                group = group or name
    inputs = input_assignments(task)
    return user or inputs.get("ActorId", ""), group or inputs.get("GroupId", "")


def _first_group(document: BpmnDocument, task: Element, groups: str) -> str:
    names = [name.strip() for name in re.split(r",(?![^{}]*\})", groups) if name.strip()]
    if groups.startswith("="):
        return groups
    if len(names) > 1:
        document.note(
            "several-groups",
            "warning",
            task,
            f"The user task {label(task)!r} names several groups; the first one, {names[0]!r}, gets the work items.",
            "Make one group of them.",
            before=groups,
            after=names[0],
        )
    return names[0] if names else ""


def _set_date(document: BpmnDocument, task: Element, name: str, text: str) -> None:
    """A date as written has to be one, or it would never come."""
    if text and not is_expression(text) and due_instant(text, now=_ANY_TIME) is None:
        what = "due date" if name == "due" else "follow-up date"
        document.note(
            f"{name}-not-understood",
            "warning",
            task,
            f"The {what} of {label(task)!r}, {text!r}, is neither a date nor a duration; the task gets none.",
            "Write a date (2030-01-31T12:00:00Z), a duration (P3D, PT4H) or an expression that gives one.",
            before=text,
        )
        return
    _set_text(document, task, name, text)


def _set_priority(document: BpmnDocument, task: Element, text: str) -> None:
    if text and not is_expression(text) and not re.fullmatch(r"[+-]?\d{1,9}", text):
        document.note(
            "priority-not-understood",
            "warning",
            task,
            f"The priority of {label(task)!r}, {text!r}, is no whole number; the task gets the usual one, 50.",
            "Write a number; more is more urgent.",
            before=text,
        )
        return
    _set_text(document, task, "priority", text)


def _set_text(document: BpmnDocument, task: Element, name: str, text: str) -> None:
    """Set e:name, or e:nameExpression where the text is an expression."""
    if not text:
        return
    if not is_expression(text):
        task.set(own(name), text)
        return
    try:
        after = expressed(text)
    except ExpressionError as error:
        document.note(
            f"{name}-not-understood",
            "warning",
            task,
            f"The {name} of {label(task)!r} is computed by {text!r}, which has no counterpart here. {error.message}",
            "Write a name, or an expression over variables.",
            before=text,
        )
        return
    task.set(own(f"{name}Expression"), after)
    document.executed(task, name, text, after)


def read_topics(document: BpmnDocument) -> None:
    """Service, send and business rule tasks become Jobs: e:topic names who does them."""
    for task in document.all("serviceTask", "sendTask", "businessRuleTask"):
        _read_result_variable(task)
        if task.get(own("decides")):
            continue
        topic, why = _topic(task)
        if not topic and kind(task) == "sendTask" and task.get("messageRef"):
            continue
        if not topic:
            topic = task.get("id", "")
            document.note(
                "topic-assumed",
                "info",
                task,
                f"The {kind(task)} {label(task)!r} does not say who does it; its job waits under its own id.",
                f"Register a worker for the topic {topic!r}, or name a topic in the model.",
                after=topic,
            )
        elif why and not task.get(own("decision")):
            document.note(
                "job-topic",
                "info",
                task,
                f"{label(task)!r} needs {why}; here it is a job that a worker does.",
                f"Register a worker for the topic {topic!r}.",
                before=why,
                after=topic,
            )
        set_topic(document, task, topic)


def _read_result_variable(task: Element) -> None:
    result = vendor(task, "resultVariable") or vendor(task, "resultVariableName")
    for called in extensions(task, "calledDecision", "script", "serviceTaskOperator"):
        result = result or called.get("resultVariable", "")
    if re.fullmatch(r"[^\W\d]\w*", result):
        task.set(own("resultVariable"), result)
        note_local_result(task)


def read_throwing_topics(document: BpmnDocument) -> None:
    """A message thrown through a vendor's connector, class or topic is a Job too."""
    for event in document.all("intermediateThrowEvent", "endEvent"):
        definition = child(event, "messageEventDefinition")
        if definition is None:
            continue
        topic = vendor(definition, "topic") or next(
            (part.get("type", "") for part in extensions(event, "taskDefinition")), ""
        )
        topic = topic or _code_topic(event)[0]
        if topic:
            set_topic(document, event, topic)


def _topic(task: Element) -> tuple[str, str]:
    """(topic, what the model names, for people) of a task; ("", "") when it names nothing."""
    if decision := task.get(own("decision")):
        return decision, f"the decision {decision}"
    for definition in extensions(task, "taskDefinition"):
        if definition.get("type"):
            return str(definition.get("type")), ""
    for operator in extensions(task, "serviceTaskOperator"):
        if operator.get("id"):
            return str(operator.get("id")), ""
    if vendor(task, "topic"):
        return vendor(task, "topic"), ""
    for connector in extensions(task, "connectorId"):
        return text_of(connector), f"the connector {text_of(connector)}"
    return _code_topic(task)


def _code_topic(task: Element) -> tuple[str, str]:
    owners = [task, *task.iter(tag("messageEventDefinition"))]
    for owner in owners:
        for name, what in (
            ("class", "the Java class"),
            ("delegateExpression", "the delegate"),
            ("expression", "the call"),
        ):
            value = vendor(owner, name)
            if value:
                return re.sub(r"^[$#]\{\s*|\s*\}$", "", value).partition("(")[0].strip(), f"{what} {value}"
    for name in ("type", "taskName"):
        value = vendor(task, name)
        if value and value not in ("Service Task", "Send Task", "BusinessRuleTask"):
            return value, f"the task type {value}"
    if vendor(task, "modelerTemplate"):
        return vendor(task, "modelerTemplate"), ""
    if kind(task) == "sendTask" and task.get("messageRef"):
        # The operation is the receiver's; the message itself is what is sent (BPMN 2.0.2, 10.3.3).
        return "", ""
    operation = task.get("operationRef", "")
    for known in task.getroottree().getroot().iter(tag("operation")):
        if known.get("id") == operation:
            return known.get("name") or operation, f"the operation {known.get('name') or operation}"
    return "", ""


def read_retries(document: BpmnDocument) -> None:
    """How often a job is tried, and how long it waits: Zeebe's retries, Camunda's failedJobRetryTimeCycle.

    Camunda's is either a cycle (`R3/PT10M`: three times, ten minutes apart) or the waits one by one (`PT1M,PT10M`).
    """
    for task in document.all(*TASKS):
        count, waits = "", ""
        for definition in extensions(task, "taskDefinition"):
            count = count or definition.get("retries", "")
        for cycle in extensions(task, "failedJobRetryTimeCycle"):
            text = "".join(text_of(cycle).split())
            found = re.match(r"R(\d+)/(P.+)", text)
            listed = text.split(",") if re.fullmatch(r"P[^,]+(,P[^,]+)*", text) else []
            count = count or (found[1] if found else str(len(listed) + 1) if listed else "")
            waits = waits or (found[2] if found else ",".join(listed))
        if is_expression(count) and (after := computed(count)):
            task.set(own("retriesExpression"), after)
            document.executed(task, "retries", count, after)
        if count.isdigit() and int(count) <= 100:
            task.set(own("retries"), count)
            if waits:
                task.set(own("retryIn"), waits[:200])
