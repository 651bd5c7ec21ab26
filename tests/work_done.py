"""How much work Python does: counted in calls, never timed, so that a busy machine cannot blur it."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Any


def calls_of(do: Callable[[], object]) -> int:
    """Functions called while `do` runs in this thread, those written in C too; what `do` raises goes on."""
    return _counted(do)[0]


def calls_until_refused(do: Callable[[], object], refusal: type[Exception]) -> tuple[int, Exception]:
    """The calls up to the refusal, and the refusal; AssertionError when there is none."""
    calls, raised = _counted(do, refusal)
    assert raised is not None, f"It was not refused by {refusal.__name__}."
    return calls, raised


def _counted(do: Callable[[], object], expected: type[Exception] | tuple[()] = ()) -> tuple[int, Exception | None]:
    calls = 0

    def note(_frame: FrameType, what: str, _argument: Any) -> None:
        nonlocal calls
        calls += what in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        do()
    except expected as raised:
        return calls, raised
    finally:
        sys.setprofile(before)
    return calls, None
