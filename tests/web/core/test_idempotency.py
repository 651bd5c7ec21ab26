"""A form that makes something, sent again: it is made once, and both answers lead to it."""

import io
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from bpm import feedback, identity
from bpm.app import App
from bpm.engine.models import ProcessInstance, ProcessVersion, StepRecord, Upload
from bpm.feedback.models import Conversation, FeedbackItem, ImportRun, Reply, WebhookSource
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.identity.models import ReceivedCommand
from bpm.processes.models import Trigger
from bpm.secrets import Owner, get_secret
from tests.web.conftest import REFUND, Browser, put_live, start_refund

pytestmark = pytest.mark.both_databases

START = "/processes/refund/start"


def count(app: App, table: type) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def form_of(browser: Browser, path: str) -> dict[str, object]:
    """The word that the form at `path` carries."""
    page = browser.get(path).get_data(as_text=True)
    return {"command_key": page.split('name="command_key" value="')[1].split('"')[0]}


@pytest.fixture
def browser(app: App, signed_in: Callable[..., Browser]) -> Browser:
    put_live(app)
    return signed_in("olga", "operator", "staff", "advocate")


def test_a_start_form_sent_twice_starts_one_instance_and_leads_to_it_both_times(app: App, browser: Browser) -> None:
    sent = {**form_of(browser, START), "order": "A-17", "business_key": "A-17"}
    first, second = browser.post(START, sent), browser.post(START, sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(app, ProcessInstance) == 1
    assert "taken at 09:00:00 UTC, once" in browser.get(second.location).get_data(as_text=True)


def test_two_clicks_at_the_same_moment_start_one_instance(app: App, web: Flask, browser: Browser) -> None:
    sent = {**form_of(browser, START), "order": "A-17", "csrf_token": browser.token()}
    cookie = browser.client.get_cookie("earshot")
    assert cookie is not None
    together = Barrier(4)

    def click(_number: int) -> str:
        client = web.test_client()
        client.set_cookie("earshot", cookie.value)
        together.wait(10)
        return client.post(START, data=sent).location

    with ThreadPoolExecutor(4) as pool:
        addresses = set(pool.map(click, range(4)))
    assert count(app, ProcessInstance) == 1
    assert len(addresses) == 1


def test_the_same_page_with_other_values_is_another_command(app: App, browser: Browser) -> None:
    word = form_of(browser, START)
    browser.post(START, {**word, "order": "A-17"})
    browser.post(START, {**word, "order": "A-18"})
    assert count(app, ProcessInstance) == 2


def test_a_form_that_was_refused_can_be_corrected_and_sent_again(app: App, browser: Browser) -> None:
    word = form_of(browser, "/inbox/capture")
    assert browser.post("/inbox/capture", {**word, "channel": "chat", "text": ""}).status_code == 400
    sent = {**word, "channel": "chat", "text": "The shop is down."}
    assert browser.post("/inbox/capture", sent).location == browser.post("/inbox/capture", sent).location
    assert count(app, FeedbackItem) == 1


def test_a_reply_sent_twice_is_kept_once(app: App, browser: Browser) -> None:
    page = browser.post("/inbox/capture", {"channel": "chat", "text": "The shop is down."}).location
    sent = {**form_of(browser, page), "text": "It is up again."}
    item = page.rstrip("/").split("/")[-1]
    for _ in range(2):
        assert browser.post(f"/inbox/{item}/reply", sent).status_code == 303
    assert count(app, Reply) == 1


def test_a_trigger_saved_twice_is_made_once(app: App, signed_in: Callable[..., Browser]) -> None:
    put_live(app)
    designer = signed_in("dora", "designer")
    path = "/processes/refund/triggers/new"
    sent = {**form_of(designer, path), "name": "Complaints", "action": "start", "kinds": "complaint", "do": "save"}
    first, second = designer.post(path, sent), designer.post(path, sent)
    assert (first.status_code, first.location) == (303, second.location)
    assert count(app, Trigger) == 1


def test_what_was_taken_is_forgotten_after_a_day(app: App, clock: FixedClock, browser: Browser) -> None:
    browser.post(START, {**form_of(browser, START), "order": "A-17"})
    identity.forget_commands(app.unit_of_work)
    assert count(app, ReceivedCommand) == 1
    clock.advance(timedelta(days=1, seconds=1))
    identity.forget_commands(app.unit_of_work)
    assert count(app, ReceivedCommand) == 0


def test_a_file_taken_in_twice_is_one_import_and_another_file_is_another(app: App, browser: Browser) -> None:
    word = form_of(browser, "/inbox/imports")

    def upload(content: bytes) -> str:
        answer = browser.post("/inbox/imports", {**word, "file": (io.BytesIO(content), "said.csv")})
        assert answer.status_code == 303
        return answer.location

    assert upload(b"text\nHello\n") == upload(b"text\nHello\n")
    assert count(app, ImportRun) == 1
    assert upload(b"text\nGood bye\n") != upload(b"text\nHello\n")
    assert count(app, ImportRun) == 2


def test_a_webhook_made_twice_is_one_and_both_answers_show_its_secret(app: App, browser: Browser) -> None:
    page = browser.get("/inbox/imports").get_data(as_text=True)
    form = page.split('action="/inbox/imports/webhooks"')[1]
    sent = {"command_key": form.split('name="command_key" value="')[1].split('"')[0], "name": "Desk", "channel": "chat"}
    first, second = (browser.post("/inbox/imports/webhooks", sent) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    with app.unit_of_work.reading() as work:
        [source_id] = work.session.scalars(select(WebhookSource.id))
        secret = get_secret(work, Owner("webhook_source", str(source_id)))
    assert secret in browser.get(second.location).get_data(as_text=True)


def test_a_model_uploaded_and_deployed_twice_is_there_once(app: App, signed_in: Callable[..., Browser]) -> None:
    designer = signed_in("dora", "designer")
    word = form_of(designer, "/processes")
    places = [
        designer.post("/processes/uploads", {**word, "file": (io.BytesIO(REFUND), "refund.bpmn")}).location
        for _ in range(2)
    ]
    assert places[0] == places[1]
    assert count(app, Upload) == 1
    sent = {**form_of(designer, places[0]), "key": "refund", "note": ""}
    first, second = (designer.post(f"{places[0]}/deploy", sent) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    assert count(app, ProcessVersion) == 1


def test_values_changed_twice_are_changed_once(app: App, browser: Browser) -> None:
    instance = start_refund(app)
    page = f"/instances/{instance}"
    html = browser.get(page).get_data(as_text=True)
    form = html.split(f'action="{page}/variables"')[1]
    word = form.split('name="command_key" value="')[1].split('"')[0]
    sent = {"command_key": word, "free values": "order = B-18", "reason": "It was misread."}
    first, second = (browser.post(f"{page}/variables", sent) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    with app.unit_of_work.reading() as work:
        steps = work.session.scalars(select(StepRecord.command).where(StepRecord.instance_id == instance)).all()
    assert list(steps).count("set_variables") == 1


def test_an_item_split_off_twice_stands_in_one_conversation_of_its_own(app: App, browser: Browser) -> None:
    with app.unit_of_work() as work:
        said = [
            RawItem("email", "mail", f"Words {n}", natural_key=f"m{n}", thread_key="t", author_email="a@example.org")
            for n in range(2)
        ]
        item = feedback.receive_all(work, said)[1].item_id
    form = browser.get(f"/inbox/{item}").get_data(as_text=True).split(f'action="/inbox/{item}/split"')[1]
    sent = {"command_key": form.split('name="command_key" value="')[1].split('"')[0]}
    first, second = (browser.post(f"/inbox/{item}/split", sent) for _ in range(2))
    assert (first.status_code, first.location) == (303, second.location)
    assert count(app, Conversation) == 2
