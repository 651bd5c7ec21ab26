"""The bus: who acts on which event, inside the same transaction; filled once by the composition root."""

from collections import defaultdict
from collections.abc import Callable
from typing import Any, TypeVar

from bpm.foundation.events import Event
from bpm.foundation.work import Work

E = TypeVar("E", bound=Event)


class Bus:
    """Who acts on what; filled once by the composition root."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], list[Callable[[Work, Any], None]]] = defaultdict(list)

    def subscribe(self, kind: type[E], handler: Callable[[Work, E], None]) -> None:
        self._handlers[kind].append(handler)

    def handle(self, work: Work, event: Event) -> None:
        for handler in self._handlers[type(event)]:
            handler(work, event)
