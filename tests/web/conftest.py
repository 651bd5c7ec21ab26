"""Browsers without a browser: the web application over a fresh product, and people who sign in to it."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bpm import identity
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from tests.web.page import Page
from web import create_app

PASSWORD = "correct horse battery"


class Browser:
    """A test client that sends forms as the pages' own forms do, with their CSRF token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client
        self._token = ""

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, **options)  # type: ignore[arg-type]  # werkzeug's options, whatever they are

    def see(self, path: str, *, status: int = 200, **options: object) -> Page:
        """Open a page and read it as a person does."""
        answer = self.get(path, **options)
        assert answer.status_code == status, answer.get_data(as_text=True)[:2000]
        return page_of(answer)

    def do(self, path: str, data: dict[str, object] | None = None, **options: object) -> Page:
        """Send a form and read the page that comes in the end, whatever its status."""
        return page_of(self.post(path, data, **{"follow_redirects": True, **options}))

    def post(self, path: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)  # type: ignore[arg-type]  # werkzeug's options, whatever they are

    def token(self) -> str:
        """The token that the pages' forms carry; it lives as long as the session."""
        if not self._token:
            page = self.client.get("/sign-in", follow_redirects=True).get_data(as_text=True)
            found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
            assert found, "the page carries no CSRF token"
            self._token = found.group(1)
        return self._token

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        answer = self.post("/sign-in", {"username": username, "password": password})
        self._token = ""
        return answer


def page_of(answer: TestResponse) -> Page:
    """The page that an answer carries."""
    return Page.of(answer.get_data(as_text=True))


@pytest.fixture
def web(app: App) -> Flask:
    application = create_app(app)
    application.testing = True
    application.config["PROPAGATE_EXCEPTIONS"] = False
    return application


@pytest.fixture
def visitor(web: Flask) -> Browser:
    return Browser(web.test_client())


@pytest.fixture
def signed_in(app: App, web: Flask) -> Callable[..., Browser]:
    """Makes a person of these roles and groups and gives their browser."""

    def make(username: str, *roles: str, groups: tuple[str, ...] = ()) -> Browser:
        with app.unit_of_work() as work:
            identity.create_user(
                work,
                username,
                display_name=username.capitalize(),
                password=PASSWORD,
                roles=list(roles),
                groups=list(groups),
            )
        browser = Browser(web.test_client())
        assert browser.sign_in(username).status_code == 303
        return browser

    return make


REFUND = (Path(__file__).parent / "models/refund.bpmn").read_bytes()


def put_live(app: App, source: bytes = REFUND, file_name: str = "refund.bpmn", note: str = "") -> int:
    """Deploy the model, signed at the console, and put it live; gives the version's id."""
    prepared = engine.check(source, file_name)
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared, note=note)
        for department in app.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)
        return version.id


def content_of(app: App, version_id: int = 1) -> str:
    """The content hash that the page of a version shows to whoever signs."""
    with app.unit_of_work.reading() as work:
        return queries.get_version(work, version_id).content_hash


def start_refund(app: App, order: str = "A-17") -> int:
    """A running instance; gives its id."""
    with app.unit_of_work() as work:
        return engine.start(work, "refund", {"order": order}, business_key=order).id


@pytest.fixture
def refund(app: App) -> int:
    """The id of the live version of the refund process."""
    return put_live(app)
