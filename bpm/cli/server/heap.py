"""What a process does with its memory: what is loaded is not searched for cycles again, what is freed is given back."""

import ctypes
import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""Objects that are made before the youngest are looked through; a page makes some thousand, most without a cycle."""

LARGE = 1 << 20
"""Bytes from which on a piece of memory is asked of the system for itself, and given back to it as soon as it is freed.
The GNU library begins so and then learns to keep what was freed, up to 32 MB for each thread: one password in its
19 MB for each thread of a web process, the tables of a model while it is read, a column of all cases."""
_LARGE_FROM, _GIVE_BACK_FROM, _ARENAS = -3, -1, -8
"""Of mallopt(3): M_MMAP_THRESHOLD, M_TRIM_THRESHOLD, M_ARENA_MAX."""
ARENAS = 2
"""Places of their own that threads take memory from; Python lets one thread run at a time, so two are enough."""


@contextmanager
def loading() -> Iterator[None]:
    """Modules are loaded and no cycles sought: what is loaded stays, and walking it takes a fifth of the loading."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def settle() -> None:
    """Call it once all is loaded: in the parent before it forks, and in each process before its first request.

    A full search walks every module, mapper and template, a third of a second each time, while every thread waits.
    `gc.freeze` leaves them out for good, which also keeps the pages shared that a parent has in common with its
    children (https://docs.python.org/3/library/gc.html#gc.freeze).
    """
    give_back()
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])


def give_back() -> None:
    """From now on what is large goes back to the system when it is freed; nothing where the library is not GNU's."""
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        for option, value in ((_LARGE_FROM, LARGE), (_GIVE_BACK_FROM, LARGE), (_ARENAS, ARENAS)):
            mallopt(option, value)
