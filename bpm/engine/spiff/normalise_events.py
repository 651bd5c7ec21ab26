"""Normalisation, third part: what events refer to, correlation keys, timers and loop markers."""

import re
from datetime import UTC, datetime

from lxml import etree

from bpm.engine.spiff.draft import (
    ACTIVITIES,
    XSI,
    Draft,
    Element,
    child,
    children,
    event_definitions,
    kind,
    label,
    local,
    own,
    parent_of,
    remove,
    tag,
    text_of,
)
from bpm.engine.spiff.languages import translate
from bpm.engine.spiff.normalise_vendor import extensions, input_variables, output_variables, vendor
from bpm.errors import ExpressionError

_ROOTS = {
    "messageEventDefinition": ("message", "messageRef"),
    "signalEventDefinition": ("signal", "signalRef"),
    "errorEventDefinition": ("error", "errorRef"),
    "escalationEventDefinition": ("escalation", "escalationRef"),
    "sendTask": ("message", "messageRef"),
    "receiveTask": ("message", "messageRef"),
}
_DURATION = re.compile(r"P(?=.)(?:\d+Y)?(?:\d+M)?(?:\d+W)?(?:\d+D)?(?:T(?=.)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?")
_CYCLE = re.compile(rf"R\d*/(?:[^/]+/)?{_DURATION.pattern}(?:/[^/]+)?")
FAR_AWAY = "9999-12-31T00:00:00Z"


def read_event_registry(draft: Draft) -> None:
    """Flowable's event registry: an event with `eventType` is a message event of that name."""
    for event in draft.all("startEvent", "boundaryEvent", "intermediateCatchEvent", "receiveTask", "serviceTask"):
        name = text_of(next(extensions(event, "eventType"), None))
        if not name or event_definitions(event):
            continue
        if kind(event) == "serviceTask":
            event.set(own("topic"), f"event:{name}")
            continue
        message = _root_element(draft, "message", name)
        holder = event if kind(event) == "receiveTask" else etree.SubElement(event, tag("messageEventDefinition"))
        holder.set("messageRef", message.get("id", ""))
        keys = [
            f"'{part.get('name')}=' + str({translate(part.get('value', ''), use='value')})"
            for part in extensions(event, "eventCorrelationParameter")
            if part.get("value")
        ]
        if keys:
            holder.set(own("correlationKey"), " + ';' + ".join(keys))
        draft.note(
            "event-registry",
            "info",
            event,
            f"The registry event {name!r} is taken as a message of that name.",
            "Deliver it by message name; a correlation key reads name=value;name=value.",
            before=name,
            after=" + ';' + ".join(keys),
        )


def _root_element(draft: Draft, what: str, name: str) -> Element:
    """The message, signal, error or escalation of that name; made if there is none."""
    for part in children(draft.root, what):
        if name in (part.get("name"), part.get("id")):
            return part
    part = etree.Element(tag(what))
    part.set("id", draft.fresh_id(what))
    part.set("name", name)
    if what in ("error", "escalation"):
        part.set(f"{what}Code", name)
    draft.root.insert(0, part)
    return part


def resolve_event_references(draft: Draft) -> None:
    """Every message, signal, error and escalation event points to an existing root element."""
    known = {part.get("id", ""): part for part in draft.root if isinstance(part.tag, str)}
    for element in draft.all(*_ROOTS):
        what, attribute = _ROOTS[kind(element)]
        reference = element.get(attribute, "")
        if reference in known and kind(known[reference]) == what:
            _name_root(known[reference], what)
        elif reference or (what in ("message", "signal") and kind(element) != "sendTask"):
            _make_root(draft, element, reference)


def _name_root(part: Element, what: str) -> None:
    """Root elements without name or code go by their id."""
    if what in ("message", "signal") and not part.get("name"):
        part.set("name", part.get("id", ""))
    if what in ("error", "escalation") and not part.get(f"{what}Code") and part.get("name"):
        part.set(f"{what}Code", part.get("name", ""))


def _make_root(draft: Draft, element: Element, reference: str) -> None:
    what, attribute = _ROOTS[kind(element)]
    name = reference.rpartition(":")[2] or _flow_name(draft, element) or label(draft.named(element))
    part = _root_element(draft, what, name)
    element.set(attribute, part.get("id", ""))
    draft.note(
        f"{what}-assumed",
        "warning",
        element,
        f"{label(draft.named(element))!r} does not refer to a {what} of this file; the {what} {name!r} was added.",
        f"Choose the {what} in your modelling tool.",
        before=reference,
        after=name,
    )


