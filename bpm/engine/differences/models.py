"""Two BPMN files compared: every attribute, text and extension of every element, in words where it is known."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from bpm.engine.differences.drawing import drawn_otherwise
from bpm.engine.differences.labels import Label, label_of, vendor_of
from bpm.engine.differences.matching import matches
from bpm.engine.differences.model import Change, Difference
from bpm.engine.differences.nodes import DEFAULTS, INSIDE, TYPE, Reader, reader
from bpm.engine.differences.trees import Delta, Node, Step, Way, compare, leaves
from bpm.engine.differences.units import Model, Unit, read_model, type_in_words
from bpm.engine.differences.words import in_words, said
from bpm.engine.xml import read
from bpm.foundation.texts import _

_SHOWN_MOVED = 12


def compare_models(before: bytes, after: bytes) -> Difference:
    """What differs between two BPMN files; RefusedError where one cannot be read."""
    old, new = read_model(read(before)), read_model(read(after))
    met = matches(old, new)
    renamed = {key: other for key, other in met.items() if key != other}
    sides = _Side(old, reader(old, renamed)), _Side(new, reader(new, {}))
    back = {other: key for key, other in met.items()}
    changed = [
        change
        for key, unit in new.units.items()
        if key in back
        for change in _changes(old.units[back[key]], unit, sides, back)
    ]
    return Difference(
        changed=(*changed, *_drawing(old, new, renamed, back)),
        added=tuple(_whole(sides[1], unit, came=True) for key, unit in new.units.items() if key not in back),
        removed=tuple(
            _whole(_Side(old, reader(old, {})), unit, came=False) for key, unit in old.units.items() if key not in met
        ),
    )


@dataclass(frozen=True)
class Described:
    """One element as a file describes it: what it is, and each property with its label, all in words."""

    type: str
    properties: tuple[tuple[str, str], ...] = ()


def describe(source: bytes, element: str) -> Described | None:
    """What a file says of the element of that id: timers as `after 4 h`, ids as names; None where it has none."""
    model = read_model(read(source))
    unit = model.units.get(element)
    if unit is None:
        return None
    return Described(type_in_words(unit.type), tuple(_told(reader(model, {}).unit(unit), model)))


@dataclass(frozen=True)
class _Side:
    """One of the two models, with what reads its things."""

    model: Model
    reader: Reader


_Sides = tuple[_Side, _Side]


def _changes(old: Unit, new: Unit, sides: _Sides, back: dict[str, str]) -> Iterator[Change]:
    before, after = sides[0].reader.unit(old), sides[1].reader.unit(new)
    called = sides[1].model.called(new.id)
    if old.id != new.id and old.id.strip() == old.id and new.id.strip() == new.id:
        yield Change(new.kind, called, _("id"), old.id, new.id, new.id, f"{old.id} → {new.id}")
    deltas = [_with_default(each) for each in compare(before, after)] if before != after else []
    deltas += _order_of_flows(old, new, sides, back)
    for label, was, now in together(_labelled(deltas)):
        words = in_words(*(_named(value, label, sides, back) for value in (was, now)), spoken=label.spoken)
        yield Change(new.kind, called, label.text, was, now, new.id.strip(), words)


def _with_default(delta: Delta) -> Delta:
    """With the value that an attribute has where it is not written, so that both sides say what they mean."""
    name = delta.way[-1].name if delta.way else ""
    default = DEFAULTS.get(name.removeprefix("@")) if name.startswith("@") else None
    return Delta(delta.way, delta.before or default, delta.after or default) if default else delta


def _labelled(deltas: Sequence[Delta]) -> list[tuple[Label, str, str]]:
    """Each with its label; two vendors' attributes of one name get the vendor's behind it."""
    labels = [label_of(each.way) if each.way else Label(_("text")) for each in deltas]
    names = [label.text for label in labels]
    return [
        (_with_vendor(label, each.way) if names.count(label.text) > 1 else label, each.before, each.after)
        for label, each in zip(labels, deltas, strict=True)
    ]


def _with_vendor(label: Label, way: Way) -> Label:
    vendor = vendor_of(way) if way else ""
    return Label(f"{label.text} ({vendor})", label.spoken) if vendor else label


def together(rows: Iterable[tuple[Label, str, str]]) -> list[tuple[Label, str, str]]:
    """Under one label what went and what came are one change: a timer that was a duration and is now a date."""
    listed = list(rows)
    found: list[tuple[Label, str, str]] = []
    for label, old, new in listed:
        alike = [each for each in listed if each[0].text == label.text]
        gone, came = ([each for each in alike if not each[side]] for side in (2, 1))
        if len(alike) == 2 and len(gone) == len(came) == 1:
            if not old:
                found.append((_spoken_alike(gone[0][0], label), gone[0][1], new))
        else:
            found.append((label, old, new))
    return found


def _spoken_alike(old: Label, new: Label) -> Label:
    return new if old.spoken == new.spoken else Label(new.text, f"{old.spoken}|{new.spoken}")


def _named(value: str, label: Label, sides: _Sides, back: dict[str, str]) -> str:
    """Ids as the names of what they stand for."""
    if label.spoken == "type":
        return type_in_words(value)
    if label.spoken not in ("id", "ids"):
        return value
    parts = value.split(", ") if label.spoken == "ids" else [value]
    return ", ".join(_called(part, sides, back) for part in parts)


def _called(key: str, sides: _Sides, back: dict[str, str]) -> str:
    old, new = sides[0].model, sides[1].model
    return new.called(key) if key in new.units else old.called(back.get(key, key))


def _order_of_flows(old: Unit, new: Unit, sides: _Sides, back: dict[str, str]) -> list[Delta]:
    """The first condition that holds decides, so the order of the flows out of an element has a meaning."""
    news = [each for each in sides[1].model.out.get(new.id, ()) if each in back]
    olds = sides[0].model.out.get(old.id, ())
    common = [each for each in news if back[each] in olds]
    if len(common) < 2:
        return []
    before = sorted(common, key=lambda each: olds.index(back[each]))
    shown = (", ".join(map(sides[1].model.called, order)) for order in (before, common))
    return [Delta((Step("@order of flows"),), *shown)] if before != common else []


def _drawing(old: Model, new: Model, renamed: dict[str, str], back: dict[str, str]) -> Iterator[Change]:
    known = ([renamed.get(key, key) for key in old.units], list(new.units))
    moved = drawn_otherwise(old.root, new.root, renamed=renamed, known=known)
    if not moved:
        return
    names = [new.called(each) if each else _("the page itself") for each in moved]
    more = [_("and %(number)s more") % {"number": len(names) - _SHOWN_MOVED}] if len(names) > _SHOWN_MOVED else []
    text = ", ".join([*names[:_SHOWN_MOVED], *more])
    yield Change("setting", _("The drawing"), _("moved on the drawing"), "", text, "", text)


def _whole(side: _Side, unit: Unit, *, came: bool) -> Change:
    """A thing that came or went, with everything that it says."""
    told = (f"{label}: {words}" for label, words in _told(side.reader.unit(unit), side.model))
    text = "; ".join([type_in_words(unit.type), *told])
    return Change(
        unit.kind, side.model.called(unit.id), "", "" if came else text, text if came else "", unit.id.strip(), text
    )


def _told(node: Node, model: Model) -> Iterator[tuple[str, str]]:
    hidden = {TYPE, "name"} | ({INSIDE} if _in_process(node, model) else set())
    rows: list[tuple[Way, str]] = [
        ((Step(f"@{name}"),), value) for name, value in node.attributes.items() if name not in hidden
    ]
    for child in node.children:
        rows += leaves(child, (Step(child.name, child.key),))
    for way, value in rows:
        label = label_of(way)
        parts = value.split(", ") if label.spoken == "ids" else [value]
        named = ", ".join(map(model.called, parts)) if label.spoken in ("id", "ids") else value
        yield label.text, said(named, label.spoken)


def _in_process(node: Node, model: Model) -> bool:
    around = model.units.get(node.attributes.get(INSIDE, ""))
    return around is not None and around.kind == "process"
