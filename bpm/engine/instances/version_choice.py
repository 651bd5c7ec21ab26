"""Which version a new case runs where two are live at once: a room above chooses, as the case begins, and keeps what.

Nothing chooses until the composition root names who does; then it is asked at every start of a live version, in the
start's transaction, and what it keeps under the new case's number is kept with the case or not at all.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bpm.engine.definitions.version_cache import Runnable, get_version_runnable
from bpm.foundation.work import Work


@dataclass(frozen=True)
class Beginning:
    """A case that is about to begin, of the live version `version_id`."""

    version_id: int
    variables: Mapping[str, Any]
    business_key: str | None
    whose: int | None
    """Number of the person whom it is for, where whoever starts it knows; the engine makes nothing of it."""


@dataclass(frozen=True)
class VersionChoice:
    """The version that it runs, and what to do once it has a number."""

    version_id: int
    keep: Callable[[Work, int], None]


Chooser = Callable[[Work, Beginning], VersionChoice | None]


@dataclass
class _Choosing:
    chooser: Chooser = lambda _work, _beginning: None


_CHOOSING = _Choosing()


def set_chooser(chooser: Chooser) -> None:
    """Say who chooses; the composition root does."""
    _CHOOSING.chooser = chooser


def choose_version(work: Work, chosen: Runnable, beginning: Beginning) -> tuple[Runnable, VersionChoice | None]:
    """The version that the case runs instead of `chosen`, or that one; and the choice, where there was one."""
    choice = _CHOOSING.chooser(work, beginning)
    if choice is None or choice.version_id == chosen.version_id:
        return chosen, choice
    return get_version_runnable(work, choice.version_id), choice