def _flow_name(draft: Draft, element: Element) -> str:
    """The name for a message both of whose ends are joined by a message flow."""
    node = draft.named(element).get("id", "")
    for flow in draft.all("messageFlow"):
        if node in (flow.get("sourceRef"), flow.get("targetRef")):
            return flow.get("name") or flow.get("id") or ""
    return ""


def read_correlation(draft: Draft) -> None:
    """Which customer's message is meant: e:correlationKey, or e:anyCustomer written down with a warning."""
    keys = _message_keys(draft)
    for element in draft.all("messageEventDefinition", "receiveTask", "sendTask"):
        node = draft.named(element)
        if kind(element) == "sendTask" and not element.get("messageRef"):
            continue
        key = element.get(own("correlationKey")) or keys.get(element.get("messageRef", ""), "")
        if key:
            element.set(own("correlationKey"), key)
            continue
        element.set(own("anyCustomer"), "true")
        starts = kind(node) == "startEvent" and kind(parent_of(node)) == "process"
        throws = kind(node) in ("intermediateThrowEvent", "endEvent", "sendTask")
        if not starts and not throws:
            draft.note(
                "correlation-any",
                "warning",
                node,
                f"{label(node)!r} names no correlation key: it takes any message of that name, whoever it is from.",
                "Give the message a correlation key, for example the number of the order.",
            )


def _message_keys(draft: Draft) -> dict[str, str]:
    """Message id -> our expression for its correlation value (Zeebe subscriptions, Spiff and standard properties)."""
    keys: dict[str, str] = {}
    for message in children(draft.root, "message"):
        written = ""
        for part in extensions(message, "subscription"):
            written = written or part.get("correlationKey", "")
        for part in extensions(message, "expression"):
            written = written or text_of(part)
        if not written:
            continue
        try:
            keys[message.get("id", "")] = translate(written, use="value")
            draft.executed(message, "correlation key", written, keys[message.get("id", "")])
        except ExpressionError as error:
            draft.note(
                "correlation-not-understood",
                "error",
                message,
                f"The correlation key of the message {label(message)!r} cannot be executed. {error.message}",
                "Write a variable or an expression over variables.",
                before=written,
            )
    return keys


def read_timers(draft: Draft) -> None:
    """Timers hold literal ISO 8601, or an expression that yields it."""
    for definition in draft.all("timerEventDefinition"):
        timer = next((part for part in definition if kind(part).startswith("time")), None)
        text = text_of(timer)
        if timer is None or not text:
            _timer_without_time(draft, definition, timer)
            continue
        for extra in [part for part in definition if kind(part).startswith("time") and part is not timer]:
            remove(extra)
        literal = literal_time(text)
        if literal:
            timer.tag, timer.text = tag(literal[0]), literal[1]
            if literal[1] != text:
                draft.executed(timer, "timer", text, literal[1])
            continue
        _timer_expression(draft, timer, text)


def literal_time(text: str) -> tuple[str, str] | None:
    """(timeDate | timeDuration | timeCycle, ISO 8601 text) for a literal, also quoted or as simple cron."""
    text = text.strip().strip("\"'").strip()
    if _DURATION.fullmatch(text):
        return "timeDuration", text
    if _CYCLE.fullmatch(text):
        return "timeCycle", text
    simple = re.fullmatch(r"0 (?:0|\*)/(\d+) \* \* \* \?", text) or re.fullmatch(r"\*/(\d+) \* \* \* \*", text)
    if simple:
        return "timeCycle", f"R/PT{simple[1]}M"
    delta = re.fullmatch(r"(?:datetime\.)?timedelta\((days|hours|minutes|seconds)\s*=\s*(\d+(?:\.\d+)?)\)", text)
    if delta:
        return "timeDuration", f"P{delta[2]}D" if delta[1] == "days" else f"PT{delta[2]}{delta[1][0].upper()}"
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        return None
    instant = instant if instant.tzinfo else instant.replace(tzinfo=UTC)
    return "timeDate", instant.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _timer_expression(draft: Draft, timer: Element, text: str) -> None:
    try:
        after = translate(text, use="value", language=timer.get("language", ""))
    except ExpressionError as error:
        draft.note(
            "timer-not-understood",
            "error",
            timer,
            f"The timer of {label(draft.named(timer))!r} says {text!r}, which is no ISO 8601 time. {error.message}",
            "Write a duration such as PT5M, a date such as 2030-01-01T08:00:00Z, or a cycle such as R3/PT1H.",
            before=text,
        )
        return
    timer.text = None
    timer.set(own("expression"), after)
    draft.executed(timer, "timer", text, after)


