"""Who is responsible, accountable, consulted and informed at each activity: pure, from lanes, groups and flows.

R: the group that the work is offered to, or whose lane it stands in. A: the same group, for whoever leads it answers
for it; of what no people do, such as calls of other systems outside every lane, the function that runs the systems (IT)
where it owns the process. C: groups whose work leads up to it across a lane. I: groups whose work comes next across a
lane, and those that such tasks were really handed on to. What a person said of one function's part stands instead.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

RESPONSIBLE, ACCOUNTABLE, CONSULTED, INFORMED = LETTERS = "RACI"
MACHINES = frozenset({"serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity"})
SYSTEMS = "it"
"""Key of the function that runs the systems, as the setting of who signs names it."""


@dataclass(frozen=True)
class Activity:
    """One activity of a version."""

    id: str
    name: str
    type: str
    group: str
    """Key of the group that has its work; empty: none is named and it stands in no lane."""


Parts = Mapping[str, str]
"""{function: letters, in the order RACI}"""


def derive(
    activities: Sequence[Activity],
    after: Mapping[str, Iterable[str]],
    *,
    functions: Iterable[str] = (),
    handed_on: Mapping[str, Iterable[str]] | None = None,
) -> dict[str, Parts]:
    """{activity: parts} as the model and what happened say; `functions` own the process, `after` is its course."""
    groups = {each.id: each.group for each in activities}
    owning = set(functions)
    found: dict[str, dict[str, set[str]]] = {each.id: {} for each in activities}
    for each in activities:
        group = each.group or (SYSTEMS if each.type in MACHINES and SYSTEMS in owning else "")
        if group:
            found[each.id].setdefault(group, set()).update(RESPONSIBLE + ACCOUNTABLE)
    for before, nexts in after.items():
        for following in nexts:
            first, then = groups.get(before, ""), groups.get(following, "")
            if first and then and first != then:
                found[before].setdefault(then, set()).add(INFORMED)
                found[following].setdefault(first, set()).add(CONSULTED)
    for activity, others in (handed_on or {}).items():
        for group in others:
            if activity in found and group != groups.get(activity):
                found[activity].setdefault(group, set()).add(INFORMED)
    return {
        activity: {group: in_order(letters) for group, letters in sorted(parts.items())}
        for activity, parts in found.items()
    }


def with_said(derived: Mapping[str, Parts], said: Mapping[tuple[str, str], str]) -> dict[str, Parts]:
    """What was derived, with what people said of (activity, function) in its place."""
    found = {activity: dict(parts) for activity, parts in derived.items()}
    for (activity, function), letters in said.items():
        if activity in found:
            found[activity][function] = in_order(letters)
    return {
        activity: {function: letters for function, letters in parts.items() if letters}
        for activity, parts in found.items()
    }


def in_order(letters: Iterable[str]) -> str:
    """Letters as they are kept: each once, in the order RACI."""
    given = set(letters)
    return "".join(each for each in LETTERS if each in given)


def accountable(parts: Parts) -> tuple[str, ...]:
    """The functions that answer for an activity: there should be one."""
    return tuple(function for function, letters in parts.items() if ACCOUNTABLE in letters)
