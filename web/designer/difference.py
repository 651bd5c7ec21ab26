"""What a new file adds, removes and changes against the version that is live: pure, over element lists."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

Element = Mapping[str, Any]

COMPARED = ("name", "type", "lane", "documentation")


@dataclass(frozen=True)
class Change:
    """One element that differs; `details` are lines such as `name: Check -> Check twice`."""

    kind: Literal["added", "removed", "changed"]
    element: str
    name: str
    type: str
    details: tuple[str, ...] = ()


def difference(old: Iterable[Element], new: Iterable[Element]) -> list[Change]:
    """Changes from `old` to `new` by element id, in the order drawn; removed ones last."""
    before = {each["id"]: each for each in old}
    after = {each["id"]: each for each in new}
    found = [change for each in after.values() if (change := _compare(before.get(each["id"]), each))]
    return found + [_change("removed", each) for key, each in before.items() if key not in after]


def _compare(before: Element | None, after: Element) -> Change | None:
    if before is None:
        return _change("added", after)
    details = [
        f"{part}: {before.get(part) or '–'} → {after.get(part) or '–'}"
        for part in COMPARED
        if (before.get(part) or "") != (after.get(part) or "")
    ]
    details += _expressions(before.get("expressions", ()), after.get("expressions", ()))
    return _change("changed", after, details) if details else None


def _expressions(before: Sequence[Sequence[str]], after: Sequence[Sequence[str]]) -> list[str]:
    old, new = ({what: written for what, written, _ in each} for each in (before, after))
    return [
        f"{what}: {old.get(what, '–')} → {new.get(what, '–')}"
        for what in {**old, **new}
        if old.get(what) != new.get(what)
    ]


def _change(kind: Literal["added", "removed", "changed"], element: Element, details: Sequence[str] = ()) -> Change:
    return Change(kind, str(element["id"]), str(element.get("name") or ""), str(element["type"]), tuple(details))
