"""Normalisation: variables that go into activities and called processes and come back."""

import re

from lxml import etree

from bpm.engine.spiff.booleans import is_false, is_true
from bpm.engine.spiff.counterparts import UnknownCallError
from bpm.engine.spiff.draft import (
    ACTIVITIES,
    Draft,
    Element,
    kind,
    label,
    local,
    own,
    tag,
    text_of,
)
from bpm.engine.spiff.languages import Use, translate
from bpm.engine.spiff.normalise.foreign import ask_before, case_as_job
from bpm.engine.spiff.normalise.vendor import extensions, input_variables, is_camunda_family, output_variables, vendor
from bpm.engine.spiff.scripts import is_foreign
from bpm.errors import ExpressionError


def read_mappings(draft: Draft) -> None:
    """Input and output mappings of activities: e:input and e:output with an expression each.

    Those of a throwing event say what its message or signal carries.
    """
    for activity in draft.all(*ACTIVITIES, "intermediateThrowEvent", "endEvent"):
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
        if local(inner.tag) == "script" and _has_worker(activity):
            before = text_of(inner) or inner.get("resource", "")
            _leave_to_worker(draft, activity, what, name, before, f"is a script in {inner.get('scriptFormat', '')!r}")
            return
        _refuse_mapping(draft, activity, what, name, error.message, text_of(inner))
        return
    _add_mapping(draft, activity, what, name, f"<{local(inner.tag)}>", after)


def _has_worker(activity: Element) -> bool:
    """Whether a worker of the model's owner does the activity, so that it can compute what its mappings say."""
    if activity.get(own("decides")):
        return False
    if kind(activity) == "scriptTask":
        return is_foreign(activity.get("scriptFormat", ""))
    return kind(activity) in ("serviceTask", "sendTask", "businessRuleTask")


def _leave_to_worker(draft: Draft, activity: Element, what: str, name: str, before: str, why: str) -> None:
    """Code of another engine at a job: who does the job computes the value; coming back, it has to be there."""
    if what == "output":
        _add_mapping(draft, activity, what, name, before, name)
    draft.note(
        "mapping-left-to-worker",
        "warning",
        activity,
        f"The {what} mapping {name!r} of {label(activity)!r} {why}, which is not run here:"
        f" {'the job brings the variable back' if what == 'output' else 'the job computes it'}.",
        "Let the worker of the job do it, or write an expression over variables.",
        before=before,
    )


def _structured(inner: Element) -> str:
    if local(inner.tag) == "list":
        return _list_text(inner)
    if local(inner.tag) == "map":
        return _map_text(inner)
    if local(inner.tag) == "script" and text_of(inner):
        return translate(text_of(inner), use="value", language=inner.get("scriptFormat", ""))
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
    except UnknownCallError as error:
        if _has_worker(activity):
            _leave_to_worker(draft, activity, what, name, text, f"calls {error.called}")
        else:
            _refuse_mapping(draft, activity, what, name, error.message, text)
        return
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
            pass_all = not is_false(zeebe.get("propagateAllParentVariables"))
            return_all = not is_false(zeebe.get("propagateAllChildVariables"))
        if call.find(own("input")) is not None and zeebe is None and not strict:
            pass_all = False
        if call.find(own("output")) is not None and not strict:
            return_all = False
        if is_true(vendor(call, "inheritVariables")):
            pass_all = True
        call.set(own("passAll"), str(pass_all).lower())
        call.set(own("returnAll"), str(return_all).lower())
        _called_expression(draft, call)


def _call_mappings(draft: Draft, call: Element) -> None:
    for part in extensions(call, "in", "out"):
        what = "input" if local(part.tag) == "in" else "output"
        if part.get("target") and (part.get("source") or part.get("sourceExpression")):
            text = part.get("sourceExpression") or part.get("source") or ""
            # A plain name hands over what is there, nothing included; an expression has to have a value.
            text = text if "{" in text else f"${{execution.getVariable('{text}')}}"
            _mapping(draft, call, what, part.get("target", ""), text, "value")
    names = {part.get("id", ""): part.get("name", "") for part in call.iter(tag("dataInput"), tag("dataOutput"))}
    for here, variable in input_variables(call).items():
        if here in names and variable.isidentifier() and not variable.startswith("_"):
            _mapping(draft, call, "input", names[here] or here, variable, "value")
    for here, variable in output_variables(call).items():
        if here in names and (names[here] or here).isidentifier() and not (names[here] or here).startswith("_"):
            _mapping(draft, call, "output", variable, names[here] or here, "value")


def _called_expression(draft: Draft, call: Element) -> None:
    called = call.get("calledElement", "").strip()
    if not called and vendor(call, "caseRef"):
        case_as_job(draft, call, vendor(call, "caseRef"))
    elif not called:
        call.tag = tag("userTask")
        draft.note(
            "call-without-target",
            "warning",
            call,
            f"The call activity {label(call)!r} does not say which process it calls; people do it as a work item.",
            "Choose the called process.",
        )
    elif re.search(r"[$#]\{", called) or called.startswith("="):
        try:
            after = translate(called, use="template")
        except UnknownCallError as error:
            call.set(own("calledElementExpression"), ask_before(draft, call, called, error.called))
            del call.attrib["calledElement"]
            return
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
