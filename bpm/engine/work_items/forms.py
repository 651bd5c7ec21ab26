"""Forms of work items: the JSON Schema of the version decides what may be sent, field by field."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from bpm.engine.definitions.version_cache import Runnable
from bpm.engine.form_schemas.reading import problems_of
from bpm.engine.form_schemas.validation import TooMuchWorkError, misfits, validator_of
from bpm.engine.forms import Field, is_made
from bpm.engine.forms.conditions import depends, settle
from bpm.engine.rules.variables import admit, plain
from bpm.foundation.errors import InvalidInputError, RefusedError
from bpm.foundation.texts import _

Schema = dict[str, Any]

MOST_NAMED = 100
"""Fields whose problems are told at once."""
LONGEST_TOLD = 300
"""Characters of what is told of one field."""

_KINDS = {
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "yes or no",
    "array": "a list",
    "object": "several values",
}


@dataclass(frozen=True)
class Situation:
    """In which the values come: what the process knows (asked only where a form depends on it), the time, by whom."""

    known: Callable[[], Mapping[str, Any]]
    now: datetime
    by_form: bool = False
    """Whether a person filled in the form itself."""


def find_schema(forms: Mapping[str, Any], *, form: str | None, element: str) -> Schema | None:
    """The schema of a form by its key, else by its element; None where the model declares no form."""
    found = forms.get(form) if form else None
    return cast("Schema | None", found if found is not None else forms.get(element))


def accept(
    runnable: Runnable, values: Mapping[str, Any], *, form: str | None, element: str, situation: Situation
) -> dict[str, Any]:
    """`values` if they fit the form; else InvalidInputError whose `fields` says what is wrong with each.

    Fields that the form hides for these values are not taken, and not asked for. A form that was made from what the
    model reads binds those who fill it in; programs may bring any variables.
    """
    schema = find_schema(runnable.forms, form=form, element=element)
    if schema is None:
        return admit(values)
    key = str(form if form in runnable.forms else element)
    if is_made(schema) and not situation.by_form:
        _refuse(_of_fields(_misfits(_validator(runnable, schema, key), plain(values)), schema.get("x-asked", ())))
        return admit(values)
    values, more = _settled(runnable, key, plain(values), situation)
    _refuse({**_undeclared(schema, values), **_misfits(_validator(runnable, schema, key), values), **more})
    return admit(values)


def _refuse(fields: Mapping[str, str]) -> None:
    if fields:
        raise InvalidInputError(
            "The form is not complete yet.",
            remedy=" ".join(f"{k}: {v}" for k, v in fields.items()),
            fields=dict(fields),
        )


def _of_fields(problems: Mapping[str, str], names: Iterable[str]) -> dict[str, str]:
    return {place: problem for place, problem in problems.items() if place.partition(".")[0] in names}


def _settled(
    runnable: Runnable, key: str, values: dict[str, Any], situation: Situation
) -> tuple[dict[str, Any], dict[str, str]]:
    """The values without those of hidden fields, computed ones filled in; and what is wrong with the rest."""
    form = runnable.form_at(key, key)
    if not depends(form):
        return values, {}
    known = situation.known()
    shown = [each for each in settle(form, known, values, now=situation.now).fields() if each.name]
    more: dict[str, str] = {}
    taken = _taken(shown, {each.name for each in form.fields()}, values, known, more)
    return plain(taken), more


def _taken(
    shown: Iterable[Field],
    names: Iterable[str],
    values: Mapping[str, Any],
    known: Mapping[str, Any],
    more: dict[str, str],
    at: str = "",
) -> dict[str, Any]:
    """What of the values shown fields bring; `more` gets what is missing, and what was chosen that is not offered."""
    taken = {name: value for name, value in values.items() if name not in names}
    for each in shown:
        value = values.get(each.name)
        if each.value_from:
            value = each.default
        elif each.read_only:
            value = known.get(each.name, value)
        elif each.kind == "group" and isinstance(value, Mapping):
            inner = known.get(each.name)
            value = _taken(each.fields, {f.name for f in each.fields} | set(value), value,
                           inner if isinstance(inner, Mapping) else {}, more, f"{at}{each.name}.")  # fmt: skip
        if value is not None:
            taken[each.name] = value
        if problem := _unfit(each, value):
            more[f"{at}{each.name}"] = problem
    return taken


def _unfit(field: Field, value: Any) -> str:
    if value in (None, "") and field.required and not field.read_only:
        return _("Please answer this.")
    if not field.options_from or field.read_only or value in (None, []):
        return ""
    chosen = value if field.kind == "many" and isinstance(value, list) else [value]
    offered = [option.value for option in field.options]
    return "" if all(each in offered for each in chosen) else _("Choose one of the list.")


def declared(schema: Schema | None, values: Mapping[str, Any]) -> dict[str, Any]:
    """What of `values` the form knows: for drafts, which may be incomplete but not bigger than the form."""
    if schema is None or not schema.get("properties"):
        return dict(values)
    return {name: value for name, value in values.items() if name in schema["properties"]}


def without_note(runnable: Runnable, values: dict[str, Any], *, form: str | None, element: str) -> dict[str, Any]:
    """What of the values becomes variables: a note about what was done stays with the task."""
    schema = find_schema(runnable.forms, form=form, element=element) or {}
    return {name: value for name, value in values.items() if name != schema.get("x-note")}


def _undeclared(schema: Schema, values: Mapping[str, Any]) -> dict[str, str]:
    if schema.get("additionalProperties"):
        return {}
    known = schema.get("properties", {})
    return {str(name): "This form has no such field." for name in values if name not in known}


def _validator(runnable: Runnable, schema: Schema, key: str) -> Any:
    """The schema's validator, kept with the version; RefusedError for a schema that was deployed before its bounds."""
    found = runnable.validators.get(key)
    if found is None:
        errors = [problem for problem in problems_of(schema) if problem.severity == "error"]
        if errors:
            raise RefusedError(
                f"The form {key} cannot be used: {errors[0].message}",
                place=f"#{errors[0].place}",
                remedy=f"{errors[0].remedy} Deploy the mended form, then move the running instances to that version.",
            )
        found = runnable.validators[key] = validator_of(schema)
    return found


