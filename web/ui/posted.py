"""What a browser sent of a form, as values in the form's types."""

import math
import re
from collections.abc import Mapping
from typing import Any

from werkzeug.datastructures import MultiDict

from bpm.engine.forms import Field, Form, form_of
from bpm.foundation.texts import _
from web.ui.durations import from_unit

Posted = MultiDict[str, str]

MOST_ROWS = 200
"""Rows of a list that are taken."""


def read_fields(schema: Mapping[str, Any], posted: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """The posted values in the schema's types, and what could not be read; empty optional ones are left out.

    Only the schema's own names are taken; whether the values fit is for the schema's validation to say.
    """
    return read_form(form_of(schema), posted)


def read_form(form: Form, posted: Posted) -> tuple[dict[str, Any], dict[str, str]]:
    """The same for a form as it is shown."""
    problems: dict[str, str] = {}
    return _values(form.fields(), posted, "", problems), problems


def _values(fields: Any, posted: Posted, at: str, problems: dict[str, str]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for field in fields:
        if field.read_only or field.kind in ("note", "file", "computed", "table") or not field.name:
            continue
        name = f"{at}{field.name}"
        try:
            value = _value(field, posted, name, problems)
        except ValueError:
            values[field.name], problems[name] = posted.get(name), _problem(field)
            continue
        if value is not None:
            values[field.name] = value
    return values


def _problem(field: Field) -> str:
    if field.kind == "duration":
        return _("Give a whole number.")
    return _("Give a whole number.") if field.kind == "integer" else _("Give a number.")


def _value(field: Field, posted: Posted, name: str, problems: dict[str, str]) -> Any:
    if field.kind == "many":
        return [_chosen(field, each) for each in posted.getlist(name)]
    if field.kind == "check":
        return posted.get(name) == "true"
    if field.kind == "group":
        return _values(field.fields, posted, f"{name}.", problems) or None
    if field.kind == "list":
        return _rows(field, posted, name, problems)
    raw = posted.get(name, "").strip()
    if field.kind == "lines":
        number = bool(field.fields)
        return [_number(each) if number else each.strip() for each in raw.splitlines() if each.strip()] or None
    return None if raw == "" else _typed(field, raw, posted.get(f"{name}.unit", ""))


def _rows(field: Field, posted: Posted, name: str, problems: dict[str, str]) -> list[dict[str, Any]] | None:
    """The rows in which anything was entered."""
    start = re.compile(rf"{re.escape(name)}\.(\d{{1,4}})\.")
    numbers = sorted({int(found[1]) for key in posted if (found := start.match(key))})
    rows = []
    for number in numbers[:MOST_ROWS]:
        at = f"{name}.{number}."
        if any(value.strip() for key in posted if key.startswith(at) for value in posted.getlist(key) if _says(key)):
            rows.append(_values(field.fields, posted, at, problems))
    return rows


def _says(key: str) -> bool:
    """Whether the input says anything of itself; the unit of a duration does not."""
    return not key.endswith(".unit")


def _typed(field: Field, raw: str, unit: str) -> Any:
    if field.kind == "integer":
        return int(raw)
    if field.kind in ("number", "money"):
        return _number(raw)
    if field.kind == "duration":
        return from_unit(raw, unit)
    if field.kind == "yes-no":
        return raw == "true"
    return _chosen(field, raw)


def _chosen(field: Field, raw: str) -> Any:
    """The option whose text came back; anything else as it is, for the schema to judge."""
    return next((option.value for option in field.options if _text(option.value) == raw), raw)


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _number(raw: str) -> int | float:
    """A number that JSON can say; ValueError for the rest, such as `nan`."""
    raw = raw.strip()
    if re.fullmatch(r"-?\d{1,15}", raw):
        return int(raw)
    number = float(raw.replace(",", "."))
    if not math.isfinite(number):
        raise ValueError(raw)
    return number
