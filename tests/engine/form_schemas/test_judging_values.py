"""Values are judged as the standard says: the same answers as the library gives without our bounds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bpm.engine.form_schemas.drawing import parts_of
from bpm.engine.form_schemas.patterns import PatternError, compiled, problem_of
from bpm.engine.form_schemas.reading import problems_of
from bpm.engine.form_schemas.validation import misfits, validator_of
from tests.thoroughness import examples

_NUMBERS = st.one_of(st.integers(-3, 3), st.sampled_from([0.5, 1.0, -2.0]))
_PLAIN = st.one_of(st.none(), st.booleans(), _NUMBERS, st.sampled_from(["", "a", "ab", "b1", "long text"]))
_VALUES = st.recursive(
    _PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "b", "c1"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def _schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    listed = st.lists(inner, min_size=1, max_size=3)
    named = st.dictionaries(st.sampled_from(["a", "b", "c1"]), inner, max_size=3)
    return st.fixed_dictionaries(
        {},
        optional={
            "type": st.sampled_from(["string", "number", "integer", "boolean", "array", "object", "null"]),
            "enum": st.lists(_VALUES, min_size=1, max_size=3),
            "const": _VALUES,
            "minimum": _NUMBERS,
            "multipleOf": st.sampled_from([1, 2, 0.5]),
            "minLength": st.integers(0, 3),
            "pattern": st.sampled_from(["^a", "[0-9]$", "^(a|b)+$", "x"]),
            "uniqueItems": st.booleans(),
            "minItems": st.integers(0, 2),
            "required": st.lists(st.sampled_from(["a", "b"]), unique=True),
            "properties": named,
            "patternProperties": st.dictionaries(st.sampled_from(["^a", "1$"]), inner, max_size=2),
            "additionalProperties": inner,
            "items": inner,
            "prefixItems": listed,
            "contains": inner,
            "allOf": listed,
            "anyOf": listed,
            "oneOf": listed,
            "not": inner,
            "if": inner,
            "then": inner,
            "else": inner,
            "propertyNames": inner,
            "dependentRequired": st.just({"a": ["b"]}),
        },
    )


_SCHEMAS = st.recursive(st.booleans(), _schemas, max_leaves=6).filter(lambda schema: isinstance(schema, dict))


@examples(300)
@given(_SCHEMAS, st.dictionaries(st.sampled_from(["a", "b", "c1"]), _VALUES, max_size=3))
def test_bounded_and_unbounded_judge_alike(schema: dict[str, Any], values: dict[str, Any]) -> None:
    assert problems_of(schema) == ()
    fits = next(misfits(validator_of(schema), values), None) is None
    assert fits is Draft202012Validator(schema).is_valid(values)


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (r"^\d{5}$", "01234", True),
        (r"^\d$", "٣", False),
        (r"^a$", "a\n", False),
        (r"^.$", "😀", True),
        (r"^.$", "\u2028", False),
        (r"^\s$", "\u00a0", True),
        (r"^[\s\S]$", "\n", True),
        (r"^[^\s]$", "\ufeff", False),
        (r"^\S+$", "a\u3000b", False),
        ("^\\u00e9\\x41$", "éA", True),
        (r"^\ud83d\ude00$", "😀", True),
        (r"^\u{1F600}$", "😀", True),
        (r"^\/\-\_\é$", "/-_é", True),
        (r"^[a[b]$", "[", True),
        (r"^[[:alpha:]]$", "x", False),
        (r"^\p{L}+$", "Žižek", True),
        (r"^(?<year>\d{4})-(?:0[1-9]|1[0-2])$", "2026-02", True),
        (r"^a{,2}$", "a{,2}", True),
        (r"\bfoo\b", "a foo.", True),
        (r"^[\b]$", "\b", True),
        (r"x", "\ud800x", True),
    ],
)
def test_a_pattern_means_what_it_means_to_a_browser(pattern: str, text: str, *, found: bool) -> None:
    assert compiled(pattern).found_in(text) is found


@pytest.mark.parametrize(
    "pattern",
    [r"(a)\1", r"a(?=b)", r"(?<!a)b", "(?i)a", "(?P<a>b)", "[]", "[^]", "(", "[a", "*", r"\Qa\E", r"\A", r"\cA", "\\"],
)
def test_what_another_engine_would_read_otherwise_is_refused_by_name(pattern: str) -> None:
    with pytest.raises(PatternError):
        compiled(pattern)
    assert pattern[:3] in problem_of(pattern).replace("\\\\", "\\")


def test_fields_are_drawn_from_where_their_reference_leads() -> None:
    schema = {
        "$defs": {"euro": {"type": "number", "title": "Euro"}},
        "properties": {
            "a": {"$ref": "#/$defs/euro", "title": "Paid"},
            "b": {"type": "array", "items": {"$ref": "#/$defs/euro"}},
            "c": True,
            "d": {"type": ["null", "integer"]},
            "e": {"$ref": "#/properties/e"},
        },
    }
    parts = parts_of(schema)
    assert parts["a"] == {"type": "number", "title": "Paid"}
    assert parts["b"]["items"] == {"type": "number", "title": "Euro"}
    assert (parts["c"], parts["d"], parts["e"]) == ({}, {"type": "integer"}, {})
    assert parts_of({"properties": []}) == parts_of(None) == {}
