"""A `.form` file as a form of ours: every component becomes a field or a note, or is named with what to do instead.

Source: bpmn-io/form-js, form schema (types of components and their properties), up to schema version 19.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bpm.engine.forms.form_js import components
from bpm.engine.forms.form_js.component import Component, tell_unread
from bpm.engine.forms.form_js.expressions import expression
from bpm.engine.forms.form_js.problems import FormProblem, Problems
from bpm.engine.forms.in_words import in_words
from bpm.engine.forms.model import Field, Form, Kind, Section
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

_LAYOUT = frozenset({"spacer", "separator"})
_MOST_DEEP = 10
_OF_FILES = ("schemaVersion", "exporter", "executionPlatform", "executionPlatformVersion", "$schema")
"""What a file says of itself and of the tool that wrote it."""


def is_form_js(content: Any) -> bool:
    """Whether JSON is such a form: it lists components, which no JSON Schema does."""
    return isinstance(content, Mapping) and isinstance(content.get("components"), list)


def read_form_js(content: Mapping[str, Any]) -> tuple[Form, tuple[FormProblem, ...]]:
    """The form, and what of the file is not drawn or done as it says."""
    reading, root = _Reading(), Component(content)
    sections = reading.without_twins([*reading.sections(root.parts("components"))])
    texts = {word: said for word in ("id", "title", "name") if isinstance(said := root.raw(word), str)}
    for word in _OF_FILES:
        root.raw(word)
    tell_unread(root, texts.get("id", ""), reading.problems)
    form = Form(tuple(sections), title=texts.get("title") or texts.get("name") or "", id=texts.get("id", ""))
    return form, tuple(reading.problems.found)


@dataclass
class _Reading:
    problems: Problems = field(default_factory=Problems)

    def sections(self, listed: list[Component]) -> Iterator[Section]:
        """Groups without a path are sections; what stands between them is one, too."""
        loose: list[Field] = []
        for component in listed:
            if component.get("type") != "group" or component.get("path"):
                loose += self.fields(component, 0)
                continue
            yield Section(tuple(_nested(loose)))
            loose = []
            inner = [each for part in component.parts("components") for each in self.fields(part, 1)]
            hidden, title = self.hidden_if(component), components.text_of(component, "label")
            tell_unread(component, title or "group", self.problems)
            yield Section(tuple(_nested(inner)), title=title, hidden_if=hidden)
        yield Section(tuple(_nested(loose)))

    def without_twins(self, sections: list[Section]) -> list[Section]:
        """Each variable once: parts of one object stand together, of two fields with one key the first is drawn."""
        kept: dict[str, Field] = {}
        for asked in (each for section in sections for each in self.once(list(section.fields)) if each.name):
            before = kept.setdefault(asked.name, asked)
            if before is not asked:
                kept[asked.name] = self.merged(before, asked)
        made = []
        for section in sections:
            fields = [each if not each.name else kept.pop(each.name, None) for each in section.fields]
            made.append(replace(section, fields=tuple(each for each in fields if each is not None)))
        return [section for section in made if section.fields]

    def once(self, fields: list[Field]) -> list[Field]:
        """Of several fields with one name the first, with what others of its parts bring."""
        made: dict[str, Field] = {}
        for at, each in enumerate(fields):
            name = each.name or f" {at}"
            made[name] = self.merged(made[name], each) if name in made else self.deep(each)
        return list(made.values())

    def deep(self, each: Field) -> Field:
        """A field whose parts are there once each."""
        return replace(each, fields=tuple(self.once(list(each.fields)))) if each.kind in ("group", "list") else each

    def merged(self, before: Field, after: Field) -> Field:
        """Two fields of one name as one."""
        if before.kind == after.kind == "group":
            return self.deep(replace(before, fields=(*before.fields, *after.fields)))
        self.problems.say(before.name, _("is asked for more than once by this key: only the first is drawn."),
                          _("Give each a key of its own, or draw one with both conditions."))  # fmt: skip
        return before

    def fields(self, component: Component, depth: int) -> list[Field]:
        """The fields of a component: none for layout, several for a group without a path."""
        kind, name = str(component.get("type", "")), components.name_of(component)
        if depth > _MOST_DEEP:
            self.problems.say(name, _("is nested too deeply."), _("Nest it less."), severity="error")
            return []
        if kind in _LAYOUT:
            self.problems.layout()
            component.raw("layout")
            tell_unread(component, name or kind, self.problems)
            return []
        if _spans(component):
            self.problems.layout()
        hidden = self.hidden_if(component)
        if kind in ("group", "dynamiclist"):
            made = self._holder(component, kind, hidden, depth)
            tell_unread(component, components.text_of(component, "label") or name or kind, self.problems)
            return made
        drawn = components.read(component, self.problems)
        return [replace(drawn, hidden_if=hidden)] if drawn is not None else []

    def _holder(self, component: Component, kind: str, hidden: tuple[str, ...], depth: int) -> list[Field]:
        inner = [each for part in component.parts("components") for each in self.fields(part, depth + 1)]
        path, label = str(component.get("path") or ""), components.text_of(component, "label")
        if kind == "group" and not path:
            if label:
                self.problems.say(label, _("is no group of its own inside another: its fields stand without it."),
                                  _("Nothing needs to be done."), "info")  # fmt: skip
            return [replace(each, hidden_if=(*hidden, *each.hidden_if)) for each in inner]
        if not path:
            self.problems.say(label or kind, _("says no path to keep its rows under."), _("Set its path."), "error")
            return []
        if kind == "dynamiclist":
            inner = self._of_rows(inner)
        made: Kind = "list" if kind == "dynamiclist" else "group"
        return [Field(path, made, label or in_words(path), fields=tuple(_nested(inner)), hidden_if=hidden)]

    def _of_rows(self, inner: list[Field]) -> list[Field]:
        for each in inner:
            if each.hidden_if or each.options_from or each.read_only_if or each.value_from:
                message = _("depends on values, which is not looked at in the rows of a list: it is always shown.")
                self.problems.say(each.name or each.label, message, _("Move it out of the list, or let it stand."))
            if not each.name:
                self.problems.say(
                    each.label[:60], _("is not shown in the rows of a list."), _("Move it out of the list.")
                )
        plain = [replace(each, hidden_if=(), options_from="", read_only_if="", value_from="") for each in inner]
        return [each for each in plain if each.name]

    def hidden_if(self, component: Component) -> tuple[str, ...]:
        """When a component is hidden; a condition that cannot be read is named, and its component is shown."""
        conditional = component.get("conditional")
        said = conditional.get("hide") if isinstance(conditional, Mapping) else None
        if said in (None, "", False):
            return ()
        try:
            text = "feel:=true" if said is True else expression(said)
        except ExpressionError as error:
            text = ""
            self.problems.say(components.name_of(component), _("is always shown: its condition cannot be read.")
                              + f" {error.message}", _("Mend the condition."))  # fmt: skip
        else:
            if not text:
                self.problems.say(components.name_of(component), _("is always shown: its condition is no expression."),
                                  _("Begin it with =."))  # fmt: skip
        return (text,) if text else ()


def _spans(component: Component) -> bool:
    """Whether it shares its row with others; the row as such is no matter."""
    layout = component.get("layout")
    if not isinstance(layout, Mapping):
        return False
    columns = layout.get("columns")
    layout.get("row")
    return isinstance(columns, int) and columns < 16


def _nested(fields: list[Field]) -> list[Field]:
    """Fields whose keys are paths (`order.total`) as fields of groups, one group for each field: see `merged`."""
    made: list[Field] = []
    for each in fields:
        root, _dot, rest = each.name.partition(".")
        inner = (*_nested([replace(each, name=rest)]),) if rest else ()
        made.append(Field(root, "group", in_words(root), fields=inner) if rest else each)
    return made
