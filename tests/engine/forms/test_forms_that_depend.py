"""Fields that depend on others: shown, asked for and offered by what is entered, and judged so by the server."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.engine.forms import Field, Form, Limits, Option, Section, form_of, schema_of
from bpm.engine.forms.conditions import settle
from tests.thoroughness import examples

NOW = datetime(2026, 3, 2, tzinfo=UTC)


def shown(form: Form, known: dict[str, Any], values: dict[str, Any]) -> list[str]:
    return [field.name for field in settle(form, known, values, now=NOW).fields()]


def form_with(**condition: Any) -> Form:
    asked = Field("found", "yes-no", "Found", required=True)
    return Form((Section((asked, Field("amount", "number", "Amount", required=True, **condition))),))


@pytest.mark.parametrize("text", ["feel:=found", "feel:=found = true", "juel:${found}", "python:found"])
def test_a_field_is_hidden_until_its_condition_holds(text: str) -> None:
    form = form_with(visible_if=(text,))
    assert shown(form, {}, {}) == ["found"]
    assert shown(form, {}, {"found": False}) == ["found"]
    assert shown(form, {}, {"found": True}) == ["found", "amount"]
    assert shown(form, {"found": True}, {}) == ["found", "amount"]


def test_a_field_is_shown_until_what_hides_it_holds() -> None:
    form = form_with(hidden_if=("feel:=found",))
    assert shown(form, {}, {}) == ["found", "amount"]
    assert shown(form, {}, {"found": True}) == ["found"]


def test_a_condition_that_fails_for_another_reason_leaves_the_field_shown() -> None:
    assert shown(form_with(visible_if=("juel:${nobody.knows.it}",)), {}, {"found": True}) == ["found", "amount"]


def test_options_and_computed_values_follow_the_values() -> None:
    form = Form((Section((
        Field("shop", "choice", "Shop", options_from="feel:=for s in shops return {label: s.name, value: s.id}"),
        Field("gross", "computed", "Gross", value_from="feel:=net * 2", read_only=True),
    )),))  # fmt: skip
    shop, gross = settle(form, {"shops": [{"name": "North", "id": 7}]}, {"net": 5}, now=NOW).fields()
    assert shop.options == (Option(7, "North"),)
    assert gross.default == 10


names = st.from_regex(r"[a-z][a-z_]{0,8}", fullmatch=True)
words = st.text("abc äöü", max_size=12).map(str.strip)
plain_kinds = st.sampled_from(["text", "long text", "number", "integer", "money", "yes-no", "check", "date", "time",
                               "date-time", "duration", "email", "link", "lines"])  # fmt: skip


@st.composite
def fields(draw: st.DrawFn, depth: int = 0) -> Field:
    name, label, is_needed = draw(names), draw(words.filter(bool)), draw(st.booleans())
    kind = draw(
        st.sampled_from(["choice", "many", "group", "list"]) if depth < 2 and draw(st.booleans()) else plain_kinds
    )
    if kind in ("group", "list"):
        inner = draw(st.lists(fields(depth + 1), min_size=1, max_size=3, unique_by=lambda each: each.name))
        return Field(name, kind, label, required=is_needed, fields=tuple(inner))
    if kind in ("choice", "many"):
        values = draw(st.lists(words.filter(bool), min_size=1, max_size=3, unique=True))
        return Field(
            name, kind, label, required=is_needed, options=tuple(Option(each, each.upper()) for each in values)
        )
    limits = Limits(minimum=draw(st.none() | st.integers(0, 9))) if kind in ("number", "integer", "money") else Limits()
    hidden = draw(st.sampled_from([(), ("feel:=other",)])) if depth == 0 else ()
    return Field(name, kind, label, draw(words), required=is_needed, read_only=draw(st.booleans()), limits=limits,
                 hidden_if=hidden, suffix=draw(st.sampled_from(["", "EUR"])))  # fmt: skip


@examples(100)
@given(st.lists(st.lists(fields(), min_size=1, max_size=4), min_size=1, max_size=3), words)
def test_a_form_comes_back_from_its_schema_as_it_was(groups: list[list[Field]], title: str) -> None:
    taken: set[str] = set()
    sections = []
    for number, group in enumerate(groups):
        kept = [field for field in group if field.name not in taken and not taken.add(field.name)]  # type: ignore[func-returns-value]  # adds as it looks
        sections.append(Section(tuple(kept), title if number else ""))
    form = Form(tuple(section for section in sections if section.fields), title="F")
    assert form_of(schema_of(form)) == form
