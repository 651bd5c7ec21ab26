"""FEEL's own functions by name, with the names of their values, as they may be called.

Sources: OMG DMN 1.5 §10.3.4; Camunda 8's FEEL reference for what stands under EXTENSIONS. Functions whose result is
not given by their values and the instant of the step (random numbers, identifiers) are refused by name.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bpm.engine.expressions.feel.functions.contexts import CONTEXTS
from bpm.engine.expressions.feel.functions.lists import ASSERTIONS, LISTS, are_simple, as_list
from bpm.engine.expressions.feel.functions.ranges import RANGES
from bpm.engine.expressions.feel.functions.sorting import CALLING
from bpm.engine.expressions.feel.functions.texts_and_numbers import NUMBERS, TEXTS, Function
from bpm.engine.expressions.feel.functions.times import TIMES
from bpm.engine.expressions.feel.scope import Run
from bpm.engine.plain_values import weight

STANDARD = """
not(negand) date(from) date(year, month, day) date and time(from) date and time(date, time)
date and time(year, month, day, hour, minute, second) date and time(year, month, day, hour, minute, second, offset)
time(from) time(hour, minute, second) time(hour, minute, second, offset) number(from) number(from, grouping separator)
number(from, grouping separator, decimal separator) string(from) duration(from)
years and months duration(from, to) range(from)
substring(string, start position) substring(string, start position, length) string length(string) upper case(string)
lower case(string) substring before(string, match) substring after(string, match) contains(string, match)
starts with(string, match) ends with(string, match) matches(input, pattern) matches(input, pattern, flags)
replace(input, pattern, replacement) replace(input, pattern, replacement, flags) split(string, delimiter)
string join(list) string join(list, delimiter)
list contains(list, element) count(list) min(list) min(...) max(list) max(...) sum(list) sum(...) mean(list) mean(...)
all(list) all(...) any(list) any(...) sublist(list, start position) sublist(list, start position, length)
append(list, item) append(...) concatenate(...) insert before(list, position, newItem) remove(list, position)
list replace(list, position, newItem) list replace(list, match, newItem) reverse(list) index of(list, match)
union(...) distinct values(list) flatten(list) product(list) product(...) median(list) median(...) stddev(list)
stddev(...) mode(list) mode(...) sort(list) sort(list, precedes)
decimal(n, scale) floor(n) floor(n, scale) ceiling(n) ceiling(n, scale) round up(n, scale) round down(n, scale)
round half up(n, scale) round half down(n, scale) abs(n) abs(number) modulo(dividend, divisor) sqrt(number)
log(number) exp(number) odd(number) even(number)
is(value1, value2) before(point1, point2) before(range1, range2) before(point, range) before(range, point)
after(point1, point2) after(range1, range2) after(point, range) after(range, point) meets(range1, range2)
met by(range1, range2) overlaps(range1, range2) overlaps before(range1, range2) overlaps after(range1, range2)
finishes(point, range) finishes(range1, range2) finished by(range, point) finished by(range1, range2)
includes(range, point) includes(range1, range2) during(point, range) during(range1, range2) starts(point, range)
starts(range1, range2) started by(range, point) started by(range1, range2) coincides(point1, point2)
coincides(range1, range2)
day of year(date) day of week(date) month of year(date) week of year(date) now() today()
get value(m, key) get value(context, key) get value(context, keys) get entries(m) get entries(context)
context(entries) context put(context, key, value) context put(context, keys, value) context merge(contexts)
"""

EXTENSIONS = """
is defined(value) get or else(value, default) assert(value, condition) assert(value, condition, cause) trim(string)
is blank(string) to base64(value) extract(string, pattern) string join(list, delimiter, prefix)
string join(list, delimiter, prefix, suffix) duplicate values(list) partition(list, size) is empty(list)
last day of month(date) date and time(date and time, timezone) round(n) round(n, scale) round up(n) round down(n)
round half up(n) round half down(n) number(value) fn_date(from) fn_now() Decimal(from)
cycle(interval) cycle(repetitions, interval) from json(value) to json(value)
"""

_REFUSED = {
    "uuid": "makes another value each time", "random number": "makes another value each time",
    "from ai": "asks a service", "fromAi": "asks a service",
}  # fmt: skip
_NAMED_OTHERWISE = {"assert": "assert_that", "fn_date": "date", "fn_now": "now", "Decimal": "number"}
_TRUTHS = frozenset(
    ["not", "all", "any", "contains", "starts with", "ends with", "list contains", "is defined", "odd", "even",
     "matches", "is", "is blank", "is empty", *(name.replace("_", " ") for name in RANGES if name != "range")]
)  # fmt: skip
_MOMENTS = frozenset({"date", "time", "date and time", "duration"})


@dataclass(frozen=True)
class Builtin:
    """A function of the language; `forms` are the names of its values, one tuple for each way to call it."""

    name: str
    forms: tuple[tuple[str, ...], ...]
    function: Function = field(compare=False)
    with_run: bool = False
    """Whether it wants the evaluation itself as its first value: the instant, or functions that it calls."""

    @property
    def is_truth(self) -> bool:
        return self.name in _TRUTHS

    @property
    def is_moment(self) -> bool:
        return self.name in _MOMENTS

    def takes(self, count: int, names: Sequence[str] = ()) -> bool:
        """Whether it can be called with so many values, or with values of these names."""
        if names:
            return any(set(names) == set(form) for form in self.forms)
        return any(len(form) == count or (form == ("...",) and count > 0) for form in self.forms)

    def call(self, arguments: Sequence[Any], names: Sequence[str] = (), run: Run | None = None) -> Any:
        """What it comes to; null where it does not take these values."""
        if not self.takes(len(arguments), names):
            return None
        if run is not None and self.name in _COSTS:
            run.budget.pay(_COSTS[self.name](arguments))
        if names:
            form = next(form for form in self.forms if set(names) == set(form))
            given = dict(zip(names, arguments, strict=True))
            arguments = [given[name] for name in form]
        return self.function(run, *arguments) if self.with_run else self.function(*arguments)


def _of_pairs(arguments: Sequence[Any]) -> int:
    """Steps of comparing each item with each, where they are no simple ones."""
    items = [item for each in arguments for item in as_list(each)]
    return 0 if are_simple(items) else len(items) * weight(items, MOST_WEIGHT) // 8


def _of_pattern(arguments: Sequence[Any]) -> int:
    return sum(len(each) for each in arguments if isinstance(each, str)) // 8


MOST_WEIGHT = 1_000_000
_COSTS: Mapping[str, Callable[[Sequence[Any]], int]] = {
    **dict.fromkeys(("distinct values", "duplicate values", "union"), _of_pairs),
    **dict.fromkeys(("matches", "replace", "split", "extract"), _of_pattern),
}
"""What some functions cost beside the weight of their values."""


def _negated(value: Any) -> bool | None:
    return not value if isinstance(value, bool) else None


_PLAIN: Mapping[str, Function] = {
    **TEXTS, **NUMBERS, **LISTS, **ASSERTIONS, **TIMES, **CONTEXTS, **RANGES, "not": _negated,
}  # fmt: skip
_WITH_RUN: Mapping[str, Callable[..., Any]] = {
    **CALLING,
    "now": lambda run: run.now,
    "today": lambda run: run.now.date(),
}


def _table(text: str) -> dict[str, Builtin]:
    forms: dict[str, list[tuple[str, ...]]] = {}
    for part in " ".join(text.split()).split(")")[:-1]:
        name, _, values = part.strip().partition("(")
        forms.setdefault(name, []).append(tuple(each.strip() for each in values.split(",") if each.strip()))
    return {name: _builtin(name, tuple(ways)) for name, ways in forms.items()}


def _builtin(name: str, forms: tuple[tuple[str, ...], ...]) -> Builtin:
    key = _NAMED_OTHERWISE.get(name, name.replace(" ", "_"))
    return Builtin(name, forms, _WITH_RUN.get(key) or _PLAIN[key], with_run=key in _WITH_RUN)


BUILTINS: Mapping[str, Builtin] = _table(STANDARD + EXTENSIONS)


def find(name: str) -> Builtin | None:
    return BUILTINS.get(name)


def why_not(name: str) -> str:
    """What is said of a function that is not there."""
    if name in _REFUSED:
        return f"The function {name}(...), which {_REFUSED[name]} and is not executed,"
    return f"The function {name}(...), which has no counterpart here,"


def moment(text: str) -> Any:
    """What `@"..."` stands for; None where it is no date, time or duration."""
    for name in ("date", "date_and_time", "time", "duration"):
        if (found := TIMES[name](text)) is not None:
            return found
    return None
