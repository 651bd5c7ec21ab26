"""Normalisation: called processes, and the variables that go into them and come back."""

import re

from bpm.engine.bpmn.booleans import is_false, is_true
from bpm.engine.bpmn.document import BpmnDocument, Element, label, local, own, tag
from bpm.engine.bpmn.normalise.content.expressions import expressed
from bpm.engine.bpmn.normalise.content.mappings import add_mapping, handed_over
from bpm.engine.bpmn.normalise.foreign.external_code import ask_before, case_as_job
from bpm.engine.bpmn.normalise.foreign.vendor_extensions import (
    extensions,
    input_variables,
    is_camunda_family,
    output_variables,
    vendor,
)
from bpm.engine.expressions.functions import UnknownCallError
from bpm.foundation.errors import ExpressionError


def read_calls(document: BpmnDocument) -> None:
    """Called process and the variables that go in and come back: e:passAll, e:returnAll, e:input, e:output."""
    strict = is_camunda_family(document.root)
    for call in document.all("callActivity"):
        zeebe = next(extensions(call, "calledElement"), None)
        if not call.get("calledElement") and zeebe is not None and zeebe.get("processId"):
            call.set("calledElement", zeebe.get("processId", ""))
        _call_mappings(document, call)
        pass_all = return_all = not strict
        for part in extensions(call, "in", "out"):
            if part.get("variables") == "all":
                is_in = local(part.tag) == "in" and not _hands_over_own(call, part)
                pass_all, return_all = pass_all or is_in, return_all or local(part.tag) == "out"
        if zeebe is not None:
            pass_all = not is_false(zeebe.get("propagateAllParentVariables"))
            # Output mappings take the place of all that the called process has (Camunda 8, "Call activities").
            return_all = not is_false(zeebe.get("propagateAllChildVariables")) and not call.get(own("keeps"))
        if call.find(own("input")) is not None and zeebe is None and not strict:
            pass_all = False
        if call.find(own("output")) is not None and not strict:
            return_all = False
        pass_all = pass_all or is_true(vendor(call, "inheritVariables"))
        if is_true(vendor(call, "useLocalScopeForOutParameters")):
            call.set(own("resultHere"), "true")
        call.set(own("passAll"), str(pass_all).lower())
        call.set(own("returnAll"), str(return_all).lower())
        _called_expression(document, call)


def _hands_over_own(call: Element, part: Element) -> bool:
    """Whether of all variables only those of the call itself go in (Camunda 7's `local`)."""
    if not is_true(part.get("local")):
        return False
    call.set(own("passOwn"), "true")
    return True


def _call_mappings(document: BpmnDocument, call: Element) -> None:
    later, before = call.findall(own("output")), call.findall(own("input"))
    for part in extensions(call, "in", "out"):
        what = "input" if local(part.tag) == "in" else "output"
        if part.get("target") and (part.get("source") or part.get("sourceExpression")):
            add_mapping(document, call, what, part.get("target", ""), *handed_over(part))
    _associate(document, call)
    for holder in (*call.iterchildren(own("input")), *call.iterchildren(own("output"))):
        if holder not in before and holder not in later:
            holder.set("aside", "true")
    for holder in before if is_camunda_family(document.root) else ():
        # Input parameters are the call's own variables; the called process gets what is handed over (Camunda 7).
        holder.set("local", "true")
    # Output parameters are worked out when the call is left, and see what it brought (Camunda 7).
    call.extend(later)


def _associate(document: BpmnDocument, call: Element) -> None:
    """What data associations copy into the called process and out of it."""
    names = {part.get("id", ""): part.get("name", "") for part in call.iter(tag("dataInput"), tag("dataOutput"))}
    for here, variable in input_variables(call).items():
        if here in names and variable.isidentifier() and not variable.startswith("_"):
            add_mapping(document, call, "input", names[here] or here, variable, "value")
    for here, variable in output_variables(call).items():
        if here in names and (names[here] or here).isidentifier() and not (names[here] or here).startswith("_"):
            add_mapping(document, call, "output", variable, names[here] or here, "value")


def _called_expression(document: BpmnDocument, call: Element) -> None:
    called = call.get("calledElement", "").strip()
    if not called and vendor(call, "caseRef"):
        case_as_job(document, call, vendor(call, "caseRef"))
    elif not called:
        call.tag = tag("userTask")
        document.note(
            "call-without-target",
            "warning",
            call,
            f"The call activity {label(call)!r} does not say which process it calls; people do it as a work item.",
            "Choose the called process.",
        )
    elif re.search(r"[$#]\{", called) or called.startswith("="):
        try:
            after = expressed(called, use="template")
        except UnknownCallError as error:
            call.set(own("calledElementExpression"), ask_before(document, call, called, error.called))
            del call.attrib["calledElement"]
            return
        except ExpressionError as error:
            document.note(
                "called-element-not-understood",
                "error",
                call,
                f"The process that {label(call)!r} calls is computed by {called!r}. {error.message}",
                "Write the id of the called process.",
                before=called,
            )
            return
        call.set(own("calledElementExpression"), after)
        document.executed(call, "called process", called, after)
        del call.attrib["calledElement"]
