"""The bus: who acts on which event, inside the same transaction; filled once by the composition root."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from bpm.foundation.events import Event
from bpm.foundation.work import Work

E = TypeVar("E", bound=Event)


class Bus:
    """Who acts on what; filled once by the composition root."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], list[Callable[[Work, Any], None]]] = defaultdict(list)
        self._gatherers: dict[type[Event], list[Callable[[Work, Sequence[Any]], None]]] = defaultdict(list)

    def subscribe(self, kind: type[E], handler: Callable[[Work, E], None]) -> None:
        self._handlers[kind].append(handler)

    def gather(self, kind: type[E], handler: Callable[[Work, Sequence[E]], None]) -> None:
        """Hand all events of a kind over at once, after all others of the transaction were handled."""
        self._gatherers[kind].append(handler)

    def handle_all(self, work: Work) -> None:
        """Handle what the transaction stated, and what handlers state in turn, until nothing is left."""
        gathered: dict[type[Event], list[Event]] = {}
        work.session.flush()
        while work.events:
            event = work.events.pop(0)
            if type(event) in self._gatherers:
                gathered.setdefault(type(event), []).append(event)
                continue
            self.handle(work, event)
            work.session.flush()
        for kind, events in gathered.items():
            for handler in self._gatherers[kind]:
                handler(work, events)

    def handle(self, work: Work, event: Event) -> None:
        for handler in self._handlers[type(event)]:
            handler(work, event)
