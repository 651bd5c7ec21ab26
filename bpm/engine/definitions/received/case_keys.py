"""The names that test cases are written with: one that is not known is told, with the nearest that is.

A case that says `expct` would otherwise expect nothing and be green.
"""

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

from bpm.engine.definitions.received.problems import problem
from bpm.engine.findings import Finding
from bpm.foundation.texts import _

_SAYS = frozenset({"description", "title", "note", "comment", "why", "feature", "source", "licence", "commit", "path"})
"""What a case may say of itself."""
CASE = _SAYS | {"id", "files", "process", "steps", "decision", "rows"}
ROW = frozenset({"inputs", "expect", "rules", "refused", "description", "note", "comment"})
EXPECT = frozenset(
    {"open", "ended", "waiting", "failed", "vars", "absent_vars", "jobs", "items", "instance", "ran"}
)  # fmt: skip
ITEM = frozenset({"task", "name", "group", "assignee", "due", "follow_up", "priority", "form"})
RAN = frozenset({"elements", "times"})
STEPS: Mapping[str, frozenset[str]] = {
    "start": frozenset({"vars", "process", "as"}),
    "start_by_message": frozenset({"name", "vars", "as"}),
    "complete": frozenset({"task", "vars", "instance"}),
    "complete_if_open": frozenset({"task", "vars", "instance"}),
    "complete_all": frozenset({"vars", "instance"}),
    "advance": frozenset({"by"}),
    "message": frozenset({"name", "vars"}),
    "signal": frozenset({"name", "vars"}),
    "set_vars": frozenset({"vars", "instance"}),
    "trigger": frozenset({"task", "element", "name", "vars", "instance"}),
}
"""What a step does -> what it may say beside it; see `process_tests` for what each means."""
_BESIDE = frozenset({"do", "description", "note", "comment"})


def case_problems(path: str, cases: list[Any]) -> Iterator[Finding]:
    """Everything in the cases of a file that no test would look at."""
    seen: set[str] = set()
    for number, case in enumerate(cases, 1):
        if not isinstance(case, dict):
            yield problem(path, "test-no-object", _("Case %(number)s is no JSON object.") % {"number": number},
                          _("Write each case as an object."))  # fmt: skip
            continue
        name = str(case.get("id", "")) or str(number)
        if name in seen:
            yield problem(path, "test-twice", _("Two cases are called %(name)r.") % {"name": name},
                          _("Give each case an id of its own."))  # fmt: skip
        seen.add(name)
        yield from _case(path, name, case)


def _case(path: str, name: str, case: Mapping[str, Any]) -> Iterator[Finding]:
    where = _("case %(name)r") % {"name": name}
    yield from unknown_names(path, where, case, CASE)
    rows, steps = case.get("rows", []), case.get("steps", [])
    if "rows" not in case and "steps" not in case:
        yield problem(path, "test-empty", _("In %(where)s nothing is done.") % {"where": where},
                      _("Give it steps, or a decision with rows."))  # fmt: skip
    for part, values in (("rows", rows), ("steps", steps)):
        if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
            yield problem(path, "test-no-list", _("In %(where)s, %(part)s is no list of objects.")
                          % {"where": where, "part": part}, _("Write a list of objects."))  # fmt: skip
            return
    for row in rows:
        yield from unknown_names(path, where, row, ROW)
    for number, step in enumerate(steps, 1):
        at = _("step %(number)s of %(where)s") % {"number": number, "where": where}
        yield from _step(path, at, step)


def _step(path: str, where: str, step: Mapping[str, Any]) -> Iterator[Finding]:
    if "expect" in step:
        yield from unknown_names(path, where, step, _BESIDE - {"do"} | {"expect"})
        yield from _expected(path, where, step["expect"])
        return
    if "do" not in step:
        yield from unknown_names(path, where, step, _BESIDE | {"expect"})
        if not step.keys() - _BESIDE:
            yield problem(path, "test-empty", _("In %(where)s nothing is done.") % {"where": where},
                          _("Say `do` or `expect`."))  # fmt: skip
        return
    act = str(step["do"])
    if act not in STEPS:
        yield _unknown(path, where, act, STEPS)
        return
    yield from unknown_names(path, where, step, STEPS[act] | _BESIDE)


def _expected(path: str, where: str, expected: Any) -> Iterator[Finding]:
    if not isinstance(expected, dict):
        yield problem(path, "test-no-object", _("In %(where)s, expect is no JSON object.") % {"where": where},
                      _("Write what is expected as an object."))  # fmt: skip
        return
    yield from unknown_names(path, where, expected, EXPECT)
    for part, known in (("items", ITEM), ("ran", RAN)):
        listed = expected.get(part, [])
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            yield problem(path, "test-no-list", _("In %(where)s, %(part)s is no list of objects.")
                          % {"where": where, "part": part}, _("Write a list of objects."))  # fmt: skip
            continue
        for each in listed:
            yield from unknown_names(path, where, each, known)


def unknown_names(path: str, where: str, value: Mapping[str, Any], known: frozenset[str]) -> Iterator[Finding]:
    """One finding for each name of an object that is not among those known."""
    for name in value:
        if name not in known:
            yield _unknown(path, where, str(name), known)


def _unknown(path: str, where: str, name: str, known: frozenset[str] | Mapping[str, Any]) -> Finding:
    message = _("In %(where)s there is %(name)r, which is not known.") % {"where": where, "name": name[:100]}
    near = get_close_matches(name.lower(), sorted(known), n=1, cutoff=0.5)
    remedy = _("Write %(near)s if that is meant.") % {"near": near[0]} if near else ""
    listed = _("Known are: %(known)s.") % {"known": ", ".join(sorted(known))}
    return problem(path, "test-key-unknown", message, f"{remedy} {listed}".strip())
