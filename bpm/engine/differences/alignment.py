"""Two lists of like things brought together: by what tells them apart, then by content, then by their order."""

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

Pair = tuple[int | None, int | None]
"""Places in the older and in the newer list; None: there is no counterpart."""


_MOST_LOOKED_AT = 2_500
"""Pairs of changed things whose likeness is looked at; more meet one after the other."""


def aligned(
    befores: Sequence[Any],
    afters: Sequence[Any],
    *,
    keys: tuple[Sequence[Hashable], Sequence[Hashable]],
    like: Callable[[Any, Any], int] | None = None,
) -> list[Pair]:
    """Every place of both lists once, in the order of the newer one, what was removed last.

    Things with keys meet under the same key only. Without a key they meet by equal content, then the most alike, then
    one after the other. `like` says how much two have in common.
    """
    met: dict[int, int] = {}
    old_keys, new_keys = keys
    _meet(
        met,
        *(
            [(key, repr(each)) for key, each in zip(*side, strict=True)]
            for side in ((old_keys, befores), (new_keys, afters))
        ),
    )
    _meet(met, [key or None for key in old_keys], [key or None for key in new_keys])
    if len(befores) == len(afters) == 1:
        met[0] = 0
    bare_old = [place for place, key in enumerate(old_keys) if not key and place not in met.values()]
    bare_new = [place for place, key in enumerate(new_keys) if not key and place not in met]
    if like and 1 < len(bare_old) * len(bare_new) <= _MOST_LOOKED_AT:
        _meet_alike(met, bare_old, bare_new, lambda old, new: like(befores[old], afters[new]))
    met.update(zip(bare_new, bare_old, strict=False))
    pairs: list[Pair] = [(met.get(place), place) for place in range(len(afters))]
    kept = set(met.values())
    return pairs + [(place, None) for place in range(len(befores)) if place not in kept]


def _meet_alike(met: dict[int, int], olds: list[int], news: list[int], like: Callable[[int, int], int]) -> None:
    """The most alike first, of equals the nearest; takes those that meet out of both lists."""
    ranked = sorted((-like(old, new), abs(old - new), old, new) for old in olds for new in news)
    for score, _distance, old, new in ranked:
        if score < 0 and old in olds and new in news:
            met[new] = old
            olds.remove(old)
            news.remove(new)


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
