"""What people and programs may hand in: names and values that do no harm, and that fit the form."""

from typing import Any

import pytest

from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.errors import InvalidInputError, TooLargeError
from tests.engine import acting
from tests.engine.models import ONE_TASK, begin, go_live
from tests.engine.refund_forms import FOR_SERVICE, FORM


@pytest.mark.parametrize("name", ["_state", "lambda", "", "variable", "x" * 300])
def test_names_that_would_hide_the_engines_own_are_refused(app: App, name: str) -> None:
    go_live(app, ONE_TASK)
    with pytest.raises(InvalidInputError) as refused, app.unit_of_work() as work:
        engine.start(work, "one", {name: 1})
    assert name in refused.value.fields


@pytest.mark.parametrize(
    ("values", "field", "says"),
    [
        ({}, "answer", "answer this"),
        ({"answer": ""}, "answer", "answer this"),
        ({"answer": "ok", "kind": "maybe"}, "kind", "yes, no"),
        ({"answer": "ok", "amount": "3"}, "amount", "a number"),
        ({"answer": "ok", "amount": -1}, "amount", "0 or more"),
        ({"answer": "ok", "role": "admin"}, "role", "no such field"),
        ({"answer": "ok", "_x": 1}, "_x", "no such field"),
    ],
)
def test_a_form_says_at_the_field_what_is_wrong(app: App, values: dict[str, Any], field: str, says: str) -> None:
    go_live(app, FOR_SERVICE, forms={"Answer": FORM})
    begin(app, "served")
    (item,) = acting.items(app)
    with pytest.raises(InvalidInputError) as refused, app.unit_of_work() as work:
        engine.complete(work, item.id, values)
    assert says in refused.value.fields[field]
    assert acting.open_elements(app) == ["Answer"]


@pytest.mark.parametrize("value", [{1, 2}, object(), 2**70, "a\x00b"])
def test_values_that_are_no_plain_json_are_refused(app: App, value: Any) -> None:
    go_live(app, ONE_TASK)
    with pytest.raises(InvalidInputError), app.unit_of_work() as work:
        engine.start(work, "one", {"value": value})
    assert acting.items(app) == ()


def test_more_than_the_limit_is_refused_by_its_size(app: App) -> None:
    go_live(app, ONE_TASK)
    with pytest.raises(TooLargeError, match="bytes"), app.unit_of_work() as work:
        engine.start(work, "one", {"text": "x" * 1_000_001})
