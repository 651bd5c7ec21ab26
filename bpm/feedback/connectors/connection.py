"""What a poll or a sending is given of a connection."""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar

from bpm.foundation.http.client import OutboundClient

Opened = TypeVar("Opened")


class Kept:
    """What was opened for one message and is there for the next ones; all of it is closed with the block."""

    def __init__(self) -> None:
        self._closing = ExitStack()
        self._opened: dict[Callable[[], Any], Any] = {}

    def __enter__(self) -> "Kept":
        return self

    def __exit__(self, *_error: object) -> None:
        self._opened.clear()
        self._closing.close()

    def get(self, opening: Callable[[], AbstractContextManager[Opened]]) -> Opened:
        """What `opening` gave the first time."""
        if opening not in self._opened:
            self._opened[opening] = self._closing.enter_context(opening())
        opened: Opened = self._opened[opening]
        return opened


@dataclass(frozen=True)
class Connection:
    """What one poll is given; `cursor` is empty at the first one. `trial`: only look, change nothing over there."""

    settings: Mapping[str, str]
    cursor: Mapping[str, Any]
    door: OutboundClient
    now: datetime
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)
    trial: bool = False
    kept: Kept | None = field(default=None, repr=False)
    """What is kept open from message to message; None: nothing is."""
