"""Customers in a real browser: found, read over the years, merged and taken back, a proposal decided."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem
from tests.e2e.looking import Looker

SAID = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture
def story(app: App, person: Callable[..., None]) -> None:
    """One customer under two addresses, and a mail that may go on with a call of weeks ago."""
    person("maya", "advocate", groups=("service",), name="Maya Lindqvist")
    told = (
        RawItem("call", "calls", "The kettle drips at the lid", said_at=SAID - timedelta(days=25),
                author_name="Ana Ruiz", author_email="ana@example.org", author_phone="+44 20 7946 0018"),
        RawItem("email", "mail", "The kettle", said_at=SAID, author_name="Ana Ruiz", author_email="ana@example.org"),
        RawItem("social", "board", "Great tea shop!", said_at=SAID, author_name="Ana R.", author_handle="anaruiz"),
    )  # fmt: skip
    with app.unit_of_work() as work:
        for raw in told:
            feedback.receive(work, raw)


def test_an_advocate_puts_right_who_is_who(look: Callable[..., Looker], story: None) -> None:
    window = look("maya")
    page = window.visit("/customers?text=ana")
    page.get_by_role("link", name="Ana Ruiz").click()
    page.get_by_role("heading", name="Over the years").wait_for()
    window.check("customer")
    page.get_by_text("Merge", exact=True).first.click()
    page.get_by_label("Number of the other one").fill("2")
    page.get_by_role("button", name="Merge").click()
    page.get_by_text("They are one now").wait_for()
    assert page.get_by_text("Great tea shop!").count()
    page.get_by_role("button", name="Undo").first.click()
    page.get_by_text("everything is as it was").wait_for()
    page = window.visit("/customers/proposals")
    window.check("proposals")
    page.get_by_role("button", name="They are one").click()
    page.get_by_text("Nothing to decide").wait_for()
    for path in ("/customers", "/customers/held", "/customers/own"):
        window.visit(path)
        window.check(path.strip("/").replace("/", "-"))


def test_a_customers_page_fits_a_phone(look: Callable[..., Looker], story: None) -> None:
    window = look("maya", width=390)
    for path, name in (
        ("/customers/1", "customer-phone"),
        ("/customers", "customers-phone"),
        ("/customers/own", "own-phone"),
    ):
        window.visit(path)
        window.check(f"{name}-phone")
