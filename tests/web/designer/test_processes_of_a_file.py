"""A file with several processes in the browser: each has its page and its start; what is there under a key is said."""

import io
from collections.abc import Callable

from bpm.app import App
from bpm.engine import api as engine
from tests.engine.definitions.test_processes_of_a_file import BOTH, file, process
from tests.web.conftest import Browser, put_live

SignIn = Callable[..., Browser]


def review_of(browser: Browser, source: bytes, name: str = "file.bpmn") -> str:
    answer = browser.post("/processes/uploads", {"file": [(io.BytesIO(source), name)]})
    return str(answer.location)


def text(browser: Browser, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    return " ".join(answer.get_data(as_text=True).split())


def draft(app: App, source: bytes, name: str) -> None:
    with app.unit_of_work() as work:
        engine.deploy(work, engine.check(source, name))


def test_each_process_of_a_file_has_its_page_and_is_started_there(app: App, signed_in: SignIn) -> None:
    put_live(app, BOTH, "file.bpmn")
    browser = signed_in("dora", "designer", "operator")
    listed = text(browser, "/processes")
    assert 'href="/processes/refund"' in listed
    assert "in the file of order" in listed
    page = text(browser, "/processes/refund")
    assert "<h1>Refund</h1>" in page
    assert 'href="/processes/order"' in page
    assert "Do refund" in page
    assert "Do order" not in page
    started = browser.post("/processes/refund/start", {"business_key": "R-1"})
    assert started.status_code == 303
    assert "Do refund" in text(browser, started.location)
    assert "R-1" in text(browser, "/processes/refund/cases")


def test_every_part_of_each_page_answers(app: App, signed_in: SignIn) -> None:
    put_live(app, BOTH, "file.bpmn")
    browser = signed_in("dora", "designer", "operator", "manager")
    for key in ("order", "refund"):
        for part in ("", "/tests", "/forms", "/decisions", "/cases", "/start", "/triggers"):
            text(browser, f"/processes/{key}{part}")
        for path in (f"/insights/processes/{key}", "/insights"):
            assert f'href="/processes/{key}/triggers"' in text(browser, f"/processes/{key}")
            text(browser, path)


def test_a_trigger_written_on_a_page_starts_the_process_of_that_page(app: App, signed_in: SignIn) -> None:
    put_live(app, BOTH, "file.bpmn")
    browser = signed_in("dora", "designer")
    assert "start Refund" in text(browser, "/processes/refund/triggers/new")
    filled = {"kinds": "complaint", "action": "start", "name": "Refunds", "do": "save"}
    saved = browser.post("/processes/refund/triggers/new", filled)
    assert saved.location.startswith("/processes/refund/triggers/")
    assert "start Refund" in text(browser, "/processes/refund/triggers")
    assert browser.post(f"{saved.location}/on").status_code == 303
    assert "No trigger yet" in text(browser, "/processes/order/triggers")
    assert browser.get(saved.location.replace("refund", "order")).status_code == 404


def test_the_measures_of_each_process_are_of_its_own_elements(app: App, signed_in: SignIn) -> None:
    put_live(app, BOTH, "file.bpmn")
    with app.unit_of_work() as work:
        engine.start(work, "refund", {})
    browser = signed_in("mary", "manager")
    assert "Do refund" in text(browser, "/insights/processes/refund")
    assert "Do order" not in text(browser, "/insights/processes/refund")
    assert "Do refund" not in text(browser, "/insights/processes/order")


def test_a_key_with_drafts_only_is_not_called_new(app: App, signed_in: SignIn) -> None:
    browser = signed_in("dora", "designer")
    assert "No process has this key yet" in text(browser, review_of(browser, file(process("order"))))
    draft(app, file(process("order")), "dirk.bpmn")
    page = text(browser, review_of(browser, file(process("order")).replace(b"Do order", b"Do it"), "mine.bpmn"))
    assert "No process has this key yet" not in page
    assert "was never live" in page
    assert "dirk.bpmn" in page


def test_a_retired_process_is_not_called_new(app: App, signed_in: SignIn) -> None:
    put_live(app, file(process("order")), "file.bpmn")
    with app.unit_of_work() as work:
        engine.retire(work, "order")
    browser = signed_in("dora", "designer")
    assert "a process that is retired" in text(browser, review_of(browser, file(process("order"))))


def test_a_key_of_another_file_is_named_before_it_is_refused(app: App, signed_in: SignIn) -> None:
    put_live(app, BOTH, "file.bpmn")
    browser = signed_in("dora", "designer")
    review = review_of(browser, file(process("refund")), "refund.bpmn")
    assert "is a process in the file of &#39;order&#39;" in text(browser, review)
    refused = browser.post(f"{review}/deploy", {"key": "refund"})
    assert refused.status_code == 400
    assert "under the key &#39;order&#39;" in " ".join(refused.get_data(as_text=True).split())


def test_the_key_of_a_file_is_that_of_the_process_that_is_there_already(app: App, signed_in: SignIn) -> None:
    put_live(app, BOTH, "file.bpmn")
    browser = signed_in("dora", "designer")
    page = text(browser, review_of(browser, file(process("refund"), process("order"))))
    assert 'name="key" value="order"' in page
    assert "version 1 is live" in page
