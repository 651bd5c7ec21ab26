"""What differs between two bundles, as plain values: one line for each thing that somebody could notice."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Kind = str
"""element, flow, process, lane, message, signal, error, escalation, form, tests, decision, trigger, setting,
documentation"""


@dataclass(frozen=True)
class Change:
    """One property of one thing; a thing that was added or removed as a whole has no property."""

    kind: Kind
    name: str
    """What people call it: the name of an element, the key of a form, the id of a test case."""
    property: str = ""
    before: str = ""
    """As written; "" where there was nothing."""
    after: str = ""
    element: str = ""
    """Id in the newer file, of a removed one in the older; of decisions that of the decision."""
    words: str = ""
    """The same as people say it: `after 4 h → after 2 h`."""

    def as_dict(self) -> dict[str, str]:
        """{"kind", "name", "property", "before", "after"} and, where there is one, "element"."""
        plain = {"kind": self.kind, "name": self.name, "property": self.property}
        plain |= {"before": self.before, "after": self.after}
        return {**plain, "element": self.element} if self.element else plain


@dataclass(frozen=True)
class Difference:
    """Every change from one bundle to another, and the parts of the bundle that stay as they were."""

    kept: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()
    not_compared: tuple[str, ...] = ()
    """What could not be looked at, each with the reason: never silence."""

    @property
    def same(self) -> bool:
        """Whether nothing differs and everything was looked at."""
        return not (self.changed or self.added or self.removed or self.not_compared)

    def and_(self, other: "Difference") -> "Difference":
        """Both together."""
        return Difference(
            kept=self.kept + other.kept,
            changed=self.changed + other.changed,
            added=self.added + other.added,
            removed=self.removed + other.removed,
            not_compared=self.not_compared + other.not_compared,
        )

    def as_dict(self) -> dict[str, list[Any]]:
        """The four lists as JSON values, and "not_compared" where there is something."""
        lists = {"kept": self.kept, "changed": self.changed, "added": self.added, "removed": self.removed}
        plain: dict[str, list[Any]] = {name: [each.as_dict() for each in found] for name, found in lists.items()}
        return {**plain, "not_compared": list(self.not_compared)} if self.not_compared else plain


def from_plain(plain: Mapping[str, Any]) -> Difference:
    """The difference that `dataclasses.asdict` wrote."""
    lists = {name: tuple(Change(**each) for each in plain[name]) for name in ("kept", "changed", "added", "removed")}
    return Difference(**lists, not_compared=tuple(plain["not_compared"]))
