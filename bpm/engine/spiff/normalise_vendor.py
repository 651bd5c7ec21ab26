"""Normalisation, second part: what vendor attributes and extension elements of tasks mean, in our own namespace.

Camunda 7, Flowable and Activiti share one vocabulary under three namespaces; Zeebe, Spiff and jBPM have their own.
"""

import re
from collections.abc import Iterator

from lxml import etree

from bpm.engine.spiff.draft import (
    ACTIVITIES,
    TASKS,
    Draft,
    Element,
    child,
    children,
    kind,
    label,
    local,
    own,
    tag,
    text_of,
)
from bpm.engine.spiff.languages import Use, translate
from bpm.errors import ExpressionError

_CAMUNDA_FAMILY = ("camunda.org/schema/1.0/bpmn", "activiti.org/bpmn", "flowable.org/bpmn", "camunda.com/fox")


def vendor(element: Element, name: str) -> str:
    """The value of a vendor attribute by its local name, whatever the vendor; "" when absent."""
    for key, value in element.attrib.items():
        if local(key) == name and local(key) != key and not str(key).startswith(own("")):
            return str(value).strip()
    return ""


def extensions(element: Element, *names: str) -> Iterator[Element]:
    """Extension elements of a node by their local name, nested ones too."""
    holder = child(element, "extensionElements")
    if holder is not None:
        for part in holder.iter():
            if isinstance(part.tag, str) and local(part.tag) in names:
                yield part


def is_camunda_family(root: Element) -> bool:
    """Whether the file is written for Camunda 7, Flowable or Activiti."""
    spaces = {str(space) for element in (root, *root) for space in element.nsmap.values()}
    return any(space.endswith(_CAMUNDA_FAMILY) for space in spaces)


def read_assignments(draft: Draft) -> None:
    """Who gets a user task: e:assignee, e:group, e:due (or the same with Expression)."""
    for task in draft.all("userTask", "manualTask"):
        zeebe = next(extensions(task, "assignmentDefinition"), None)
        schedule = next(extensions(task, "taskSchedule"), None)
        assignee = vendor(task, "assignee") or (zeebe.get("assignee", "") if zeebe is not None else "")
        groups = vendor(task, "candidateGroups") or (zeebe.get("candidateGroups", "") if zeebe is not None else "")
        due = vendor(task, "dueDate") or (schedule.get("dueDate", "") if schedule is not None else "")
        owner_user, owner_group = _owners(task)
        _set_text(draft, task, "assignee", assignee or owner_user)
        _set_text(draft, task, "group", _first_group(draft, task, groups or owner_group))
        _set_text(draft, task, "due", due)


def _owners(task: Element) -> tuple[str, str]:
    """(user, group) from the standard's resource roles and from jBPM's data inputs."""
    user = group = ""
    for role in children(task, "humanPerformer", "potentialOwner", "performer"):
        for text in re.split(r",(?![^()]*\))", text_of(next(role.iter(tag("formalExpression")), None))):
            found = re.match(r"\s*(user|group)\(([^)]*)\)\s*$", text)
            name = (found[2] if found else text).strip()
            if (found and found[1] == "user") or (not found and kind(role) == "humanPerformer"):
                user = user or name
            else:
                group = group or name
    inputs = input_assignments(task)
    return user or inputs.get("ActorId", ""), group or inputs.get("GroupId", "")


def input_assignments(task: Element) -> dict[str, str]:
    """Data input name -> constant that a dataInputAssociation assigns to it (jBPM's way to set task properties)."""
    names = {part.get("id") or "": part.get("name") or "" for part in task.iter(tag("dataInput"))}
    found: dict[str, str] = {}
    for association in children(task, "dataInputAssociation"):
        constant = text_of(next(association.iter(tag("from")), None))
        target = names.get(text_of(child(association, "targetRef")), "")
        if target and constant:
            found[target] = constant
    return found


def input_variables(task: Element) -> dict[str, str]:
    """Data input id and name -> variable that a dataInputAssociation copies into it."""
    return _associated(task, "dataInputAssociation", "targetRef", "sourceRef", "dataInput")


def output_variables(task: Element) -> dict[str, str]:
    """Data output id and name -> variable that it is copied to."""
    return _associated(task, "dataOutputAssociation", "sourceRef", "targetRef", "dataOutput")


