"""A telephone alone does not make two people one."""

from collections.abc import Callable

import pytest

from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.queries import ItemFilter

pytestmark = pytest.mark.both_databases

LINE = "+1 415 555 0137"


def customers(app: App) -> list[int | None]:
    with app.unit_of_work.reading() as work:
        return [row.customer_id for row in queries.list_items(work, ItemFilter()).rows]


def test_two_names_with_two_mail_addresses_are_two_people(app: App, receive: Callable[..., int]) -> None:
    receive("Mine.", author_name="Una Roe", author_email="una@example.org", author_phone=LINE)
    receive("His.", author_name="Rob Roe", author_email="rob@example.org", author_phone=LINE)
    receive("Mine again.", author_name="Una Roe", author_email="una@example.org")
    assert len(set(customers(app))) == 2


def test_the_same_name_with_a_second_address_is_one_person(app: App, receive: Callable[..., int]) -> None:
    receive("Mine.", author_name="Una Roe", author_email="una@example.org", author_phone=LINE)
    receive("From work.", author_name="una roe", author_email="una.roe@work.example", author_phone=LINE)
    assert len(set(customers(app))) == 1
