"""Child processes that read foreign bytes: bounded in memory and time, warm, replaced when they are lost."""

from bpm.foundation.bounded_child.child import BoundedChild, ChildLostError, Conversation
from bpm.foundation.bounded_child.inside import bound_cpu, bound_memory, frames, read_frame, write_frame
from bpm.foundation.bounded_child.reading import Sent, read_apart

__all__ = [
    "BoundedChild",
    "ChildLostError",
    "Conversation",
    "Sent",
    "bound_cpu",
    "bound_memory",
    "frames",
    "read_apart",
    "read_frame",
    "write_frame",
]
