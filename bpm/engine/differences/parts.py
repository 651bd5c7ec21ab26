"""Which parts of a bundle are kept, changed, added and removed: whole parts, compared by their content."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bpm.engine.definitions.bundle import Bundle


@dataclass(frozen=True)
class Change:
    """One part or property; `before` and `after` are None where there is none."""

    kind: str
    name: str
    property: str = ""
    before: Any = None
    after: Any = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "name": self.name,
            "property": self.property,
            "before": self.before,
            "after": self.after,
        }


@dataclass(frozen=True)
class Difference:
    """`kept` holds parts of the bundle alone."""

    kept: tuple[Change, ...] = ()
    changed: tuple[Change, ...] = ()
    added: tuple[Change, ...] = ()
    removed: tuple[Change, ...] = ()


def difference(before: Bundle | None, after: Bundle) -> Difference:
    """What becomes of each part from one bundle to the next; everything is added where there was none."""
    old, new = _parts(before) if before else {}, _parts(after)
    both = [(part, value, new[part]) for part, value in old.items() if part in new]
    return Difference(
        kept=tuple(Change(*part) for part, was, now in both if was == now),
        changed=tuple(Change(*part, "", _shown(was), _shown(now)) for part, was, now in both if was != now),
        added=tuple(Change(*part, "", None, _shown(now)) for part, now in new.items() if part not in old),
        removed=tuple(Change(*part, "", _shown(was), None) for part, was in old.items() if part not in new),
    )


def _parts(bundle: Bundle) -> dict[tuple[str, str], Any]:
    return {
        ("process", "model"): bundle.source,
        **{("form", name): schema for name, schema in bundle.forms.items()},
        **{("tests", name): case for name, case in _named(bundle.tests, "id")},
        **{("decision", name): content for name, content in bundle.decisions.items()},
        **{("trigger", name): entry for name, entry in _named(bundle.triggers, "name")},
    }


def _named(rows: Iterable[Mapping[str, Any]], by: str) -> Iterable[tuple[str, Mapping[str, Any]]]:
    return ((str(row.get(by) or number), dict(row)) for number, row in enumerate(rows, 1))


def _shown(value: Any) -> Any:
    return value.decode("utf-8", "replace")[:10_000] if isinstance(value, bytes) else value