def _associated(task: Element, association_kind: str, inner: str, outer: str, data: str) -> dict[str, str]:
    names = {part.get("id", ""): part.get("name", "") for part in task.iter(tag(data))}
    variables = _variable_names(task)
    found: dict[str, str] = {}
    for association in children(task, association_kind):
        there, here = text_of(child(association, outer)), text_of(child(association, inner))
        if there and here and not list(association.iter(tag("from"))):
            found[here] = found[names.get(here) or here] = variables.get(there, there)
    return found


def _variable_names(task: Element) -> dict[str, str]:
    """Ids of properties and data objects -> the variable's name."""
    root = task.getroottree().getroot()
    objects = {part.get("id", ""): label(part) for part in root.iter(tag("dataObject"))}
    return {
        part.get("id", ""): part.get("name") or objects.get(part.get("dataObjectRef", "")) or part.get("id") or ""
        for part in root.iter(tag("property"), tag("dataObject"), tag("dataObjectReference"))
    }


def _first_group(draft: Draft, task: Element, groups: str) -> str:
    names = [name.strip() for name in groups.split(",") if name.strip()] if "{" not in groups else [groups]
    if groups.startswith("="):
        return groups
    if len(names) > 1:
        draft.note(
            "several-groups",
            "warning",
            task,
            f"The user task {label(task)!r} names several groups; the first one, {names[0]!r}, gets the work items.",
            "Make one group of them.",
            before=groups,
            after=names[0],
        )
    return names[0] if names else ""


def _set_text(draft: Draft, task: Element, name: str, text: str) -> None:
    """Set e:name, or e:nameExpression where the text is an expression."""
    if not text:
        return
    if not re.search(r"[$#]\{", text) and not text.startswith("="):
        task.set(own(name), text)
        return
    try:
        after = translate(text, use="template")
    except ExpressionError as error:
        draft.note(
            f"{name}-not-understood",
            "warning",
            task,
            f"The {name} of {label(task)!r} is computed by {text!r}, which has no counterpart here. {error.message}",
            "Write a name, or an expression over variables.",
            before=text,
        )
        return
    task.set(own(f"{name}Expression"), after)
    draft.executed(task, name, text, after)


def read_forms(draft: Draft) -> None:
    """Form keys and references of user tasks: e:form."""
    for task in draft.all("userTask"):
        zeebe = next(extensions(task, "formDefinition"), None)
        key = vendor(task, "formKey") or vendor(task, "formRef")
        if zeebe is not None:
            key = key or zeebe.get("formId") or zeebe.get("externalReference") or zeebe.get("formKey") or ""
        for setting in extensions(task, "property"):
            if setting.get("name") in ("formJsonSchemaFilename", "formId"):
                key = key or setting.get("value", "")
        if not key:
            continue
        foreign = re.match(r"(?:embedded|camunda-forms|app|deployment|bpmn):|[$#]\{|=", key)
        if foreign:
            draft.note(
                "form-of-other-engine",
                "info",
                task,
                f"The form {key!r} belongs to another engine; a form with the known variables is shown instead.",
                "Add a form with this task's name to the version.",
                before=key,
            )
        else:
            task.set(own("form"), re.sub(r"^.*/|\.(?:json|form|xhtml|html|jsf)$", "", key))


def read_topics(draft: Draft) -> None:
    """Service, send and business rule tasks become Jobs: e:topic names who does them."""
    for task in draft.all("serviceTask", "sendTask", "businessRuleTask"):
        topic, why = _topic(task)
        if not topic and kind(task) == "sendTask" and task.get("messageRef"):
            continue
        if not topic:
            topic = task.get("id", "")
            draft.note(
                "topic-assumed",
                "info",
                task,
                f"The {kind(task)} {label(task)!r} does not say who does it; its job waits under its own id.",
                f"Register a worker for the topic {topic!r}, or name a topic in the model.",
                after=topic,
            )
        elif why:
            draft.note(
                "job-topic",
                "info",
                task,
                f"{label(task)!r} needs {why}; here it is a job that a worker does.",
                f"Register a worker for the topic {topic!r}.",
                before=why,
                after=topic,
            )
        task.set(own("topic"), topic)
        result = vendor(task, "resultVariable") or vendor(task, "resultVariableName")
        for called in extensions(task, "calledDecision", "script"):
            result = result or called.get("resultVariable", "")
        if re.fullmatch(r"[^\W\d]\w*", result):
            task.set(own("resultVariable"), result)