def _misfits(validator: Any, values: Mapping[str, Any]) -> dict[str, str]:
    fields: dict[str, str] = {}
    try:
        for error in misfits(validator, values):
            for name, problem in _explain(error):
                fields.setdefault(name, problem[:LONGEST_TOLD])
            if len(fields) >= MOST_NAMED:
                break
    except TooMuchWorkError:
        raise InvalidInputError(
            "What was sent is too much for this form to be checked.",
            remedy="Send fewer or shorter values, or have the form ask for less.",
        ) from None
    except (TypeError, ValueError, AttributeError, LookupError, ArithmeticError) as error:
        raise RefusedError(
            f"The form itself is at fault: {str(error)[:LONGEST_TOLD]}.",
            remedy="Deploy a mended form, then move the running instances to that version.",
        ) from error
    return fields


def _explain(error: Any) -> Iterable[tuple[str, str]]:
    """(field, what is wrong in plain words) of one finding of the validator."""
    if error.validator == "required":
        missing = [name for name in error.validator_value if name not in error.instance]
        return [(".".join([*map(str, error.absolute_path), name]), _("Please answer this.")) for name in missing]
    place = ".".join(map(str, error.absolute_path))
    if not place:
        return [] if error.validator == "additionalProperties" else [("form", str(error.message))]
    return [(place, _in_words(error))]


def _in_words(error: Any) -> str:
    rule, limit = error.validator, error.validator_value
    words: dict[str, Callable[[], str]] = {
        "type": lambda: f"Give {_KINDS.get(limit, limit) if isinstance(limit, str) else ' or '.join(limit)}.",
        "enum": lambda: f"Choose one of {', '.join(map(str, limit))}.",
        "const": lambda: f"This has to be {limit}.",
        "minLength": lambda: _("Please answer this.") if limit == 1 else f"Write at least {limit} characters.",
        "maxLength": lambda: f"Write at most {limit} characters.",
        "minimum": lambda: f"Give {limit} or more.",
        "maximum": lambda: f"Give {limit} or less.",
        "exclusiveMinimum": lambda: f"Give more than {limit}.",
        "exclusiveMaximum": lambda: f"Give less than {limit}.",
        "minItems": lambda: _("Choose at least one.") if limit == 1 else f"Choose at least {limit}.",
        "maxItems": lambda: f"Choose at most {limit}.",
        "format": lambda: f"This does not look like a {limit}.",
        "pattern": lambda: "This does not have the form that is asked for.",
    }
    return words.get(rule, lambda: str(error.message))()
