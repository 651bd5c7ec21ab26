"""What identity states: one kind of fact for all, so that whoever keeps a record hooks on in one place."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bpm.foundation.events import Event


@dataclass(frozen=True)
class IdentityChanged(Event):
    """Somebody came in or went out, or people, groups, roles, grants changed; who did it is the work's actor."""

    verb: str
    """In words, as `sign in`, `refuse sign-in`, `change person`, `grant role`."""
    kind: str
    """What it happened to: person, group, role, grant, session."""
    key: str
    """Its user name, key or number."""
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)
