"""Two customers, an advocate who makes links, and customers' browsers without a script."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from bpm import feedback, identity
from bpm.app import App
from bpm.feedback import portal
from bpm.feedback.raw_item import RawItem
from bpm.foundation.clock import FixedClock
from bpm.mail import MailMessage
from tests.web.conftest import Browser, page_of
from tests.web.page import Page


class Customer:
    """A customer's browser: no scripts, no token of ours in its forms."""

    def __init__(self, client: FlaskClient) -> None:
        self.client = client

    def see(self, path: str, *, status: int = 200) -> Page:
        answer = self.client.get(path, follow_redirects=True)
        assert answer.status_code == status, answer.get_data(as_text=True)[:1500]
        return page_of(answer)

    def send(self, page: str, button: str, **values: str) -> TestResponse:
        """Fill in the form with that button on a page and send it."""
        markup = self.client.get(page, follow_redirects=True).get_data(as_text=True)
        form = next(each for each in re.findall(r"<form.*?</form>", markup, re.DOTALL) if button in each)
        hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))
        name = re.search(rf'name="wish" value="(\w+)">{re.escape(button)}', form)
        where = re.findall(r'action="([^"]+)"', form)[0]
        return self.client.post(where, data=hidden | ({"wish": name[1]} if name else {}) | values)


@pytest.fixture
def advocate(app: App, signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate")


@pytest.fixture
def customer(web: Flask) -> Customer:
    return Customer(web.test_client())


@pytest.fixture
def hear(app: App, clock: FixedClock) -> Callable[..., int]:
    """Takes in what somebody said; gives the item's id."""
    count = iter(range(1, 1000))

    def take(text: str, who: str = "ann", **more: Any) -> int:
        raw = {
            "channel": "email", "source": "shop", "natural_key": f"mail {next(count)}", "said_at": clock.now(),
            "author_email": f"{who}@example.org", "author_name": who.capitalize(),
        } | more  # fmt: skip
        clock.advance(timedelta(minutes=1))
        with app.unit_of_work() as work:
            return feedback.receive(work, RawItem(text=text, **raw)).item_id

    return take


@pytest.fixture
def link(app: App, advocate: Browser) -> Callable[[int], str]:
    """Makes a private link for whoever said an item; gives its path."""

    def make(item_id: int) -> str:
        with app.unit_of_work() as work:
            work.actor = identity.actor_of(identity.find_user(work, "maya"))
            return portal.path_of(work, portal.make_link(work, item_id))

    return make


def act(app: App, do: Callable[..., Any], *values: Any, by: str = "maya", **named: Any) -> Any:
    """Do something as the advocate, or as somebody else."""
    with app.unit_of_work() as work:
        work.actor = identity.actor_of(identity.find_user(work, by))
        return do(work, *values, **named)


def code_for(app: App, address: str) -> str:
    """The code in the newest mail to an address; empty when none went there."""
    with app.unit_of_work.reading() as work:
        query = select(MailMessage.text).where(MailMessage.to_address == address).order_by(MailMessage.id.desc())
        text = work.session.scalars(query).first() or ""
    found = re.search(r"(\d{4}) (\d{4})", text)
    return found[1] + found[2] if found else ""
