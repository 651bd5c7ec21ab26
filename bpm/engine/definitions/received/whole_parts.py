"""Which parts of a bundle are kept, changed, added and removed: whole parts, compared by their content."""

from collections.abc import Iterable, Mapping
from typing import Any

import orjson

from bpm.engine.definitions.bundle import Bundle
from bpm.engine.differences import Change, Difference


def difference(before: Bundle | None, after: Bundle) -> Difference:
    """What becomes of each part from one bundle to the next; everything is added where there was none."""
    old, new = _parts(before) if before else {}, _parts(after)
    both = [(part, value, new[part]) for part, value in old.items() if part in new]
    return Difference(
        kept=tuple(Change(*part) for part, was, now in both if was == now),  # type: ignore[arg-type]  # kinds of parts
        changed=tuple(Change(*part, "", _shown(was), _shown(now)) for part, was, now in both if was != now),  # type: ignore[arg-type]  # kinds of parts
        added=tuple(Change(*part, "", "", _shown(now)) for part, now in new.items() if part not in old),  # type: ignore[arg-type]  # kinds of parts
        removed=tuple(Change(*part, "", _shown(was)) for part, was in old.items() if part not in new),  # type: ignore[arg-type]  # kinds of parts
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


def _shown(value: Any) -> str:
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else orjson.dumps(value).decode()
    return text[:10_000]
