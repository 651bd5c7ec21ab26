"""A page as a person finds their way on it: parts by role and name, fields by label, and the words shown."""

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

Element = html.HtmlElement

_ROLES = {
    "a": "link",
    "button": "button",
    "h1": "heading",
    "h2": "heading",
    "h3": "heading",
    "h4": "heading",
    "li": "listitem",
    "ul": "list",
    "ol": "list",
    "table": "table",
    "tr": "row",
    "article": "article",
    "nav": "navigation",
    "main": "main",
    "fieldset": "group",
    "details": "group",
    "form": "form",
    "dialog": "dialog",
    "textarea": "textbox",
    "select": "combobox",
    "option": "option",
    "progress": "progressbar",
    "img": "img",
    "svg": "img",
    "output": "status",
}
_INPUTS = {"checkbox": "checkbox", "radio": "radio", "submit": "button", "button": "button", "hidden": ""}
_WITHIN_A_LINE = {"a", "abbr", "b", "code", "em", "i", "kbd", "mark", "strong", "time"}
_UNSEEN = {"script", "style", "template", "title", "head", "noscript"}


class Page:
    """A page or a part of one; what is not there, or there twice, fails with the words that are there."""

    def __init__(self, element: Element) -> None:
        self._element = element

    @classmethod
    def of(cls, markup: str) -> "Page":
        """Read a whole page or the part of one that htmx swaps."""
        return cls(html.document_fromstring(markup or "<p></p>"))

    @property
    def words(self) -> str:
        """Everything a person can read here, with single spaces between."""
        return _words(self._element)

    def __contains__(self, words: str) -> bool:
        return words in self.words

    def __repr__(self) -> str:
        return f"<page: {self.words[:2000]}>"

    def all(self, role: str, name: str | re.Pattern[str] = "") -> list["Page"]:
        """Parts of this role; `name` is a part of their accessible name, or a pattern."""
        return [Page(each) for each in self._each() if _role(each) == role and _fits(name, _name(each))]

    def has(self, role: str, name: str | re.Pattern[str] = "") -> bool:
        """Whether there is such a part."""
        return bool(self.all(role, name))

    def get(self, role: str, name: str | re.Pattern[str] = "") -> "Page":
        """The one part of this role and name; an exact name comes before one that only holds it."""
        found = self.all(role, name)
        exact = [each for each in found if each.name == name] or found
        there = sorted({each.name for each in self.all(role)})
        assert len(exact) == 1, f"{len(exact)} of role {role} are called {name!r}; there are {there}"
        return exact[0]

    def row(self, words: str) -> "Page":
        """The one row of a list or table that has these words."""
        rows = [each for role in ("row", "article", "listitem") for each in self.all(role) if words in each]
        inner = [each for each in rows if not any(other is not each and each.holds(other) for other in rows)]
        assert len(inner) == 1, f"{len(inner)} rows have {words!r} in {self!r}"
        return inner[0]

    def field(self, label: str) -> "Page":
        """The one field with this label."""
        found = [each for each in self.fields() if each.name == label or each.name.startswith(label)]
        exact = [each for each in found if each.name == label] or found
        assert len(exact) == 1, f"{len(exact)} fields are called {label!r}: {[each.name for each in self.fields()]}"
        return exact[0]

    def fields(self) -> list["Page"]:
        """Every field that a person can fill in."""
        tags = {"input", "textarea", "select"}
        return [Page(each) for each in self._each() if each.tag in tags and _role(each) not in ("", "button")]

    @property
    def name(self) -> str:
        """The accessible name."""
        return _name(self._element)

    @property
    def value(self) -> str:
        """What stands in the field; of a choice, the chosen one's words."""
        if self._element.tag == "select":
            chosen = [each for each in self._element.iter("option") if each.get("selected") is not None]
            return _words(chosen[0]) if chosen else ""
        return str(self._element.text_content() if self._element.tag == "textarea" else self._element.get("value", ""))

    @property
    def checked(self) -> bool:
        """Whether a box or a choice is ticked."""
        return self._element.get("checked") is not None

    @property
    def target(self) -> str:
        """Where a link leads, or where a button's form goes."""
        form = next(self._element.iterancestors("form"), None)
        return str(
            self._element.get("href")
            or self._element.get("formaction")
            or (form.get("action", "") if form is not None else "")
        )

    @property
    def choices(self) -> list[str]:
        """What the options of a choice stand for, as they are sent."""
        return [str(each.get("value", "")) for each in self._element.iter("option")]

    @property
    def links(self) -> list[str]:
        """Where the links in it lead, in order."""
        return [str(each.get("href")) for each in self._element.iter("a") if each.get("href")]

    @property
    def drawings(self) -> list[dict[str, Any]]:
        """What the diagrams in it are told to draw."""
        return [json.loads(each.get("data-diagram")) for each in self._each() if each.get("data-diagram")]

    @property
    def markup(self) -> str:
        """The HTML of it, for what no person can see: that customers' words are never markup, marks of drawings."""
        return html.tostring(self._element, encoding="unicode")

    @property
    def problem(self) -> str:
        """What is said to be wrong with a field; "" when nothing is."""
        if self._element.get("aria-invalid") != "true":
            return ""
        return " ".join(_words(each) for each in _named_by(self._element, "aria-describedby"))

    @property
    def whole(self) -> bool:
        """Whether this is a page with its frame, and not only a part to be swapped in."""
        return any(_role(each) == "navigation" for each in self._each())

    def holds(self, other: "Page") -> bool:
        """Whether the other part lies inside this one."""
        return any(each is self._element for each in other._element.iterancestors())

    def _each(self) -> Iterator[Element]:
        return (each for each in self._element.iter() if isinstance(each.tag, str))


