"""Reads the next batch while the one before is written, so that the reading child and the database work at once.

Numbered, because two threads take turns:
1. The batches are read in a thread of their own and handed over one by one, in order; it is never more than two
   batches ahead, so that memory does not grow with the file.
2. What goes wrong in reading is raised where the batch would have come: whatever was read before it is written first.
3. Whoever stops early stops the thread, too: it closes what it reads before the caller goes on.
"""

import queue
from collections.abc import Generator
from contextlib import closing
from threading import Event, Thread
from typing import Generic, TypeVar

Batch = TypeVar("Batch")

LOOKS_UP_EVERY = 0.2
"""Seconds after which a thread that waits to hand a batch over looks whether anybody still wants it."""


def read_ahead(batches: Generator[Batch, None, None]) -> Generator[Batch, None, None]:
    """The same batches, each read while the one before is used. To be closed after use."""
    reading = _Reading(batches)
    thread = Thread(target=reading.run, name="reading ahead", daemon=True)
    thread.start()
    try:
        while not isinstance(read := reading.done.get(), _Reading):
            yield read
    finally:
        reading.unwanted.set()
        thread.join()
    if reading.problem is not None:
        raise reading.problem


class _Reading(Generic[Batch]):
    """Hands batches over through `done`; itself stands for the end."""

    def __init__(self, batches: Generator[Batch, None, None]) -> None:
        self._batches = batches
        self.done: queue.Queue[Batch | _Reading[Batch]] = queue.Queue(maxsize=1)
        self.unwanted = Event()
        self.problem: BaseException | None = None

    def run(self) -> None:
        try:
            with closing(self._batches) as batches:
                for batch in batches:
                    if not self._hand_over(batch):
                        return
        except BaseException as problem:  # noqa: BLE001 -- it is raised where the batches are used
            self.problem = problem
        self._hand_over(self)

    def _hand_over(self, batch: "Batch | _Reading[Batch]") -> bool:
        """False when nobody wants it any more."""
        while not self.unwanted.is_set():
            try:
                self.done.put(batch, timeout=LOOKS_UP_EVERY)
            except queue.Full:
                continue
            return True
        return False