def read_throwing_topics(draft: Draft) -> None:
    """A message thrown through a vendor's connector, class or topic is a Job too."""
    for event in draft.all("intermediateThrowEvent", "endEvent"):
        definition = child(event, "messageEventDefinition")
        if definition is None:
            continue
        topic = vendor(definition, "topic") or next(
            (part.get("type", "") for part in extensions(event, "taskDefinition")), ""
        )
        topic = topic or _code_topic(event)[0]
        if topic:
            event.set(own("topic"), topic)


def _topic(task: Element) -> tuple[str, str]:
    """(topic, what the model names, for people) of a task; ("", "") when it names nothing."""
    decision = vendor(task, "decisionRef") or vendor(task, "ruleFlowGroup") or vendor(task, "decisionTableReferenceKey")
    for called in extensions(task, "calledDecision", "calledDecisionId"):
        decision = decision or called.get("decisionId") or text_of(called)
    for field in extensions(task, "field"):
        if field.get("name") in ("decisionTableReferenceKey", "decisionServiceReferenceKey"):
            decision = decision or text_of(next(iter(field), None)) or field.get("stringValue", "")
    if decision and kind(task) == "businessRuleTask":
        task.set(own("decision"), decision)
        return decision, f"the decision {decision}"
    for definition in extensions(task, "taskDefinition"):
        if definition.get("type"):
            return str(definition.get("type")).lstrip("=").strip('" '), ""
    for operator in extensions(task, "serviceTaskOperator"):
        if operator.get("id"):
            return str(operator.get("id")), ""
    if vendor(task, "topic"):
        return vendor(task, "topic"), ""
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
    operation = task.get("operationRef", "")
    for known in task.getroottree().getroot().iter(tag("operation")):
        if known.get("id") == operation:
            return known.get("name") or operation, f"the operation {known.get('name') or operation}"
    return "", ""


def read_retries(draft: Draft) -> None:
    """How often a job is tried: Zeebe's retries, Camunda's failedJobRetryTimeCycle `R3/PT10M`."""
    for task in draft.all(*TASKS):
        count = ""
        for definition in extensions(task, "taskDefinition"):
            count = count or definition.get("retries", "")
        for cycle in extensions(task, "failedJobRetryTimeCycle"):
            found = re.match(r"R(\d+)/", text_of(cycle))
            count = count or (found[1] if found else "")
        if count.isdigit() and int(count) <= 100:
            task.set(own("retries"), count)


def read_mappings(draft: Draft) -> None:
    """Input and output mappings of activities: e:input and e:output with an expression each."""
    for activity in draft.all(*ACTIVITIES):
        for part in extensions(activity, "inputParameter", "outputParameter"):
            _camunda_parameter(draft, activity, part)
        for mapping in extensions(activity, "ioMapping"):
            for part in mapping:
                if isinstance(part.tag, str) and local(part.tag) in ("input", "output"):
                    _mapping(
                        draft,
                        activity,
                        local(part.tag),
                        part.get("target", ""),
                        part.get("source", ""),
                        "template",
                    )


def _camunda_parameter(draft: Draft, activity: Element, part: Element) -> None:
    what = "input" if local(part.tag) == "inputParameter" else "output"
    name = part.get("name", "")
    inner = next((piece for piece in part if isinstance(piece.tag, str)), None)
    if inner is None:
        _mapping(draft, activity, what, name, text_of(part), "template")
        return
    try:
        after = _structured(inner)
    except ExpressionError as error:
        _refuse_mapping(draft, activity, what, name, error.message, text_of(inner))
        return
    _add_mapping(draft, activity, what, name, f"<{local(inner.tag)}>", after)


def _structured(inner: Element) -> str:
    if local(inner.tag) == "list":
        return _list_text(inner)
    if local(inner.tag) == "map":
        return _map_text(inner)
    raise ExpressionError(f"<{local(inner.tag)}> inside a parameter has no counterpart here.")


def _list_text(inner: Element) -> str:
    return f"[{', '.join(translate(text_of(item), use='template') for item in inner if isinstance(item.tag, str))}]"