def _role(element: Element) -> str:
    if role := element.get("role"):
        return str(role)
    if element.tag == "a" and element.get("href") is None:
        return ""
    if element.tag == "section":
        return "region" if element.get("aria-labelledby") or element.get("aria-label") else ""
    if element.tag == "input":
        return _INPUTS.get(str(element.get("type", "text")), "textbox")
    return _ROLES.get(str(element.tag), "")


def _name(element: Element) -> str:
    """As browsers work it out, as far as our pages use it."""
    if labelled := _named_by(element, "aria-labelledby"):
        return " ".join(_words(each) for each in labelled)
    if label := element.get("aria-label"):
        return str(label)
    if element.tag in {"input", "textarea", "select"} and _role(element) != "button":
        return _label(element)
    if element.tag == "input":
        return str(element.get("value", ""))
    if element.tag in {"fieldset", "details", "table"}:
        heads = [each for each in element if each.tag in {"legend", "summary", "caption"}]
        return _words(heads[0]) if heads else ""
    if element.tag == "section":
        return ""
    return _words(element) or str(element.get("title", ""))


def _label(field: Element) -> str:
    root = field.getroottree().getroot()
    labels = [each for each in root.iter("label") if field.get("id") and each.get("for") == field.get("id")]
    labels += list(field.iterancestors("label"))
    return " ".join(_words(each) for each in labels) or str(field.get("title") or field.get("placeholder") or "")


def _named_by(element: Element, attribute: str) -> list[Element]:
    root = element.getroottree().getroot()
    ids = str(element.get(attribute, "")).split()
    return [each for each in root.iter() if isinstance(each.tag, str) and each.get("id") in ids]


def _words(element: Element) -> str:
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: Element) -> Iterator[str]:
    if not isinstance(element.tag, str) or element.tag in _UNSEEN or element.get("hidden") is not None:
        return
    gap = "" if element.tag in _WITHIN_A_LINE else " "
    yield gap + (element.text or "")
    for each in element:
        yield from _pieces(each)
        yield each.tail or ""
    yield gap


def _fits(wanted: str | re.Pattern[str], name: str) -> bool:
    return wanted in name if isinstance(wanted, str) else bool(wanted.search(name))
