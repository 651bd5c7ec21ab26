"""Parts of a bundle that do not fit each other: a form that is missing or asked for by nobody, and the like; pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bpm.engine.bpmn.model import Prepared
from bpm.engine.bpmn.offers import decisions_in, forms_asked_for
from bpm.engine.definitions.bundle import Bundle
from bpm.engine.findings import Finding
from bpm.engine.forms import is_made
from bpm.foundation.texts import _

_DECISION = re.compile(rb"<(?:[\w.-]+:)?decision\b[^>]*?\sid\s*=\s*[\"']([^\"']+)")
_TASK_KEYS = ("task", "element")


def check_references(prepared: Prepared, bundle: Bundle) -> tuple[Finding, ...]:
    """One warning for each part that misses another one, with the remedy; nothing for a model that cannot run."""
    if not prepared.executable or prepared.compiled is None:
        return ()
    return (*_forms(prepared, bundle), *_tests(prepared, bundle), *_decisions(prepared, bundle))


def _forms(prepared: Prepared, bundle: Bundle) -> Iterator[Finding]:
    asked = forms_asked_for(prepared.executable)
    drawn = {element.id: element for element in prepared.elements}
    made = {name for name, form in prepared.extra.get("forms", {}).items() if is_made(form)}
    there = {*bundle.forms, *prepared.extra.get("forms", {})} - made
    for element, form in asked.items():
        if form and form not in there and element not in there:
            name, line = (drawn[element].name, drawn[element].line) if element in drawn else ("", 0)
            values = {"form": form, "element": name or element}
            yield Finding(
                "form-missing", "warning", _("%(element)r asks for the form %(form)r, which is not there.") % values,
                _("Send %(form)s.json or %(form)s.form with the model.") % values, element, name, line,
            )  # fmt: skip
    if None in asked.values():
        return
    wanted = {*asked, *asked.values()}
    for name in bundle.forms:
        if name not in wanted:
            yield _unused("form-unused", name, _("No task or start event asks for the form %(name)r."))


def _tests(prepared: Prepared, bundle: Bundle) -> Iterator[Finding]:
    drawn = {element.id for element in prepared.elements}
    for number, case in enumerate(bundle.tests, 1):
        if sum(not str(file).lower().endswith(".dmn") for file in case.get("files", ())) > 1:
            continue  # it plays in other models, too
        for element in sorted(set(_named_in(case.get("steps", ()))) - drawn):
            values = {"test": str(case.get("id") or number), "element": element}
            yield Finding(
                "test-element-missing", "warning",
                _("The test %(test)r names %(element)r, which is no element of the model any more.") % values,
                _("Mend the test in tests.json, or remove it."), name=values["test"],
            )  # fmt: skip


def _named_in(steps: Iterable[Any]) -> Iterator[str]:
    """Ids of elements that the steps of a case name."""
    for step in steps:
        if not isinstance(step, Mapping):
            continue
        yield from (str(step[key]) for key in _TASK_KEYS if key in step)
        expected = step.get("expect")
        if not isinstance(expected, Mapping):
            continue
        for part in ("open", "waiting"):
            yield from map(str, expected.get(part) or ())
        for ran in expected.get("ran") or ():
            yield from map(str, ran.get("elements", ()))
        yield from (str(item["task"]) for item in expected.get("items") or () if "task" in item)


def _decisions(prepared: Prepared, bundle: Bundle) -> Iterator[Finding]:
    used = decisions_in(prepared.executable)
    for name, source in bundle.decisions.items():
        held = {each.decode("utf-8", "replace") for each in _DECISION.findall(source.replace(b"\0", b""))}
        if held and not held & used:
            yield _unused("decision-unused", name, _("No task decides by the decisions of %(name)r."))


def _unused(code: str, name: str, message: str) -> Finding:
    remedy = _("Remove it, or have a task ask for it.")
    return Finding(code, "warning", message % {"name": name}, remedy, name=name)
