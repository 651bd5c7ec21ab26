"""The bus: who acts on which event, inside the same transaction; filled once by the composition root."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from threading import Lock
from typing import Any, TypeVar

from bpm.foundation.events import Event
from bpm.foundation.work import Work

E = TypeVar("E", bound=Event)


class Bus:
    """Who acts on what; filled once by the composition root."""

    def __init__(self) -> None:
        self._handlers: dict[type[Event], list[Callable[[Work, Any], None]]] = defaultdict(list)
        self._gatherers: dict[type[Event], list[Callable[[Work, Sequence[Any]], None]]] = defaultdict(list)
        self._rest: Callable[[Bus], None] | None = None
        self._acts_not: frozenset[type[Event]] = frozenset()
        self._filling = Lock()

    def subscribe(self, kind: type[E], handler: Callable[[Work, E], None]) -> None:
        self._handlers[kind].append(handler)

    def gather(self, kind: type[E], handler: Callable[[Work, Sequence[E]], None]) -> None:
        """Hand all events of a kind over at once, after all others of the transaction were handled."""
        self._gatherers[kind].append(handler)

    def leave_rest(self, wire: Callable[["Bus"], None], *, nobody_acts_on: Iterable[type[Event]]) -> None:
        """Let `wire` fill in who else acts once something happens on which nobody here does, but for these kinds.

        So a way in that needs few rooms does not load the others, and nothing is missed all the same.
        """
        self._rest, self._acts_not = wire, frozenset(nobody_acts_on)

    @property
    def kinds(self) -> frozenset[type[Event]]:
        """The kinds on which somebody acts."""
        return frozenset(self._handlers.keys() | self._gatherers.keys())

    def fill_in(self, kind: type[Event]) -> None:
        """Let the rest come in if it has not and this is a kind on which it may act."""
        if kind in self._handlers or kind in self._gatherers or kind in self._acts_not:
            return
        self.complete()

    def complete(self) -> None:
        """Let the rest come in now."""
        with self._filling:
            if self._rest is not None:
                self._rest(self)
                self._rest = None

    def handle_all(self, work: Work) -> None:
        """Handle what the transaction stated, and what handlers state in turn, until nothing is left."""
        gathered: dict[type[Event], list[Event]] = {}
        work.session.flush()
        while work.events:
            event = work.events.pop(0)
            if self._rest is not None:
                self.fill_in(type(event))
            if type(event) in self._gatherers:
                gathered.setdefault(type(event), []).append(event)
            elif type(event) in self._handlers:
                self.handle(work, event)
                work.session.flush()
        for kind, events in gathered.items():
            for handler in self._gatherers[kind]:
                handler(work, events)

    def handle(self, work: Work, event: Event) -> None:
        for handler in self._handlers.get(type(event), ()):
            handler(work, event)
