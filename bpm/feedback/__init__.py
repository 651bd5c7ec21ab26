"""Customers only: what they say, who they are, what became of it; knows no BPMN.

Its face is `bpm.feedback.face`, loaded when one of its names is first asked for: the child process that reads files is
of this storey, too, and is as small as it is because it loads nothing that keeps what was read.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bpm.feedback.face import *  # noqa: F403 -- all that the face names


def __getattr__(name: str) -> Any:
    if name.startswith("_") or find_spec(f"{__name__}.{name}") is not None:  # a room, which its import finds
        raise AttributeError(name)
    found = globals()[name] = getattr(import_module(f"{__name__}.face"), name)
    return found
