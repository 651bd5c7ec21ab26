"""The form of a task: as it stands for what was entered so far, filled in with what the process knows."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import request

from bpm.engine.forms import Field, Form
from bpm.engine.forms.conditions import depends, settle
from bpm.engine.forms.in_words import in_words
from bpm.engine.queries import WorkItemDetail
from web.core.request_context import work
from web.ui.fields import DrawnSection, sections_of
from web.ui.formats import said
from web.ui.posted import read_form

Values = Mapping[str, Any]


def form_at(detail: WorkItemDetail, values: Values) -> Form:
    """The task's form with what these values show; what is computed has been."""
    form = detail.asked
    return settle(form, detail.variables, values, now=work().now()) if depends(form) else form


def reacts(detail: WorkItemDetail) -> bool:
    """Whether the form changes with what is entered."""
    return depends(detail.asked)


def drawn(detail: WorkItemDetail, values: Values, *, errors: Mapping[str, str] | None = None) -> Sequence[DrawnSection]:
    """The form over what the process knows already, with `values` on top."""
    form = form_at(detail, values)
    names = {each.name for each in form.fields()}
    known = {name: value for name, value in detail.variables.items() if name in names}
    return sections_of(form, {**known, **values}, errors=errors)


def entered(detail: WorkItemDetail) -> tuple[dict[str, Any], dict[str, str]]:
    """What was sent of the form, and what cannot be read; fields that these very values hide are left out."""
    read = read_form(detail.asked, request.form)
    return read_form(form_at(detail, read[0]), request.form) if depends(detail.asked) else read


def fixed(detail: WorkItemDetail, values: Values) -> dict[str, Any]:
    """Fields that the form shows and nobody writes: what the process knows stays."""
    return {
        each.name: detail.variables[each.name]
        for each in form_at(detail, values).fields()
        if each.read_only and each.name in detail.variables and not each.value_from
    }


def answers_of(detail: WorkItemDetail) -> tuple[tuple[str, str], ...]:
    """(label, answer) of what was entered, under the form's own labels; what no form asked for by its name in words."""
    return told(detail, detail.result or {})


def told(detail: WorkItemDetail, values: Values) -> tuple[tuple[str, str], ...]:
    """(label, answer) of values as the task's form asks for them."""
    return in_the_words_of(form_at(detail, values), values)


def in_the_words_of(form: Form, values: Values) -> tuple[tuple[str, str], ...]:
    """(label, answer) of values as that form asks for them."""
    asked = {each.name: each for each in form.fields() if each.name}
    entered = [(name, value) for name, value in values.items() if not name.startswith("_")]
    return tuple((_label(asked.get(name), name), _answer(asked.get(name), value)) for name, value in entered)


def _label(field: Field | None, name: str) -> str:
    return field.label if field else in_words(name)


def _answer(field: Field | None, value: Any) -> str:
    options = {str(option.value): option.label for option in field.options} if field else {}
    values = value if isinstance(value, list) else [value]
    if options and all(str(each) in options for each in values):
        return ", ".join(options[str(each)] for each in values)
    return said(value)
