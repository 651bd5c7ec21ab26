"""The names that test cases are written with: one that is not known is told, with the nearest that is.

A case that says `expct` would otherwise expect nothing and be green. Remarks may stand anywhere.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from bpm.engine.findings import Finding
from bpm.foundation.texts import _

MISSPELT = "test-key-misspelt"
UNKNOWN = "test-key-unknown"
REMARKS = frozenset(
    {"description", "title", "note", "comment", "remark", "why", "reason", "feature", "source", "licence", "commit",
     "path", "tags", "author", "$schema"}
)  # fmt: skip
"""What a case, or any part of it, may say of itself."""
_NEAR = 0.75
"""How alike a name has to be to the one that was meant (`difflib`'s ratio): `end` for `ended` is, `element` is not."""
CASE = frozenset({"id", "files", "process", "steps", "decision", "rows"})
ROW = frozenset({"inputs", "expect", "rules", "refused"})
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
_IN_STEPS = frozenset({"do"}).union(*STEPS.values())
_NEEDS: Mapping[str, frozenset[str]] = {
    "start_by_message": frozenset({"name"}),
    "complete": frozenset({"task"}),
    "complete_if_open": frozenset({"task"}),
    "advance": frozenset({"by"}),
    "message": frozenset({"name"}),
    "signal": frozenset({"name"}),
    "set_vars": frozenset({"vars"}),
}
"""What a step does -> what it cannot do without."""


def case_problems(path: str, cases: list[Any]) -> Iterator[Finding]:
    """Everything in the cases of a file that no test would look at."""
    seen: set[str] = set()
    for number, case in enumerate(cases, 1):
        name = str(case.get("id", "")) or str(number) if isinstance(case, dict) else ""
        if name in seen:
            yield _problem(path, "test-twice", _("Two cases are called %(name)r.") % {"name": name},
                           _("Give each case an id of its own."))  # fmt: skip
        seen.add(name or str(number))
        yield from problems_of(path, number, case)


def problems_of(path: str, number: int, case: Any) -> Iterator[Finding]:
    """Everything in one case, the `number`th of its file, that no test would look at.

    A name that is nearly one that is known has the code `MISSPELT`, any other that is not known `UNKNOWN`.
    """
    if not isinstance(case, dict):
        yield _problem(path, "test-no-object", _("Case %(number)s is no JSON object.") % {"number": number},
                       _("Write each case as an object."))  # fmt: skip
        return
    where = _("case %(name)r") % {"name": str(case.get("id", "")) or str(number)}
    yield from unknown_names(path, where, case, CASE)
    rows, steps = case.get("rows", []), case.get("steps", [])
    if "rows" not in case and "steps" not in case:
        yield _problem(path, "test-empty", _("In %(where)s nothing is done.") % {"where": where},
                       _("Give it steps, or a decision with rows."))  # fmt: skip
    for part, values in (("rows", rows), ("steps", steps)):
        if not isinstance(values, list) or not all(isinstance(each, dict) for each in values):
            yield _no_list(path, where, part)
            return
    for row in rows:
        yield from unknown_names(path, where, row, ROW)
    for place, step in enumerate(steps, 1):
        at = _("step %(number)s of %(where)s") % {"number": place, "where": where}
        yield from _step(path, at, step)


def not_looked_at(path: str, cases: Sequence[Any]) -> list[Finding]:
    """A warning for each name in the cases that is neither known, nor nearly, nor a remark: the first place, and how
    often it stands."""
    found = [each for number, case in enumerate(cases, 1) for each in problems_of(path, number, case)]
    unknown = [each for each in found if each.code == UNKNOWN]
    counts = Counter(each.before for each in unknown)
    first = {each.before: each for each in reversed(unknown)}
    return [
        replace(
            first[name],
            severity="warning",
            message=first[name].message
            + (" " + _("It stands %(number)s times in the file.") % {"number": count} if count > 1 else ""),
        )
        for name, count in counts.items()
    ]


def _step(path: str, where: str, step: Mapping[str, Any]) -> Iterator[Finding]:
    if "expect" in step:
        yield from unknown_names(path, where, step, frozenset({"expect"}), elsewhere=_IN_STEPS | EXPECT)
        yield from _expected(path, where, step["expect"])
        return
    if "do" not in step:
        yield from unknown_names(path, where, step, frozenset({"do", "expect"}))
        if not step.keys() - REMARKS:
            yield _problem(path, "test-empty", _("In %(where)s nothing is done.") % {"where": where},
                           _("Say `do` or `expect`."))  # fmt: skip
        return
    act = str(step["do"])
    if act not in STEPS:
        yield _unknown(path, where, act, STEPS, code=MISSPELT)
        return
    yield from unknown_names(path, where, step, STEPS[act] | {"do"})
    for name in sorted(_NEEDS.get(act, frozenset()) - step.keys()):
        message = _("In %(where)s, %(act)s lacks %(name)r.") % {"where": where, "act": act, "name": name}
        yield _problem(path, "test-incomplete", message, _("Say %(name)s there.") % {"name": name})


def _expected(path: str, where: str, expected: Any) -> Iterator[Finding]:
    if not isinstance(expected, dict):
        yield _problem(path, "test-no-object", _("In %(where)s, expect is no JSON object.") % {"where": where},
                       _("Write what is expected as an object."))  # fmt: skip
        return
    yield from unknown_names(path, where, expected, EXPECT)
    for part, known in (("items", ITEM), ("ran", RAN)):
        listed = expected.get(part, [])
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            yield _no_list(path, where, part)
            continue
        for each in listed:
            yield from unknown_names(path, where, each, known)


def unknown_names(
    path: str, where: str, value: Mapping[str, Any], known: frozenset[str], *, elsewhere: frozenset[str] = frozenset()
) -> Iterator[Finding]:
    """One finding for each name of an object that is neither among those known nor a remark; `elsewhere` are names
    that mean something in another place, and nothing here."""
    meant = known | elsewhere
    for name in value:
        if name not in known | REMARKS:
            code = MISSPELT if get_close_matches(str(name).lower(), meant, n=1, cutoff=_NEAR) else UNKNOWN
            yield _unknown(path, where, str(name), known, code=code, meant=meant)


def _unknown(
    path: str,
    where: str,
    name: str,
    known: frozenset[str] | Mapping[str, Any],
    *,
    code: str,
    meant: frozenset[str] = frozenset(),
) -> Finding:
    message = _("In %(where)s there is %(name)r, which is not known.") % {"where": where, "name": name[:100]}
    near = get_close_matches(name.lower(), sorted(meant or known), n=1, cutoff=0.5)
    remedy = _("Write %(near)s if that is meant.") % {"near": near[0]} if near else ""
    listed = _("Known are: %(known)s.") % {"known": ", ".join(sorted(known))}
    found = _problem(path, code, message, f"{remedy} {listed}".strip())
    return replace(found, before=name[:100], after=near[0] if near else "")


def _no_list(path: str, where: str, part: str) -> Finding:
    message = _("In %(where)s, %(part)s is no list of objects.") % {"where": where, "part": part}
    return _problem(path, "test-no-list", message, _("Write a list of objects."))


def _problem(path: str, code: str, message: str, remedy: str) -> Finding:
    return Finding(code, "error", message, remedy, element=path[:300], name=path[:300])
