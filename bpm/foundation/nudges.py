"""Nudges: word that there is news under a topic, handed over together with a transaction."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from sqlalchemy.orm import Session


@dataclass(frozen=True)
class Nudge:
    """There is news under `topic`; `instance_id` where the news is work that one instance leaves to a worker."""

    topic: str
    instance_id: int | None = None


class Nudging(Protocol):
    """What a transaction needs of the queue."""

    def defer(self, session: Session, nudges: Collection[Nudge]) -> None:
        """Hand the nudges over inside the transaction of `session`: they hold if it commits, else never were."""

    def nudge(self, topic: str) -> None:
        """Say within this process that there is something new under `topic`; never blocks."""
