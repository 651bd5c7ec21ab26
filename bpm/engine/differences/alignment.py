"""Two lists of like things brought together: by what tells them apart, then by content, then by their order."""

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

Pair = tuple[int | None, int | None]
"""Places in the older and in the newer list; None: there is no counterpart."""


def aligned(
    befores: Sequence[Any], afters: Sequence[Any], *, keys: tuple[Sequence[Hashable], Sequence[Hashable]]
) -> list[Pair]:
    """Every place of both lists once, in the order of the newer one, what was removed last.

    Things with keys meet under the same key only, but for the one thing on either side that stands alone; without a
    key they meet by equal content, then one after the other.
    """
    if len(befores) == len(afters) == 1:
        return [(0, 0)]
    met: dict[int, int] = {}
    old_keys, new_keys = keys
    whole = (
        [(key, _fingerprint(each)) for key, each in zip(side, of, strict=True)]
        for side, of in ((old_keys, befores), (new_keys, afters))
    )
    _meet(met, *whole)
    _meet(met, [key or None for key in old_keys], [key or None for key in new_keys])
    bare_old = [place for place, key in enumerate(old_keys) if not key and place not in met.values()]
    bare_new = [place for place, key in enumerate(new_keys) if not key and place not in met]
    met.update(zip(bare_new, bare_old, strict=False))
    pairs: list[Pair] = [(met.get(place), place) for place in range(len(afters))]
    return pairs + [(place, None) for place in range(len(befores)) if place not in met.values()]


def moved(pairs: Iterable[Pair]) -> bool:
    """Whether those that have a counterpart stand in another order."""
    olds = [old for old, new in pairs if old is not None and new is not None]
    return olds != sorted(olds)


def _meet(met: dict[int, int], befores: Sequence[Hashable], afters: Sequence[Hashable]) -> None:
    """Bring together what is the same, the first with the first; None meets nobody."""
    taken = set(met.values())
    waiting: dict[Hashable, list[int]] = {}
    for place, key in enumerate(befores):
        if key is not None and place not in taken:
            waiting.setdefault(key, []).append(place)
    for place, key in enumerate(afters):
        if key is not None and place not in met and waiting.get(key):
            met[place] = waiting[key].pop(0)


def _fingerprint(value: Any) -> Hashable:
    return repr(value)
