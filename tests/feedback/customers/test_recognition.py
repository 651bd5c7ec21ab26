"""Who said it: one person over notations and channels, and never two people in one."""

from collections.abc import Callable

import pytest
from sqlalchemy import func, select

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.models import Customer
from tests.feedback.conftest import said

pytestmark = pytest.mark.both_databases
Receive = Callable[..., int]

LINE = "+44 20 7946 0018"


def who(app: App, item_id: int) -> int | None:
    with app.unit_of_work.reading() as work:
        return queries.get_item(work, item_id).row.customer_id


def test_a_line_with_two_names_and_two_mail_addresses_is_two_people(app: App, receive: Receive) -> None:
    mia = receive("a", author_name="Mia Berg", author_email="mia@home.org", author_phone=LINE)
    jon = receive("b", author_name="Jon Berg", author_email="jon@home.org", author_phone=LINE)
    again = receive("c", author_name="Mia Berg", author_email="Mia <MIA@home.org>")
    assert who(app, mia) == who(app, again) != who(app, jon)


def test_two_people_on_one_line_are_two_in_one_batch_as_well(app: App) -> None:
    with app.unit_of_work() as work:
        both = [
            said("a", author_name="Mia Berg", author_email="mia@home.org", author_phone=LINE),
            said("b", author_name="Jon Berg", author_email="jon@home.org", author_phone=LINE),
        ]
        first, second = (each.item_id for each in feedback.receive_all(work, both))
    assert who(app, first) != who(app, second)


def test_a_shared_line_alone_says_nobody_and_with_a_name_says_who(app: App, receive: Receive) -> None:
    mia = receive("a", author_name="Mia Berg", author_email="mia@home.org", author_phone=LINE)
    receive("b", author_name="Jon Berg", author_email="jon@home.org", author_phone=LINE)
    assert who(app, receive("c", channel="call", author_phone=LINE)) is None
    assert who(app, receive("d", channel="call", author_name="Berg, Mia", author_phone=LINE)) == who(app, mia)


def test_a_new_mail_address_of_the_same_name_on_the_same_line_is_the_same_person(app: App, receive: Receive) -> None:
    old = receive("a", author_name="Mia Berg", author_email="mia@home.org", author_phone=LINE)
    new = receive("b", author_name="Mia Berg", author_email="mia@work.org", author_phone=LINE)
    assert who(app, old) == who(app, new) == who(app, receive("c", author_email="mia@work.org"))


def test_placeholders_make_no_customer_and_join_nobody(app: App, receive: Receive) -> None:
    for fields in (
        {"author_email": "noreply@shop.example"},
        {"author_handle": "Anonymous"},
        {"author_handle": "[deleted]"},
        {"author_id": "null"},
        {"author_phone": "000000"},
    ):
        assert who(app, receive("words", natural_key=str(fields), **fields)) is None
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(Customer)) == 0
