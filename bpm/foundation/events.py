"""Domain events: facts that one room states and another acts on, inside the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from bpm.foundation.work import Work


@dataclass(frozen=True)
class Event:
    """Parent of all domain events; the rooms define their own in `<room>/events.py`."""


E = TypeVar("E", bound=Event)


class Bus:
    """Who acts on what; filled once by the composition root."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], list[Callable[[Work, Any], None]]] = defaultdict(list)

    def subscribe(self, kind: type[E], handler: Callable[["Work", E], None]) -> None:
        self._handlers[kind].append(handler)

    def handle(self, work: "Work", event: Event) -> None:
        for handler in self._handlers[type(event)]:
            handler(work, event)
