"""What a room may touch inside one transaction, and on whose behalf."""

from collections.abc import Callable, Hashable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol, TypeVar, cast

from sqlalchemy import CursorResult
from sqlalchemy.orm import Session

from bpm.foundation.clock import Clock
from bpm.foundation.events import Event
from bpm.foundation.nudges import Nudge
from bpm.foundation.settings import Settings

Read = TypeVar("Read")


@dataclass(frozen=True)
class Origin:
    """Where a command came in, for the audit trail: the request's id and the address it came from."""

    request_id: str = ""
    address: str = ""


@dataclass(frozen=True)
class Actor:
    """Who acts: a person with roles and groups, or the system (`user_id` None)."""

    user_id: int | None = None
    name: str = "system"
    display_name: str = "Earshot"
    roles: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()
    permissions: frozenset[str] = frozenset()
    """What was granted everywhere beside the roles."""
    scoped: frozenset[tuple[str, str, str]] = frozenset()
    """What was granted for one thing: (permission, kind of the thing, its key)."""
    via: Origin = Origin()

    @property
    def is_person(self) -> bool:
        return self.user_id is not None


SYSTEM = Actor()
CONSOLE = Actor(name="console", display_name="the console")
"""Whoever may run commands on the machine: may everything, as the system itself."""


@dataclass
class Work:
    """One transaction: rooms read and write through it and never commit."""

    session: Session
    clock: Clock
    actor: Actor
    settings: Settings
    events: list[Event] = field(default_factory=list)
    nudges: set[Nudge] = field(default_factory=set)
    _known: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def now(self) -> datetime:
        return self.clock.now()

    def once(self, read: Callable[..., Read], *given: Hashable) -> Read:
        """`read(work, *given)`, asked once in this transaction: for what this transaction itself does not change.

        Whoever does the same for many things in one act asks so for what is the same for all of them.
        """
        key = (read, *given)
        if key not in self._known:
            self._known[key] = read(self, *given)
        known: Read = self._known[key]
        return known

    def publish(self, event: Event) -> None:
        """State a fact; its handlers run in this transaction, before the commit."""
        self.events.append(event)

    def nudge(self, topic: str, instance_id: int | None = None) -> None:
        """Wake the workers or pages that wait for `topic`, after the commit.

        `instance_id`: the instance that leaves work to a worker; that work is then looked for there.
        """
        self.nudges.add(Nudge(topic, instance_id))


class Transactions(Protocol):
    """Opens transactions: what those see of the unit of work who only read and write through it."""

    def __call__(self, actor: Actor | None = None) -> AbstractContextManager[Work]:
        """A transaction that writes; it is committed at the end, or nothing of it is kept."""
        ...

    def reading(self, actor: Actor | None = None) -> AbstractContextManager[Work]:
        """A transaction that never writes."""
        ...


def affected(work: Work, statement: Any, values: dict[str, Any] | None = None) -> int:
    """Rows that a conditional UPDATE or DELETE changed: one means that we were first."""
    return cast("CursorResult[Any]", work.session.execute(statement, values)).rowcount
