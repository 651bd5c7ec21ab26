"""Which vendor markup has been read: every reading leaves a mark in the tree, so that what nobody read can be named.

1. Elements of the tree tell by themselves when one of their attributes is read (`record`).
2. `vendor` and `extensions`, the ways to look for vendor markup, mark what they find.
3. A pass that has said something about an element as a whole marks it so (`mark_whole`).
4. What has no mark in the end is listed (`unread`); then the marks go (`forget`).
Marks are attributes of our own, because the library's element objects come and go.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bpm.engine.xml import MODEL

_OWN = "{urn:earshot:model:1}"
_MARK = f"{_OWN}read"
_WHOLE = "*"
_STANDARD = (
    "{http://www.omg.org/spec/", "{http://www.w3.org/2001/XMLSchema-instance}",
    "{http://www.w3.org/XML/1998/namespace}", _OWN,
)  # fmt: skip
_TEXTS = (f"{{{MODEL}}}documentation", f"{{{MODEL}}}text", f"{{{MODEL}}}script")
"""Elements whose content is for people or for another language, markup or not."""

Element = etree._Element  # noqa: SLF001 -- lxml names its public element type so


class _Recorded(etree.ElementBase):
    """An element that marks which of its attributes are read, where it is a vendor's."""

    def get(self, key: Any, default: Any = None) -> Any:
        value = super().get(key, default)
        if value is not None and is_foreign(self):
            mark(self, str(key))
        return value


def record(root: Element) -> None:
    """From now on the elements below the root mark what is read of them."""
    parser: Any = root.getroottree().parser
    parser.set_element_class_lookup(etree.ElementDefaultClassLookup(element=_Recorded))


def is_foreign(element: Element) -> bool:
    """Whether the element is a vendor's: neither of the standard and its diagrams nor one of ours."""
    return isinstance(element.tag, str) and not element.tag.startswith(_STANDARD)


def mark(element: Element, attribute: str = "") -> None:
    """The attribute has been read; without one, the element as such has been taken notice of."""
    if attribute == "id" or attribute.startswith(_OWN):
        return
    marks = _marks(element)
    if (attribute or "-") not in marks:
        element.set(_MARK, " ".join([*marks, attribute or "-"]))


def mark_whole(element: Element) -> None:
    """The element and all in it has been read, or a finding tells what becomes of it."""
    element.set(_MARK, _WHOLE)


@dataclass(frozen=True)
class Unread:
    """A vendor's attribute or element that nobody has read."""

    element: Element
    """The unread element, or the one that has the attribute."""
    attribute: str = ""
    """Clark name of the attribute; "" when the whole element is unread."""

    @property
    def name(self) -> str:
        """Clark name of the attribute or of the element."""
        return self.attribute or str(self.element.tag)


def unread(root: Element) -> Iterator[Unread]:
    """What no reader has marked, in document order; of an element that was not read at all only itself."""
    touched = _touched(root)
    todo = [root]
    while todo:
        element = todo.pop()
        if not isinstance(element.tag, str) or _WHOLE in _marks(element):
            continue
        foreign = is_foreign(element)
        if foreign and element not in touched:
            if _says_something(element):
                yield Unread(element)
            continue
        if not foreign and not element.tag.startswith((f"{{{MODEL}}}", _OWN)):
            continue
        yield from (Unread(element, name) for name in _attributes(element, foreign=foreign))
        if element.tag not in _TEXTS:
            todo.extend(reversed(element))


def _touched(root: Element) -> set[Element]:
    """Vendors' elements that have been read, or in which something has."""
    found: set[Element] = set()
    for element in root.iter():
        at: Element | None = element if element.get(_MARK) else None
        while at is not None and at not in found:
            found.add(at)
            at = at.getparent()
    return found


def _says_something(element: Element) -> bool:
    """Whether there is a value anywhere in the element; empty settings say nothing."""
    return any(
        (part.text or "").strip() or any(value.strip() for value in part.attrib.values())
        for part in element.iter()
        if isinstance(part.tag, str)
    )


def _attributes(element: Element, *, foreign: bool) -> Iterator[str]:
    """Unread attributes: of a standard element those in a vendor's namespace, of a vendor's element all."""
    marks = _marks(element)
    for key, value in element.attrib.items():
        name = str(key)
        if not str(value).strip() or name == "id" or name in marks or name.startswith(_STANDARD):
            continue
        if foreign or name.startswith("{"):
            yield name


def _marks(element: Element) -> list[str]:
    return str(element.attrib.get(_MARK, "")).split()


def forget(root: Element) -> None:
    """Take all marks away."""
    for element in root.iter():
        if isinstance(element.tag, str) and _MARK in element.attrib:
            del element.attrib[_MARK]
