"""A form's schema is walked, every part of it that could judge a value, before anything is executed.

1. The size comes first: what is too large is not looked into.
2. From the root every subschema is visited once, by its JSON Pointer (RFC 6901); a `$ref` leads on within the document,
   to another place of a schema and never into data (`default`, `const`, `enum`, `examples`).
3. Each visited part gives its weight: how many subschemas a value may meet below it once every `$ref` is expanded.
   Parts that are asked for twice weigh twice, so that doubling forty times is seen without being done.
Source: JSON Schema 2020-12, core §10 and validation §6.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

import orjson

from bpm.engine.form_schemas.patterns import compiled, problem_of

LARGEST = 200_000
"""Bytes of one form's JSON."""
DEEPEST = 40
"""Subschemas inside one another, a `$ref` counted as one."""
MOST_PARTS = 2_000
"""Subschemas of one form, every `$ref` expanded."""
MOST_PATTERNS = 100
"""Patterns of one form."""
LARGEST_PROGRAMS = 200_000
"""Instructions of all patterns of one form: ten of `^.{0,1000}$`."""
MOST_PROBLEMS = 50

MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
SINGLES = ("items", "additionalProperties", "propertyNames", "contains", "not", "if", "then", "else")
_STORED = ("$defs", "definitions")
"""Parts that judge nothing until a `$ref` leads there."""
RULES = frozenset(
    (
        *("type", "enum", "const", "format", "pattern", "minLength", "maxLength"),
        *("multipleOf", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
        *("minItems", "maxItems", "uniqueItems", "minContains", "maxContains"),
        *("minProperties", "maxProperties", "required", "dependentRequired"),
    )
)
NOTES = frozenset(
    ("title", "description", "default", "deprecated", "readOnly", "writeOnly", "examples", "$comment")
)  # fmt: skip
_NOT_SHOWN = frozenset(("deprecated", "writeOnly", "examples"))
_FORMATS = frozenset(
    ("date", "date-time", "time", "duration", "email", "idn-email", "uri", "textarea", "ipv4", "ipv6", "uuid")
)
"""What is checked, or drawn as a field of its own."""
_UNSUPPORTED = {
    "$dynamicRef": "Write a $ref to a place under $defs.",
    "$recursiveRef": "Write a $ref to a place under $defs.",
    "$dynamicAnchor": "Name the place with a JSON Pointer, as #/$defs/name.",
    "$recursiveAnchor": "Name the place with a JSON Pointer, as #/$defs/name.",
    "$anchor": "Name the place with a JSON Pointer, as #/$defs/name.",
    "$vocabulary": "Leave it out: a form is no dialect of its own.",
    "unevaluatedProperties": "Write additionalProperties beside the properties.",
    "unevaluatedItems": "Write items beside prefixItems.",
    "dependencies": "Write dependentRequired or dependentSchemas.",
    "additionalItems": "Write items beside prefixItems.",
    "extends": "Write allOf.",
    "disallow": "Write not.",
    "divisibleBy": "Write multipleOf.",
}
_DIALECTS = frozenset(
    {f"http://json-schema.org/draft-{number}/schema" for number in ("04", "06", "07")}
    | {f"https://json-schema.org/draft/{year}/schema" for year in ("2019-09", "2020-12")}
)


@dataclass(frozen=True)
class Problem:
    """One thing wrong at `place`, a JSON Pointer from the form's root ("" is the root)."""

    place: str
    code: str
    message: str
    remedy: str
    severity: str = "error"


def problems_of(schema: Any) -> tuple[Problem, ...]:
    """Every problem of one form's schema, at most MOST_PROBLEMS; an error among them means: do not execute it."""
    if not isinstance(schema, dict):
        return (Problem("", "form-not-schema", "It is no JSON object.", "Write a JSON Schema of type object."),)
    size = size_of(schema)
    if size is None:
        return (Problem("", "form-not-schema", "It is nested too deeply, or no JSON.", "Ask for less in one form."),)
    if size > LARGEST:
        message = f"It has {size} bytes; at most {LARGEST} are read."
        return (Problem("", "form-too-large", message, "Ask for less in one form."),)
    walk = _Walk(schema)
    walk.visit("", schema, depth=0)
    return (*walk.problems, *walk.unused)


def size_of(schema: Any) -> int | None:
    """Bytes of a schema's JSON; None for what is none, or is nested more than some 250 deep."""
    try:
        return len(orjson.dumps(schema))
    except TypeError:
        return None


@dataclass
class _Walk:
    """One walk over one schema."""

    root: Mapping[str, Any]
    problems: list[Problem] = field(default_factory=list)
    weights: dict[str, tuple[int, int]] = field(default_factory=dict)
    """Place -> (weight, height), once visited."""
    under_way: set[str] = field(default_factory=set)
    patterns: int = 0
    program: int = 0
    """Instructions of all patterns so far."""
    too_large: bool = False
    too_deep: bool = False
    unused: list[Problem] = field(default_factory=list)
    """What is taken and does nothing: told behind all that is in the way, and never in its stead."""

    def say(self, place: str, code: str, message: str, remedy: str, severity: str = "error") -> None:
        found = self.problems if severity == "error" else self.unused
        if len(found) < MOST_PROBLEMS:
            found.append(Problem(place, code, message, remedy, severity))
        elif len(found) == MOST_PROBLEMS:
            message = f"There are more than {MOST_PROBLEMS} of these; the next is here."
            found.append(Problem(place, code, message, "Mend the others, and the rest is listed, too.", severity))

    def visit(self, place: str, part: Any, *, depth: int) -> tuple[int, int]:
        """Look at the subschema `part` and all below; (its weight, its height)."""
        if place in self.weights:
            weight, height = self.weights[place]
            if depth + height > DEEPEST:
                self._too_deep(place)
            return weight, height
        if depth > DEEPEST:
            self._too_deep(place)
            return 1, 1
        if not isinstance(part, dict):
            if not isinstance(part, bool):
                self.say(place, "form-not-schema", "It is no schema.", "Write an object, true or false there.")
            return self._known(place, 1, 1)
        if place in self.under_way:
            self.say(place, "form-recursive", "It contains itself.", "Write out as many levels as people fill in.")
            return 1, 1
        self.under_way.add(place)
        self._look_at(place, part)
        weight, height = self._below(place, part, depth)
        self.under_way.discard(place)
        return self._known(place, weight, height)

    def _known(self, place: str, weight: int, height: int) -> tuple[int, int]:
        if weight > MOST_PARTS:
            self._too_large(place, f"It comes to more than {MOST_PARTS} parts once every $ref is followed.")
        # Capped, so that doubling on and on makes no number of a thousand digits.
        self.weights[place] = min(weight, MOST_PARTS + 1), height
        return self.weights[place]

    def _too_deep(self, place: str) -> None:
        if not self.too_deep:
            self.say(place, "form-not-schema", "It is nested too deeply.", "Ask for less in one form.")
        self.too_deep = True

    def _below(self, place: str, part: Mapping[str, Any], depth: int) -> tuple[int, int]:
        weight, height = 1, 1
        for keyword, where, child in self._children(place, part):
            if self.too_large or len(self.problems) >= MOST_PROBLEMS:
                break
            below, tall = self.visit(where, child, depth=depth + 1)
            if keyword not in _STORED:
                weight, height = weight + below, max(height, tall + 1)
        return weight, height

    def _children(self, place: str, part: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
        for keyword, value in part.items():
            where = f"{place}/{_escaped(keyword)}"
            if keyword == "$ref":
                yield from self._target(where, value)
            elif keyword in SINGLES:
                yield keyword, where, value
            elif keyword in MAPS or keyword in LISTS:
                wanted = dict if keyword in MAPS else list
                if not isinstance(value, wanted):
                    kind = "object" if wanted is dict else "list"
                    self.say(where, "form-not-schema", f"It is no {kind}.", f"Write a JSON {kind} of schemas.")
                    continue
                pairs = value.items() if isinstance(value, dict) else enumerate(value)
                yield from ((keyword, f"{where}/{_escaped(str(name))}", child) for name, child in pairs)

    def _target(self, where: str, ref: Any) -> Iterator[tuple[str, str, Any]]:
        if not isinstance(ref, str):
            self.say(where, "form-not-schema", "A $ref is a text.", "Write it as #/$defs/name.")
            return
        if not ref.startswith("#"):
            message = f"{ref[:200]!r} is another document; forms stand alone and nothing is fetched."
            self.say(where, "form-remote", message, "Copy what it says into the form, under $defs.")
            return
        found = subschema_at(self.root, ref)
        if found is None:
            message = f"{ref[:200]!r} leads to no schema within the form."
            self.say(where, "form-ref", message, "Name a place of a schema, as #/$defs/name, never one inside data.")
            return
        yield "$ref", unquote(ref[1:]), found

    def _look_at(self, place: str, part: Mapping[str, Any]) -> None:
        self._dialect(place, part)
        for keyword in part:
            self._keyword(place, keyword, part)
        found = [(f"{place}/pattern", part["pattern"])] if isinstance(part.get("pattern"), str) else []
        by_pattern = part.get("patternProperties")
        if isinstance(by_pattern, dict):
            found += [(f"{place}/patternProperties/{_escaped(each)}", each) for each in by_pattern]
        for where, pattern in found:
            if self.too_large:
                return
            self._pattern(where[:300], pattern)

    def _dialect(self, place: str, part: Mapping[str, Any]) -> None:
        for keyword in ("$schema", "$id", "id"):
            value = part.get(keyword)
            if value is None or (keyword == "id" and not isinstance(value, str)):
                continue
            if place:
                message = f"A document of its own within the form is not supported: {keyword}."
                self.say(f"{place}/{keyword}", "form-keyword", message, "Leave it out.")
            elif keyword == "$schema" and str(value).rstrip("#") not in _DIALECTS:
                message = f"The dialect {str(value)[:200]!r} is not known here."
                self.say("/$schema", "form-keyword", message, "Write https://json-schema.org/draft/2020-12/schema.")

    def _keyword(self, place: str, keyword: str, part: Mapping[str, Any]) -> None:
        where = f"{place}/{_escaped(keyword)}"
        if keyword in _UNSUPPORTED:
            self.say(where, "form-keyword", f"{keyword} is not supported in forms.", _UNSUPPORTED[keyword])
            return
        known = keyword in RULES or keyword in NOTES or keyword in MAPS or keyword in LISTS or keyword in SINGLES
        if keyword in _NOT_SHOWN:
            message = f"{keyword} is not shown, and changes nothing."
            self.say(where[:300], "form-keyword-unused", message, "Say it in the description, or let it stand.", "info")
        if keyword == "format" and isinstance(part["format"], str) and part["format"] not in _FORMATS:
            message = f"The format {part['format'][:100]!r} is not checked here."
            self.say(where[:300], "form-keyword-unknown", message, "Write a pattern, or let it stand.", "warning")
        if known or keyword in ("$ref", "$schema", "$id", "id") or keyword.startswith("x-"):
            return
        message = f"{keyword[:100]!r} is no keyword that is known here; nothing is checked by it."
        self.say(where[:300], "form-keyword-unknown", message, "Leave it out, or begin its name with x-.", "warning")

    def _pattern(self, where: str, pattern: str) -> None:
        if problem := problem_of(pattern):
            self.say(where, "form-pattern", problem, "Write a simpler pattern, or several under allOf.")
            return
        self.patterns, self.program = self.patterns + 1, self.program + compiled(pattern).size
        if self.patterns > MOST_PATTERNS or self.program > LARGEST_PROGRAMS:
            self._too_large(where, f"There are more than {MOST_PATTERNS} patterns, or they repeat too much together.")

    def _too_large(self, place: str, message: str) -> None:
        if not self.too_large:
            self.say(place, "form-too-large", message, "Ask for less in one form.")
        self.too_large = True


def subschema_at(root: Any, ref: str) -> dict[str, Any] | bool | None:
    """The subschema that a `$ref` of the form `#/...` names; None where the way leads out of schemas or nowhere."""
    place = unquote(ref[1:])
    if not ref.startswith("#") or (place and not place.startswith("/")):
        return None
    part, steps = root, [_unescaped(step) for step in place.split("/")[1:]]
    while steps:
        keyword, *steps = steps
        part = part.get(keyword) if isinstance(part, dict) else None
        if keyword in SINGLES:
            continue
        if not steps or keyword not in (*MAPS, *LISTS):
            return None
        name, *steps = steps
        part = _child(part, name)
    return part if isinstance(part, dict | bool) else None


def _child(part: Any, name: str) -> Any:
    if isinstance(part, dict):
        return part.get(name)
    if isinstance(part, list) and name.isascii() and name.isdigit() and len(name) < 6 and int(name) < len(part):
        return part[int(name)]
    return None


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _unescaped(name: str) -> str:
    return name.replace("~1", "/").replace("~0", "~")
