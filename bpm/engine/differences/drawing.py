"""Where things are drawn: which of them moved or look otherwise, whatever ids the drawing itself has."""

from collections.abc import Collection, Iterator, Mapping

from lxml import etree

from bpm.engine.differences.nodes import DRAWING
from bpm.engine.differences.units import Element, reference

_DI = f"{{{DRAWING[0]}}}"
_SHAPES = tuple(f"{_DI}{name}" for name in ("BPMNPlane", "BPMNShape", "BPMNEdge", "BPMNLabelStyle"))
_WHOLE = ""
_IDS = frozenset({"id", "bpmnElement", "sourceElement", "targetElement", "labelStyle", "choreographyActivityShape"})


def drawn_otherwise(
    before: Element, after: Element, *, renamed: Mapping[str, str], known: tuple[Collection[str], Collection[str]]
) -> list[str]:
    """Ids of what both files have, `known`, and draw otherwise; "" for what belongs to the drawing as a whole."""
    both = {"", *known[0]} & {"", *known[1]}
    old, new = _places(before, renamed, set(known[0])), _places(after, {}, set(known[1]))
    return [key for key in {**new, **old} if key in both and old.get(key) != new.get(key)]


def _places(root: Element, renamed: Mapping[str, str], known: Collection[str]) -> dict[str, list[str]]:
    """Id of the thing drawn -> its shapes, written out."""
    places: dict[str, list[str]] = {_WHOLE: []}
    for diagram in root.iter(f"{_DI}BPMNDiagram"):
        for shape in _shapes(diagram):
            about = reference(shape.get("bpmnElement"), shape)
            about = renamed.get(about, about)
            whole = about not in known or shape.tag == f"{_DI}BPMNPlane"
            told = f"{about} " if whole and about in known else ""
            places.setdefault(_WHOLE if whole else about, []).append(told + _written(shape))
    return places


def _shapes(diagram: Element) -> Iterator[Element]:
    yield diagram
    yield from diagram.iter(*_SHAPES)


def _written(shape: Element) -> str:
    """The shape without ids; what is drawn inside it and stands for itself is left out."""
    told = sorted(
        f"{etree.QName(name).localname}={_number(value)}" for name, value in shape.attrib.items() if name not in _IDS
    )
    inner = [f"{etree.QName(each).localname}({_written(each)})" for each in shape if _is_part(each)]
    return " ".join([*told, *inner, (shape.text or "").strip()]).strip()


def _is_part(element: Element) -> bool:
    return isinstance(element.tag, str) and element.tag not in _SHAPES


def _number(value: object) -> str:
    """Numbers by their worth: 100 and 100.0 are one place."""
    try:
        return repr(float(str(value)))
    except ValueError:
        return str(value)