def _timer_without_time(draft: Draft, definition: Element, timer: Element | None) -> None:
    event = draft.named(definition)
    if kind(event) == "startEvent" and kind(parent_of(event)) == "process":
        remove(definition)
        draft.note(
            "timer-without-time",
            "warning",
            event,
            f"The timer start {label(event)!r} has no time; the process is started by hand.",
            "Write a cycle such as R/P1D.",
        )
        return
    if timer is None:
        timer = etree.SubElement(definition, tag("timeDate"))
    timer.tag, timer.text = tag("timeDate"), FAR_AWAY
    draft.note(
        "timer-without-time",
        "warning",
        event,
        f"The timer {label(event)!r} has no time; it never fires by itself.",
        "Write a duration such as PT5M, a date or a cycle.",
        after=FAR_AWAY,
    )


def drop_untriggered_boundary_events(draft: Draft) -> None:
    """A boundary event without any trigger can never happen."""
    for event in draft.all("boundaryEvent"):
        if event_definitions(event):
            continue
        draft.note(
            "boundary-without-trigger",
            "warning",
            event,
            f"The boundary event {label(event)!r} has no trigger, so it never happens; the way out of it is not used.",
            "Choose a trigger: timer, message, error ...",
        )
        for flow in draft.outgoing(parent_of(event)).get(event.get("id", ""), []):
            remove(flow)
        remove(event)


def read_loops(draft: Draft) -> None:
    """Multi-instance: a cardinality or e:collection; a marker without either runs once."""
    for activity in draft.all(*ACTIVITIES):
        for loop in children(activity, "multiInstanceLoopCharacteristics"):
            _multi_instance(draft, activity, loop)
        for loop in children(activity, "standardLoopCharacteristics"):
            if child(loop, "loopCondition") is None and not loop.get("loopMaximum"):
                _drop_marker(draft, activity, loop)


def _multi_instance(draft: Draft, activity: Element, loop: Element) -> None:
    collection, item = _collection(activity, loop)
    cardinality = child(loop, "loopCardinality")
    if collection:
        _set_collection(draft, activity, loop, collection, item)
        if cardinality is not None:
            remove(cardinality)
    elif cardinality is None or not text_of(cardinality):
        _drop_marker(draft, activity, loop)
        return
    zeebe = next(extensions(loop, "loopCharacteristics"), None)
    if zeebe is not None and zeebe.get("outputCollection"):
        loop.set(own("outputCollection"), zeebe.get("outputCollection", ""))
        loop.set(own("outputElement"), translate(zeebe.get("outputElement", "="), use="value"))
    for part in list(loop):
        if kind(part) in ("loopDataInputRef", "loopDataOutputRef", "inputDataItem", "outputDataItem"):
            remove(part)


def _collection(activity: Element, loop: Element) -> tuple[str, str]:
    """(collection as written, name of the item) from whatever vendor's markup."""
    item = vendor(loop, "elementVariable")
    collection = vendor(loop, "collection")
    for zeebe in extensions(loop, "loopCharacteristics"):
        collection, item = (
            collection or zeebe.get("inputCollection", ""),
            item or zeebe.get("inputElement", ""),
        )
    for part in extensions(loop, "collection"):
        collection = collection or text_of(next((piece for piece in part if local(piece.tag) == "expression"), part))
    data_item = child(loop, "inputDataItem")
    if data_item is not None:
        item = item or data_item.get("name") or data_item.get("id") or ""
    reference = text_of(child(loop, "loopDataInputRef"))
    return collection or input_variables(activity).get(reference, reference), item


def _set_collection(draft: Draft, activity: Element, loop: Element, collection: str, item: str) -> None:
    try:
        after = translate(collection, use="value")
    except ExpressionError as error:
        draft.note(
            "collection-not-understood",
            "error",
            activity,
            f"The collection of {label(activity)!r} cannot be executed. {error.message}",
            "Name a variable that holds a list.",
            before=collection,
        )
        return
    loop.set(own("collection"), after)
    if item:
        loop.set(own("elementVariable"), item)
    output = text_of(child(loop, "loopDataOutputRef"))
    produced = child(loop, "outputDataItem")
    if output and produced is not None:
        loop.set(own("outputCollection"), output_variables(activity).get(output, output))
        loop.set(own("outputElement"), produced.get("name") or produced.get("id") or "")
    draft.executed(activity, "collection", collection, after)


def _drop_marker(draft: Draft, activity: Element, loop: Element) -> None:
    remove(loop)
    draft.note(
        "loop-marker-dropped",
        "warning",
        activity,
        f"{label(activity)!r} is marked to repeat, but does not say how often; it runs once.",
        "Write a number, a collection or a condition at the loop marker.",
    )


def unify_types(draft: Draft) -> None:
    """`xsi:type` of conditions means nothing to the engine."""
    for element in draft.root.iter():
        if isinstance(element.tag, str):
            element.attrib.pop(f"{{{XSI}}}type", "")
