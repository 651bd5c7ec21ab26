"""The product behind a real server, seen through a real browser."""

import os
import re
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bpm import identity
from bpm.app import App
from bpm.cli.server import web_server
from tests.e2e.looking import Looker
from web import create_app

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PASSWORD = "correct horse battery"


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail(
            f"There is no Chromium at {CHROMIUM}. Install it (Debian: apt-get install chromium) or set CHROMIUM."
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def address(app: App) -> Iterator[str]:
    """The product served by the server that production uses, on a free port."""
    listening = web_server.listen("127.0.0.1", 0)
    thread = threading.Thread(target=web_server.serve, args=(app, create_app(app), listening), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    app.stopping.set()
    thread.join(timeout=10)


@pytest.fixture
def person(app: App) -> Callable[..., None]:
    """Makes a person of these roles and groups."""

    def make(username: str, *roles: str, groups: tuple[str, ...] = (), name: str = "") -> None:
        with app.unit_of_work() as work:
            identity.create_user(
                work,
                username,
                display_name=name or username.capitalize(),
                password=PASSWORD,
                roles=list(roles),
                groups=list(groups),
            )

    return make


def let_in(context: BrowserContext, username: str) -> None:
    """Sign in without drawing the pages before and after it, which only the tests of signing in look at."""
    form = context.request.get("/sign-in").text()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)
    assert token is not None
    sent = {"csrf_token": token.group(1), "username": username, "password": PASSWORD}
    answer = context.request.post("/sign-in", form=sent, max_redirects=0)
    assert answer.status in {302, 303}, answer.text()


@pytest.fixture
def look(chromium: Browser, address: str) -> Iterator[Callable[..., Looker]]:
    """Opens a browser window, signed in when a user name is given; complaints of the browser fail the test."""
    contexts: list[BrowserContext] = []
    lookers: list[Looker] = []

    def open_window(username: str = "", *, width: int = 1280, height: int = 860, dark: bool = False) -> Looker:
        context = chromium.new_context(
            base_url=address,
            viewport={"width": width, "height": height},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        page: Page = context.new_page()
        looker = Looker(page)
        lookers.append(looker)
        if username:
            let_in(context, username)
        return looker

    yield open_window
    complaints = [text for looker in lookers for text in looker.complaints]
    for context in contexts:
        context.close()
    assert complaints == []
