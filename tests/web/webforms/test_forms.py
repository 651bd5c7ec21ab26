"""A form on another site: answers come in with page and case, spam waits for a look, and nobody gets a cookie."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from bpm.app import App
from bpm.feedback import queries, undo_import, web_forms
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, page_of

SITE = "https://www.shop.example"


@pytest.fixture
def form(app: App) -> web_forms.FormRow:
    with app.unit_of_work() as work:
        given = {"name": "Better", "question": "How can we do better?", "channel": "survey", "sites": SITE}
        web_forms.make_form(work, given)
        [row] = web_forms.list_forms(work)
        return row


def items(app: App) -> list[tuple[str, str, dict[str, str]]]:
    with app.unit_of_work.reading() as work:
        found = select(FeedbackItem.text, FeedbackItem.question, FeedbackItem.extra).where(FeedbackItem.current)
        return [(text, question, dict(extra)) for text, question, extra in work.session.execute(found)]


def stamp_of(web: Flask, key: str) -> str:
    page = web.test_client().get(f"/forms/{key}").get_data(as_text=True)
    [stamp] = re.findall(r'name="stamp" value="([^"]+)"', page)
    return str(stamp)


def send(web: Flask, key: str, *, origin: str = SITE, **values: str) -> TestResponse:
    headers = {"Origin": origin, "Accept": "application/json", "Sec-Fetch-Site": "cross-site"}
    return web.test_client().post(f"/forms/{key}", data=values, headers=headers)


def test_an_answer_comes_in_with_its_page_and_case(
    app: App, web: Flask, clock: FixedClock, form: web_forms.FormRow
) -> None:
    stamp = stamp_of(web, form.key)
    clock.advance(timedelta(seconds=20))
    said = {"text": "Answer the phone.", "email": "ann@example.org", "page": f"{SITE}/help", "case": "A-17"}
    for _ in range(2):
        answer = send(web, form.key, stamp=stamp, **said)
        assert (answer.status_code, answer.headers["Access-Control-Allow-Origin"]) == (200, SITE)
        assert "Set-Cookie" not in answer.headers
    [(text, question, extra)] = items(app)
    assert (text, question) == ("Answer the phone.", "How can we do better?")
    assert (extra["page"], extra["case"]) == (f"{SITE}/help", "A-17")
    with app.unit_of_work() as work:
        [run] = queries.list_runs(work)
        undo_import(work, run.id)
    assert items(app) == []


def test_it_works_without_scripts(app: App, web: Flask, clock: FixedClock, form: web_forms.FormRow) -> None:
    stamp = stamp_of(web, form.key)
    clock.advance(timedelta(seconds=20))
    client = web.test_client()
    answer = client.post(f"/forms/{form.key}", data={"stamp": stamp, "text": "Answer the phone."})
    assert "Thank you" in page_of(answer)
    assert "Set-Cookie" not in answer.headers
    answer = client.post(f"/forms/{form.key}", data={"stamp": stamp, "text": "  ", "name": "Ann"})
    assert answer.status_code == 400
    assert "Write something" in page_of(answer)
    assert [text for text, *_ in items(app)] == ["Answer the phone."]


@pytest.mark.parametrize(
    ("seconds", "more", "why"),
    [
        (20, {"website": "https://pills.example"}, "people do not see"),
        (1, {}, "sooner than anybody writes"),
        (20, {"stamp": "made.up"}, "not sent by the form"),
        (20, {"text": "http://a.example http://b.example http://c.example"}, "many links"),
    ],
)
def test_what_looks_like_spam_waits_for_a_look(
    app: App,
    web: Flask,
    clock: FixedClock,
    form: web_forms.FormRow,
    signed_in: Callable[..., Browser],
    seconds: int,
    more: dict[str, str],
    why: str,
) -> None:
    stamp = stamp_of(web, form.key)
    clock.advance(timedelta(seconds=seconds))
    for _ in range(2):
        assert send(web, form.key, **{"stamp": stamp, "text": "Buy pills", **more}).status_code == 200
    assert items(app) == []
    advocate = signed_in("maya", "advocate")
    assert "2 wait for a look" in advocate.see("/inbox/forms")
    assert why in advocate.see(f"/inbox/forms/{form.id}")
    assert "Thrown away" in advocate.do(f"/inbox/forms/{form.id}/held/2/throw")
    assert "1 waits for a look" in advocate.see("/inbox/forms")
    assert "Taken in" in advocate.do(f"/inbox/forms/{form.id}/held/1/take")
    run = advocate.see("/inbox/imports").get("region", "Import runs").get("row", "web form")
    words = " ".join(run.words.split())
    assert "done 1 0 0 0" in words, "what a form brought is counted"
    assert "came in by itself" in words
    assert "Nothing is held back" in advocate.see(f"/inbox/forms/{form.id}")
    assert len(items(app)) == 1


def test_other_sites_and_forms_that_are_off_are_refused(
    app: App, web: Flask, clock: FixedClock, form: web_forms.FormRow
) -> None:
    stamp = stamp_of(web, form.key)
    clock.advance(timedelta(seconds=20))
    assert send(web, form.key, origin="https://evil.example", stamp=stamp, text="Hello there").status_code == 403
    with app.unit_of_work() as work:
        web_forms.switch_form(work, form.id, active=False)
    assert send(web, form.key, stamp=stamp, text="Hello there").status_code == 403
    assert send(web, "none", text="Hello there").status_code == 404
    assert items(app) == []


def test_too_many_answers_from_one_place_are_refused_without_a_cookie(
    web: Flask, clock: FixedClock, form: web_forms.FormRow
) -> None:
    stamp = stamp_of(web, form.key)
    answers = [send(web, form.key, stamp=stamp, text=f"Answer {n}") for n in range(121)]
    assert [answers[-2].status_code, answers[-1].status_code] == [200, 429]
    assert "Set-Cookie" not in answers[-1].headers
    assert answers[-1].headers["Access-Control-Allow-Origin"] == SITE


def test_the_script_may_be_loaded_from_anywhere_and_holds_no_markup(web: Flask, app: App) -> None:
    with app.unit_of_work() as work:
        web_forms.make_form(work, {"name": "Odd", "question": "</script><b>Why?</b>"})
        [row] = web_forms.list_forms(work)
    answer = web.test_client().get(f"/forms/{row.key}.js")
    assert answer.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert answer.mimetype == "text/javascript"
    assert "Set-Cookie" not in answer.headers
    assert web.test_client().get("/forms/none.js").status_code == 404


def test_a_form_is_made_in_the_browser(signed_in: Callable[..., Browser]) -> None:
    advocate = signed_in("maya", "advocate")
    assert "No form yet" in advocate.see("/inbox/forms")
    refused = advocate.post("/inbox/forms", {"name": "Better", "question": "", "sites": "not a site"})
    assert refused.status_code == 400
    page = advocate.do("/inbox/forms", {"name": "Better", "question": "How can we do better?"})
    assert "Paste this where the form shall stand" in page
    assert ".js" in page
    assert signed_in("tom", "designer").get("/inbox/forms").status_code == 403
