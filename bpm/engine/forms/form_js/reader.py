"""A `.form` file as a form of ours: every component becomes a field or a note, or is named with what to do instead.

Source: bpmn-io/form-js, form schema (types of components and their properties), up to schema version 19.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bpm.engine.forms.form_js import components
from bpm.engine.forms.form_js.expressions import expression
from bpm.engine.forms.form_js.problems import FormProblem, Problems
from bpm.engine.forms.in_words import in_words
from bpm.engine.forms.model import Field, Form, Kind, Section
from bpm.foundation.errors import ExpressionError
from bpm.foundation.texts import _

Component = Mapping[str, Any]

_LAYOUT = frozenset({"spacer", "separator"})
_MOST_DEEP = 10
_ROOT = frozenset({"type", "id", "components", "schemaVersion", "exporter", "executionPlatform",
                   "executionPlatformVersion", "versionTag", "properties", "$schema", "name", "title"})  # fmt: skip


def is_form_js(content: Any) -> bool:
    """Whether JSON is such a form: it lists components, which no JSON Schema does."""
    return isinstance(content, Mapping) and isinstance(content.get("components"), list)


def read_form_js(content: Mapping[str, Any]) -> tuple[Form, tuple[FormProblem, ...]]:
    """The form, and what of the file is not drawn or done as it says."""
    reading = _Reading()
    for name in content:
        if name not in _ROOT:
            reading.problems.say(str(name), _("is no setting of forms that is known here."), _("Leave it out."))
    sections = [section for section in reading.sections(content["components"]) if section.fields]
    identity = content.get("id") if isinstance(content.get("id"), str) else ""
    title = next((content[word] for word in ("title", "name") if isinstance(content.get(word), str)), "")
    form = Form(tuple(sections), title=str(title), id=str(identity))
    return form, tuple(reading.problems.found)


@dataclass
class _Reading:
    problems: Problems = field(default_factory=Problems)

    def sections(self, listed: Any) -> Iterator[Section]:
        """Groups without a path are sections; what stands between them is one, too."""
        loose: list[Field] = []
        for component in _components(listed):
            if component.get("type") != "group" or component.get("path"):
                loose += self.fields(component, 0)
                continue
            yield Section(tuple(_nested(loose)))
            loose = []
            inner = [each for part in _components(component.get("components")) for each in self.fields(part, 1)]
            hidden = self.hidden_if(component)
            yield Section(tuple(_nested(inner)), title=components.text_of(component, "label"), hidden_if=hidden)
        yield Section(tuple(_nested(loose)))

    def fields(self, component: Component, depth: int) -> list[Field]:
        """The fields of a component: none for layout, several for a group without a path."""
        kind, name = str(component.get("type", "")), components.name_of(component)
        if depth > _MOST_DEEP:
            self.problems.say(name, _("is nested too deeply."), _("Nest it less."), severity="error")
            return []
        if kind in _LAYOUT:
            self.problems.layout()
            return []
        if _spans(component):
            self.problems.layout()
        hidden = self.hidden_if(component)
        if kind in ("group", "dynamiclist"):
            return self._holder(component, kind, hidden, depth)
        made = components.read(component, self.problems)
        return [replace(made, hidden_if=hidden)] if made is not None else []

    def _holder(self, component: Component, kind: str, hidden: tuple[str, ...], depth: int) -> list[Field]:
        parts = _components(component.get("components"))
        inner = [each for part in parts for each in self.fields(part, depth + 1)]
        path, label = str(component.get("path") or ""), components.text_of(component, "label")
        if kind == "group" and not path:
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


def _components(listed: Any) -> list[Component]:
    return [each for each in listed if isinstance(each, Mapping)] if isinstance(listed, list) else []


def _spans(component: Component) -> bool:
    """Whether it shares its row with others."""
    layout = component.get("layout")
    columns = layout.get("columns") if isinstance(layout, Mapping) else None
    return isinstance(columns, int) and columns < 16


def _nested(fields: list[Field]) -> list[Field]:
    """Fields whose keys are paths (`order.total`) as fields of groups."""
    made: dict[str, Field] = {}
    for at, each in enumerate(fields):
        root, _dot, rest = each.name.partition(".")
        if not rest:
            made[each.name or f" {at}"] = each
            continue
        known = made.get(root, Field(root, "group", in_words(root)))
        inner = _nested([*known.fields, replace(each, name=rest)])
        made[root] = replace(known, fields=tuple(inner))
    return list(made.values())
