"""A form that stands on the page of another site, in a real browser."""

import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import web_forms
from bpm.feedback.models import FeedbackItem
from bpm.foundation.clock import FixedClock
from tests.e2e.looking import Looker


@pytest.fixture
def other_site() -> Iterator[tuple[str, dict[str, str]]]:
    """(address, the page's body to be filled in) of a site that is not ours."""
    page = {"body": ""}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = f"<!doctype html><html lang=en><title>Shop</title><h1>Shop</h1>{page['body']}</html>".encode()
            self.send_response(200 if self.path != "/favicon.ico" else 204)
            self.send_header("content-type", "text/html; charset=utf-8")
            self.end_headers()
            if self.path != "/favicon.ico":
                self.wfile.write(body)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", page
    server.shutdown()
    server.server_close()
    thread.join(timeout=10)


def test_a_customer_answers_on_another_sites_page_with_and_without_scripts(
    app: App,
    clock: FixedClock,
    address: str,
    chromium: Browser,
    other_site: tuple[str, dict[str, str]],
    person: Callable[..., None],
    look: Callable[..., Looker],
) -> None:
    site, foreign = other_site
    with app.unit_of_work() as work:
        web_forms.make_form(work, {"name": "Better", "question": "How can we do better?", "sites": site})
        [form] = web_forms.list_forms(work)
    link = f'<noscript><a href="{address}/forms/{form.key}?case=A-17">How can we do better?</a></noscript>'
    foreign["body"] = f'<script src="{address}/forms/{form.key}.js" data-case="A-17"></script>{link}'
    for scripts, words in ((True, "Answer the phone."), (False, "Write back sooner.")):
        context = chromium.new_context(java_script_enabled=scripts)
        page = context.new_page()
        page.goto(f"{site}/help")
        if scripts:
            page.get_by_label("How can we do better?").fill(words)
        else:
            page.get_by_role("link", name="How can we do better?").click()
            page.get_by_label("Your words").fill(words)
        clock.advance(timedelta(seconds=30))
        page.get_by_role("button", name="Send").click()
        expect(page.get_by_text("Thank you. It was received.")).to_be_visible()
        assert context.cookies() == []
        context.close()
    with app.unit_of_work.reading() as work:
        found = work.session.execute(select(FeedbackItem.text, FeedbackItem.extra).order_by(FeedbackItem.id)).all()
    assert [text for text, _ in found] == ["Answer the phone.", "Write back sooner."]
    assert found[0][1] == {"page": f"{site}/help", "case": "A-17"}
    assert found[1][1]["case"] == "A-17"
    person("maya", "advocate")
    for width, dark in ((1280, False), (390, True)):
        looker = look("maya", width=width, dark=dark)
        for path in ("/inbox/forms", f"/inbox/forms/{form.id}", "/inbox/sources", "/inbox/sources/new/imap"):
            looker.visit(path)
            looker.check(f"{path.strip('/').replace('/', '-')}-{width}")
