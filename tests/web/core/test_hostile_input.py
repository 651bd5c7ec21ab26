"""What strangers write into addresses and forms is answered, never an error of ours."""

from collections.abc import Callable

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from bpm.app import App
from bpm.engine import api as engine
from bpm.foundation.errors import InvalidInputError
from tests.web.conftest import Browser, put_live, start_refund
from web.core.targets import is_safe
from web.ui.free_values import FREE, read_free
from web.ui.posted import read_fields

SignIn = Callable[..., Browser]
LARGE = 10**20


def test_a_key_that_no_database_holds_is_a_page_that_is_not_there(web: Flask, signed_in: SignIn) -> None:
    browser = signed_in("alex", "admin")
    token = browser.token()
    for rule in web.url_map.iter_rules():
        numbers = {name for name, kind in rule._converters.items() if type(kind).__name__ == "KeyConverter"}
        if not numbers:
            continue
        path = rule.rule
        for name in rule.arguments:
            path = path.replace(f"<int:{name}>", str(LARGE)).replace(f"<{name}>", "refund")
        for method in (rule.methods or set()) & {"GET", "POST"}:
            answer = browser.client.open(path, method=method, data={"csrf_token": token} if method == "POST" else None)
            assert answer.status_code in {404, 405}, (method, path)


@pytest.mark.parametrize("written", ["²", "٣" * 5, "9" * 5000, str(LARGE), "nan", "-1", "1e999", "//[", "a\x00b"])
def test_no_list_breaks_on_what_its_address_says(app: App, signed_in: SignIn, written: str) -> None:
    put_live(app)
    browser = signed_in("alex", "admin")
    for path in (
        "/tasks",
        "/inbox",
        "/inbox/imports",
        "/processes/refund/instances",
        "/operations/failures",
        "/search",
    ):
        for name in ("after", "version", "version_id", "run", "customer", "text", "q"):
            assert browser.get(path, query_string={name: written}).status_code < 500, (path, name)


@pytest.mark.parametrize("written", ["nan", "inf", "-inf", "1e999", "9" * 5000])
def test_no_number_that_json_cannot_say_is_taken(signed_in: SignIn, app: App, written: str) -> None:
    schema = {"properties": {"amount": {"type": "number"}}}
    assert read_fields(schema, MultiDict({"amount": written}))[1]
    put_live(app)
    browser = signed_in("alex", "admin")
    answer = browser.post("/processes/refund/triggers/new", {"max_sentiment": written, "max_age_days": written})
    assert answer.status_code == 400


def test_free_values_that_only_look_like_json_stay_text() -> None:
    deep = "[" * 100_000
    values, problems = read_free(MultiDict({FREE.name: f"a = NaN\nb = {deep}"}))
    assert not problems
    assert values == {"a": "NaN", "b": deep}


@pytest.mark.parametrize("content", [b"[" * 100_000, b'{"a": NaN}', b'["\\u0000"]', b'"\xff"'])
def test_hostile_json_beside_a_model_is_named(content: bytes) -> None:
    with pytest.raises(InvalidInputError, match=r"tests\.json"):
        engine.read_bundle([("tests.json", content)])


@pytest.mark.parametrize("target", ["//evil.example", "/\\evil.example", "/\t/evil.example", "https://e.x", "//[", ""])
def test_nobody_is_led_away_after_signing_in(target: str) -> None:
    assert not is_safe(target)


@pytest.mark.both_databases
def test_a_text_that_the_database_cannot_hold_is_the_senders_mistake(app: App, signed_in: SignIn) -> None:
    browser = signed_in("alex", "admin")
    put_live(app)
    assert browser.get("/search", query_string={"q": "a\x00b"}).status_code in {200, 400}
    long = {"business_key": "x" * 100_000, "order": "A-1"}
    assert browser.post("/processes/refund/start", {**long, FREE.name: "order = A-1"}).status_code < 500
    assert browser.post("/processes/refund/retirement").status_code == 303


@pytest.mark.both_databases
def test_a_draft_is_held_to_what_every_database_keeps(app: App, signed_in: SignIn) -> None:
    put_live(app)
    start_refund(app)
    browser = signed_in("alex", "admin")
    answer = browser.post("/tasks/1/draft", {FREE.name: 'note = "\\u0000"', "note": "a\x00b", "reason": "a\x00b"})
    assert answer.status_code in {204, 400}
    assert browser.get("/tasks/1").status_code == 200
