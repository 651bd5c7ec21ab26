"""What of a form depends on its values: which fields are shown, which may be written, and what they offer.

Expressions see what the process knows with the form's values on top. One that cannot be worked out because a field of
the form is still empty does not hold; one that fails for any other reason leaves the field shown.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bpm.engine.expressions import tagged
from bpm.engine.forms.model import Field, Form, Option, Section
from bpm.foundation.errors import ExpressionError

Values = Mapping[str, Any]

MOST_OPTIONS = 1_000


def settle(form: Form, known: Values, values: Values, *, now: datetime) -> Form:
    """The form as it stands for these values: hidden fields are left out, options and computed values filled in."""
    names = {field.name for field in form.fields()}
    seen = {**_at_first(form), **known, **values}
    seen = {**dict.fromkeys(names - set(seen)), **seen} if _is_feel_only(form) else seen
    sections = []
    for section in form.sections:
        if _is_shown(section, seen, names, now):
            fields = _settled_fields(section.fields, seen, names, now)
            sections.append(replace(section, fields=fields))
    return replace(form, sections=tuple(sections))


def _settled_fields(fields: Iterable[Field], seen: Values, names: Iterable[str], now: datetime) -> tuple[Field, ...]:
    """The shown ones, those of groups as well; in the rows of a list nothing depends on values."""
    shown = [_settled(field, seen, now) for field in fields if _is_shown(field, seen, names, now)]
    return tuple(
        replace(each, fields=_settled_fields(each.fields, seen, names, now)) if each.kind == "group" else each
        for each in shown
    )


def _at_first(form: Form) -> dict[str, Any]:
    """What an untouched form says: defaults, and boxes that are not ticked."""
    return {
        each.name: False if each.default is None else each.default
        for each in form.fields()
        if each.name and (each.kind == "check" or each.default is not None) and not each.value_from
    }


def depends(form: Form) -> bool:
    """Whether anything of the form depends on values."""
    return any(section.visible_if or section.hidden_if for section in form.sections) or any(
        each.visible_if or each.hidden_if or each.options_from or each.read_only_if or each.value_from
        for each in every_field(form.fields())
    )


def every_field(fields: Iterable[Field]) -> Iterator[Field]:
    """Fields with those inside groups."""
    for field in fields:
        yield field
        if field.kind == "group":
            yield from every_field(field.fields)


def _is_feel_only(form: Form) -> bool:
    """Nothing is missing in FEEL: it is null."""
    return all(tagged.language_of(text) == "feel" for text in _texts(form))


def _texts(form: Form) -> Iterator[str]:
    parts: list[Section | Field] = [*form.sections, *every_field(form.fields())]
    for part in parts:
        yield from (*part.visible_if, *part.hidden_if)


def _is_shown(part: Field | Section, seen: Values, names: Iterable[str], now: datetime) -> bool:
    if any(_holds(text, seen, names, now, otherwise=False) for text in part.hidden_if):
        return False
    return not part.visible_if or any(_holds(text, seen, names, now, otherwise=True) for text in part.visible_if)


def _holds(text: str, seen: Values, names: Iterable[str], now: datetime, *, otherwise: bool) -> bool:
    try:
        return tagged.holds(text, seen, now=now) is True
    except ExpressionError:
        return otherwise and not _waits(text, seen, names)


def _waits(text: str, seen: Values, names: Iterable[str]) -> bool:
    """Whether the expression reads a field of the form that has no value yet."""
    try:
        read = tagged.parse(text).names
    except ExpressionError:
        return False
    return any(name in names and seen.get(name) is None for name in read)


def _settled(field: Field, seen: Values, now: datetime) -> Field:
    if field.options_from:
        field = replace(field, options=tuple(_options(_value(field.options_from, seen, now))))
    if field.read_only_if and _value(field.read_only_if, seen, now) is True:
        field = replace(field, read_only=True)
    if field.value_from:
        field = replace(field, default=_value(field.value_from, seen, now), read_only=True)
    return field


def _value(text: str, seen: Values, now: datetime) -> Any:
    try:
        return tagged.evaluate(text, seen, now=now)
    except ExpressionError:
        return None


def _options(found: Any) -> Iterator[Option]:
    """Values, or objects with `label` and `value`."""
    for each in found[:MOST_OPTIONS] if isinstance(found, list) else ():
        if isinstance(each, Mapping):
            value = each.get("value", each.get("label"))
            yield Option(value, str(each.get("label", value)))
        elif each is not None:
            yield Option(each, str(each))
