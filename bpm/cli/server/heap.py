"""Python's search for cycles, told what stays: what a process has loaded to answer or to work is not walked again."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

YOUNG = 10_000
"""Objects that are made before the youngest are looked through; a page makes some thousand, most without a cycle."""


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
    gc.collect()
    gc.freeze()
    gc.set_threshold(YOUNG, *gc.get_threshold()[1:])
