"""Values are judged by a form's schema with a budget: no schema and no value can make it take long, or reach out.

The library judges; ours are the registry, which is empty and retrieves nothing, the patterns (see `patterns`), and the
budget, which every keyword pays before it looks. Text and lists are paid by their size, because the library writes
them out in each of its messages.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker, SchemaError, ValidationError
from jsonschema.validators import extend
from referencing import Registry

from bpm.engine.form_schemas.patterns import compiled
from bpm.engine.form_schemas.reading import Problem

MOST_WORK = 50_000_000
"""Units of one judgement; a million take about a fiftieth of a second."""
PER_KEYWORD = 500
"""Units of one keyword at one value."""
LONGEST_FORMATTED = 2_000
"""Characters of a text whose format is looked at; none of the formats needs as many."""
CHECKED_FORMATS = ("date", "email", "idn-email", "ipv4", "ipv6", "time", "uuid")

Rule = Callable[[Any, Any, Any, Any], Iterator[ValidationError]]


_LISTED = (dict, list)


class TooMuchWorkError(Exception):
    """Judging these values by this schema was given up, because it took more work than MOST_WORK."""


_FORMATS = FormatChecker(formats=CHECKED_FORMATS)


class _Budget:
    """What one judgement may still spend; the library hands it, in its checker's stead, to every keyword."""

    def __init__(self, values: Any) -> None:
        self.left = MOST_WORK
        self._sizes: dict[int, int] = {}
        self._measure(values)

    def spend(self, units: int) -> None:
        self.left -= units
        if self.left < 0:
            raise TooMuchWorkError

    def size(self, value: Any) -> int:
        """Characters and members of `value`, about."""
        if isinstance(value, str):
            return len(value)
        return self._sizes.get(id(value), 1)

    def _measure(self, value: Any) -> int:
        if isinstance(value, dict):
            total = sum(len(str(name)) + self._measure(each) for name, each in value.items())
        elif isinstance(value, list):
            total = sum(map(self._measure, value))
        else:
            return self.size(value)
        self._sizes[id(value)] = total + len(value) + 1
        return self._sizes[id(value)]


def validator_of(schema: Mapping[str, Any]) -> Any:
    """The validator of a schema in which `reading.problems_of` found no error."""
    bare = {keyword: value for keyword, value in schema.items() if keyword not in ("$schema", "$id", "id")}
    return _Bounded(bare, registry=Registry())


def misfits(validator: Any, values: Mapping[str, Any]) -> Iterator[ValidationError]:
    """What is wrong with `values`; TooMuchWorkError when it would take too long to say."""
    plain = dict(values)
    yield from validator.evolve(format_checker=_Budget(plain)).iter_errors(plain)


def shape_problem(schema: Mapping[str, Any]) -> Problem | None:
    """What the standard's own schema of schemas says against `schema`; costs a second at the largest."""
    try:
        Draft202012Validator.check_schema(schema, format_checker=FormatChecker(formats=()))
    except SchemaError as error:
        place = "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in error.absolute_path)
        return Problem(place[:300], "form-not-schema", error.message[:300], "Mend the JSON Schema there.")
    except RecursionError:
        return Problem("", "form-not-schema", "It is nested too deeply.", "Ask for less in one form.")
    return None


def _paid(keyword: str, rule: Rule) -> Rule:
    """The rule, paid for before it looks."""
    # These put the same value before each of their schemas, or compare it with each of their members.
    times = keyword in ("allOf", "anyOf", "oneOf", "patternProperties", "dependentSchemas", "enum")

    def judge(validator: Any, wanted: Any, instance: Any, schema: Any) -> Any:
        budget = validator.format_checker
        members = len(wanted) if isinstance(wanted, _LISTED) else 1
        # Written out, because every keyword of every value passes here.
        budget.left -= PER_KEYWORD + members + budget.size(instance) * (members if times else 1)
        if budget.left < 0:
            raise TooMuchWorkError
        return rule(validator, wanted, instance, schema)

    return judge


def _found(validator: Any, pattern: str, text: str) -> bool:
    made = compiled(pattern)
    validator.format_checker.spend(PER_KEYWORD + len(text) * max(1, made.size // 4))
    return made.found_in(text)


def _pattern(validator: Any, wanted: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, str) and not _found(validator, wanted, instance):
        yield ValidationError("The text does not have the form that is asked for.")


def _pattern_properties(validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    for pattern, schema in wanted.items():
        for name, value in instance.items():
            if _found(validator, pattern, name):
                yield from validator.descend(value, schema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, wanted: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    known, patterns = schema.get("properties", {}), schema.get("patternProperties", {})
    for name, value in instance.items():
        if name in known or any(_found(validator, pattern, name) for pattern in patterns):
            continue
        if wanted is False:
            yield ValidationError("There is no such field.", path=[name])
        else:
            yield from validator.descend(value, wanted, path=name)


def _unique_items(_validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if wanted and isinstance(instance, list) and len({_frozen(each) for each in instance}) < len(instance):
        yield ValidationError("Some of these are the same.")


def _frozen(value: Any) -> Any:
    """`value` so that it can be looked up; JSON's 1 and 1.0 are the same, 1 and true are not."""
    if isinstance(value, dict):
        return frozenset((name, _frozen(each)) for name, each in value.items())
    if isinstance(value, list):
        return tuple(map(_frozen, value))
    return (type(value), value) if isinstance(value, bool) else value


def _format(_validator: Any, wanted: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    long = isinstance(instance, str) and len(instance) > LONGEST_FORMATTED and wanted in CHECKED_FORMATS
    if long or not _FORMATS.conforms(instance, wanted):
        yield ValidationError(f"This does not look like a {wanted}.")


_OURS: dict[str, Rule] = {
    "pattern": _pattern,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "uniqueItems": _unique_items,
    "format": _format,
}
_Bounded = extend(
    Draft202012Validator,
    {keyword: _paid(keyword, _OURS.get(keyword, rule)) for keyword, rule in Draft202012Validator.VALIDATORS.items()},
)
