"""Which thing of the older model is which of the newer one: by id, and where a tool wrote new ids by what it is.

1. The same id is the same thing; a flow is the same where it joins the same things.
2. A thing with a new id is the old one only when its type, its name and what is around it agree, and nothing else on
   either side could be meant: never by its place alone. How far around is looked is narrowed step by step.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bpm.engine.differences.units import FLOWS, Model, Unit

_ROUNDS = (3, 2, 1)
_TOGETHER = (
    "process",
    "lane",
    "participant",
    "message",
    "signal",
    "error",
    "escalation",
    "dataObject",
    "itemDefinition",
)
"""Things that nothing flows into: a name of their own is enough."""


def matches(before: Model, after: Model) -> dict[str, str]:
    """{id in the older model: id in the newer one}."""
    met = {key: key for key, unit in before.units.items() if key in after.units and _may_be(unit, after.units[key])}
    _meet(met, _by_name(before), _by_name(after))
    for rounds in _ROUNDS:
        _meet(met, _around(before, rounds), _around(after, rounds))
    while _meet_beside(met, before, after):
        pass
    flows = _flows(met, before, after)
    return {key: other for key, other in met.items() if before.units[key].type not in FLOWS} | flows


def _may_be(old: Unit, new: Unit) -> bool:
    return old.kind == new.kind


def _meet(met: dict[str, str], olds: Mapping[str, Hashable], news: Mapping[str, Hashable]) -> None:
    """Bring together what looks the same and is the only one that does on both sides, of what has not met yet."""
    taken = set(met.values())
    old_counts = Counter(value for name, value in olds.items() if name not in met)
    new_counts = Counter(value for name, value in news.items() if name not in taken)
    where = {value: name for name, value in news.items() if name not in taken}
    for name, value in olds.items():
        if name not in met and old_counts[value] == new_counts[value] == 1:
            met[name] = where[value]


def _by_name(model: Model) -> dict[str, Hashable]:
    return {
        key: (unit.type, unit.name)
        for key, unit in model.units.items()
        if (unit.type in _TOGETHER and unit.name) or unit.type == "definitions"
    }


def _neighbours(model: Model) -> dict[str, list[tuple[str, str]]]:
    """Id of a node -> what is around it: (direction, id)."""
    around: dict[str, list[tuple[str, str]]] = {}
    for unit in model.units.values():
        if unit.source in model.units and unit.target in model.units:
            around.setdefault(unit.source, []).append(("to", unit.target))
            around.setdefault(unit.target, []).append(("from", unit.source))
        host = unit.element.get("attachedToRef", "").strip()
        if host in model.units:
            around.setdefault(unit.id, []).append(("on", host))
            around.setdefault(host, []).append(("carries", unit.id))
        if unit.inside in model.units and model.units[unit.inside].kind == "element" and unit.type not in FLOWS:
            around.setdefault(unit.id, []).append(("inside", unit.inside))
            around.setdefault(unit.inside, []).append(("holds", unit.id))
    return around


def _around(model: Model, rounds: int) -> dict[str, Hashable]:
    """What each connected node is and what is so many steps around it (Weisfeiler and Leman 1968)."""
    around = _neighbours(model)
    looks: dict[str, int] = {key: hash((unit.type, unit.name)) for key, unit in model.units.items()}
    for _round in range(rounds):
        looks = {
            key: hash((look, tuple(sorted((way, looks[other]) for way, other in around.get(key, ())))))
            for key, look in looks.items()
        }
    named = {key for key in around if model.units[key].name or any(model.units[o].name for _w, o in around[key])}
    return {key: look for key, look in looks.items() if key in named}


def _meet_beside(met: dict[str, str], before: Model, after: Model) -> bool:
    """Bring together things of one type and name of which most neighbours have met already; whether any did."""
    names = [Counter((unit.type, unit.name) for unit in model.units.values()) for model in (before, after)]
    old_around, new_around = _neighbours(before), _neighbours(after)
    taken, found = set(met.values()), False
    where = {(unit.type, unit.name): key for key, unit in after.units.items() if key not in taken and unit.name}
    for key, unit in before.units.items():
        is_like = (unit.type, unit.name)
        if key in met or is_like not in where or any(count[is_like] != 1 for count in names):
            continue
        mine = {(way, met.get(other)) for way, other in old_around.get(key, ())}
        theirs = set(new_around.get(where[is_like], ()))
        if mine & theirs and 2 * len(mine & theirs) >= min(len(mine), len(theirs)):
            met[key], found = where[is_like], True
    return found


def _flows(met: Mapping[str, str], before: Model, after: Model) -> dict[str, str]:
    """Flows that say the same between the same ends; then those that kept their id and one end; then by their ends.

    Of several between the same ends the one of the same id, name, or order is the same. Then by id alone.
    """
    flows = _Flows(met, before, after)
    flows.meet_by_ends(alike=True)
    flows.meet_by_id(one_end=True)
    flows.meet_by_ends(alike=False)
    flows.meet_by_id(one_end=False)
    return flows.found


_SAME: tuple[Callable[[Unit, Unit], bool], ...] = (
    lambda old, new: old.id == new.id, lambda old, new: old.name == new.name, lambda _old, _new: True,
)  # fmt: skip


@dataclass
class _Flows:
    """Which flow is which, as far as it is found."""

    met: Mapping[str, str]
    before: Model
    after: Model
    found: dict[str, str] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)

    def meet_by_ends(self, *, alike: bool) -> None:
        """Those between the same ends; `alike`: only where they say the same, too."""
        for olds, news in _joined(self.met, self.before, self.after):
            for same in _SAME:
                for old in (each for each in olds if each.id not in self.found):
                    there = (each for each in news if same(old, each) and (not alike or _says(old) == _says(each)))
                    if new := next((each for each in there if each.id not in self.taken), None):
                        self._meet(old.id, new.id)

    def meet_by_id(self, *, one_end: bool) -> None:
        """Those of one id; `one_end`: only where they say the same and kept an end."""
        for key in _flow_ids(self.before):
            old, new = self.before.units[key], self.after.units.get(key)
            if key not in self.found and key not in self.taken and new is not None and new.type in FLOWS:
                kept = self.met.get(old.source) == new.source or self.met.get(old.target) == new.target
                if not one_end or (kept and _says(old) == _says(new)):
                    self._meet(key, key)

    def _meet(self, key: str, other: str) -> None:
        self.found[key] = other
        self.taken.add(other)


def _says(flow: Unit) -> tuple[str, tuple[tuple[str, str], ...], str]:
    """What a flow says beside where it leads: its name, its settings and its condition."""
    told = {str(name): str(value) for name, value in flow.element.attrib.items()}
    settings = {name: value for name, value in told.items() if name not in ("id", "name", "sourceRef", "targetRef")}
    text = " ".join("".join(str(part) for part in flow.element.itertext()).split())
    return flow.name, tuple(sorted(settings.items())), text


def _joined(met: Mapping[str, str], before: Model, after: Model) -> Iterator[tuple[list[Unit], list[Unit]]]:
    old_by: dict[Hashable, list[Unit]] = {}
    new_by: dict[Hashable, list[Unit]] = {}
    for key in _flow_ids(before):
        unit = before.units[key]
        old_by.setdefault((unit.type, met.get(unit.source), met.get(unit.target)), []).append(unit)
    for key in _flow_ids(after):
        unit = after.units[key]
        new_by.setdefault((unit.type, unit.source, unit.target), []).append(unit)
    for ends, olds in old_by.items():
        if None not in ends[1:] and ends in new_by:  # type: ignore[index]  # ends is a tuple of three
            yield olds, new_by[ends]


def _flow_ids(model: Model) -> Iterable[str]:
    return [key for key, unit in model.units.items() if unit.type in FLOWS]