def _map_text(inner: Element) -> str:
    entries = [entry for entry in inner if isinstance(entry.tag, str)]
    pairs = (f"{entry.get('key', '')!r}: {translate(text_of(entry), use='template')}" for entry in entries)
    return "{" + ", ".join(pairs) + "}"


def _mapping(draft: Draft, activity: Element, what: str, name: str, text: str, use: Use) -> None:
    try:
        after = translate(text, use=use)
    except ExpressionError as error:
        _refuse_mapping(draft, activity, what, name, error.message, text)
        return
    _add_mapping(draft, activity, what, name, text, after)


def _add_mapping(draft: Draft, activity: Element, what: str, name: str, before: str, after: str) -> None:
    holder = etree.SubElement(activity, own(what))
    holder.set("name", name)
    holder.set("expression", after)
    draft.executed(activity, f"{what} {name}", before, after)


def _refuse_mapping(draft: Draft, activity: Element, what: str, name: str, reason: str, before: str) -> None:
    draft.note(
        "mapping-not-understood",
        "error",
        activity,
        f"The {what} mapping {name!r} of {label(activity)!r} cannot be executed. {reason}",
        "Write an expression over variables, or compute the value in a service task.",
        before=before,
    )


def read_calls(draft: Draft) -> None:
    """Called process and the variables that go in and come back: e:passAll, e:returnAll, e:input, e:output."""
    strict = is_camunda_family(draft.root)
    for call in draft.all("callActivity"):
        zeebe = next(extensions(call, "calledElement"), None)
        if not call.get("calledElement") and zeebe is not None and zeebe.get("processId"):
            call.set("calledElement", zeebe.get("processId", ""))
        _call_mappings(draft, call)
        pass_all = return_all = not strict
        for part in extensions(call, "in", "out"):
            if part.get("variables") == "all":
                pass_all, return_all = (
                    pass_all or local(part.tag) == "in",
                    return_all or local(part.tag) == "out",
                )
        if zeebe is not None:
            pass_all = zeebe.get("propagateAllParentVariables") != "false"
            return_all = zeebe.get("propagateAllChildVariables") != "false"
        if call.find(own("input")) is not None and zeebe is None and not strict:
            pass_all = False
        if call.find(own("output")) is not None and not strict:
            return_all = False
        if vendor(call, "inheritVariables") == "true":
            pass_all = True
        call.set(own("passAll"), str(pass_all).lower())
        call.set(own("returnAll"), str(return_all).lower())
        _called_expression(draft, call)


def _call_mappings(draft: Draft, call: Element) -> None:
    for part in extensions(call, "in", "out"):
        what = "input" if local(part.tag) == "in" else "output"
        if part.get("target") and (part.get("source") or part.get("sourceExpression")):
            text = part.get("sourceExpression") or part.get("source") or ""
            text = text if "{" in text else f"${{{text}}}"
            _mapping(draft, call, what, part.get("target", ""), text, "value")
    names = {part.get("id", ""): part.get("name", "") for part in call.iter(tag("dataInput"), tag("dataOutput"))}
    for here, variable in input_variables(call).items():
        if here in names and variable.isidentifier():
            _mapping(draft, call, "input", names[here] or here, variable, "value")
    for here, variable in output_variables(call).items():
        if here in names and (names[here] or here).isidentifier():
            _mapping(draft, call, "output", variable, names[here] or here, "value")


def _called_expression(draft: Draft, call: Element) -> None:
    called = call.get("calledElement", "").strip()
    if not called and not draft.meant_to_run:
        call.tag = tag("userTask")
        draft.note(
            "call-without-target",
            "warning",
            call,
            f"The call activity {label(call)!r} does not say which process it calls; people do it as a work item.",
            "Choose the called process.",
        )
    elif not called:
        draft.note(
            "call-without-target",
            "error",
            call,
            f"The call activity {label(call)!r} does not say which process it calls.",
            "Choose the called process, or draw a subprocess or task instead.",
        )
    elif re.search(r"[$#]\{", called) or called.startswith("="):
        try:
            after = translate(called, use="template")
        except ExpressionError as error:
            draft.note(
                "called-element-not-understood",
                "error",
                call,
                f"The process that {label(call)!r} calls is computed by {called!r}. {error.message}",
                "Write the id of the called process.",
                before=called,
            )
            return
        call.set(own("calledElementExpression"), after)
        draft.executed(call, "called process", called, after)
        del call.attrib["calledElement"]
