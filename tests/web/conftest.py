"""Browsers without a browser: the web application over a fresh product, and people who sign in to it."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from bpm import identity
from bpm.app import App
from web import create_app

PASSWORD = "correct horse battery"


class Browser:
    """A test client that sends forms as the pages' own forms do, with their CSRF token."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def get(self, path: str, **options: object) -> TestResponse:
        return self.client.get(path, **options)  # type: ignore[arg-type]

    def post(self, path: str, data: dict[str, object] | None = None, **options: object) -> TestResponse:
        return self.client.post(path, data={"csrf_token": self.token(), **(data or {})}, **options)  # type: ignore[arg-type]

    def token(self) -> str:
        page = self.client.get("/sign-in", follow_redirects=True).get_data(as_text=True)
        found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
        assert found, "the page carries no CSRF token"
        return found.group(1)

    def sign_in(self, username: str, password: str = PASSWORD) -> TestResponse:
        return self.post("/sign-in", {"username": username, "password": password})


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
