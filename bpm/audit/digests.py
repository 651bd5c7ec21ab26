"""The hashes of the trail, worked out without a database (SHA-256, FIPS 180-4)."""

import hashlib
import json
from collections.abc import Mapping
from datetime import UTC
from typing import Any

GENESIS = "0" * 64
"""The hash before the first link."""
HEAD = ("id", "at", "actor_kind", "actor_id", "verb", "object_type", "object_id", "about", "request_id", "digest")
"""What a link's hash is over, beside the hash before and the position."""
LONGEST = 2_000
"""Characters of one text that are kept."""
MOST = 200
"""Members of one list or mapping that are kept."""
_DEEPEST = 12


def canonical(value: Any) -> str:
    """JSON with sorted names and no blanks: the same value is the same text; what is no JSON stands as text."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
    return text.encode("utf-8", "replace").decode()


def bounded(value: Any, *, depth: int = 0) -> Any:
    """`value` with what is long cut, and how long it was said in its place."""
    if isinstance(value, str) and len(value) > LONGEST:
        return f"{value[:LONGEST]} … ({len(value):,} characters)"
    if depth >= _DEEPEST:
        return "…"
    if isinstance(value, Mapping):
        kept = {str(name): bounded(each, depth=depth + 1) for name, each in list(value.items())[:MOST]}
        return kept if len(value) <= MOST else {**kept, "…": f"{len(value) - MOST:,} more"}
    if isinstance(value, list | tuple | set | frozenset):
        rows = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        cut = [bounded(each, depth=depth + 1) for each in rows[:MOST]]
        return cut if len(rows) <= MOST else [*cut, f"… {len(rows) - MOST:,} more"]
    return value


def digest_of(salt: str, details: str) -> str:
    """Of the values: without the salt nobody can try what they were."""
    return hashlib.sha256(f"{salt}\n{details}".encode()).hexdigest()


def link(before: str, position: int, row: Mapping[str, Any]) -> str:
    """The hash of a link: over the hash before, its position, and what the row says."""
    said = [row[name] if name != "at" else row["at"].astimezone(UTC).isoformat() for name in HEAD]
    return hashlib.sha256(f"{before}\n{position}\n{canonical(said)}".encode()).hexdigest()
