"""A search costs the same however much was said: counted in work of the database, never timed."""

from datetime import timedelta

import pytest

from bpm import search
from bpm.app import App
from bpm.feedback.models import FeedbackItem
from bpm.foundation.work import CONSOLE
from bpm.wiring import SEARCHED
from tests.conftest import MONDAY
from tests.effort import effort

pytestmark = pytest.mark.both_databases
SOURCES = {source.kind: source for source in SEARCHED}


def say_many(app: App, first: int, number: int) -> None:
    """Items of some hundred words in all: PostgreSQL guesses at beginnings of words once it knows 100."""
    with app.unit_of_work() as work:
        work.session.add_all(
            FeedbackItem(
                channel="email", source="mail", natural_key=f"k{each}", content_hash=str(each), extra={}, raw={},
                masked={},
                text=f"The parcel number{each} came late {'marble' if each % 500 == 7 else ''} street{each % 150}.",
                placed_at=MONDAY + timedelta(seconds=each), received_at=MONDAY, author_name=f"Ada{each}",
            )
            for each in range(first, first + number)
        )  # fmt: skip
    search.rebuild(app.unit_of_work, SEARCHED)
    if app.database.dialect.name == "postgresql":
        with app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE search_document")


@pytest.mark.parametrize("typed", ["parcel late", '"came late"', "channel:email parcel", "parcel after:2026-03-02"])
def test_a_page_of_a_common_word_costs_the_same_among_ten_times_as_many(app: App, typed: str) -> None:
    asked = search.read_asked(typed)

    def page() -> object:
        with app.unit_of_work.reading(CONSOLE) as work:
            return search.find(work, SOURCES["item"], asked, limit=20)

    say_many(app, 0, 500)
    few = effort(app, page)
    say_many(app, 500, 4_500)
    assert effort(app, page) <= 3 * few + 30


def test_a_rare_word_and_a_count_touch_what_fits_alone(app: App) -> None:
    say_many(app, 0, 5_000)
    rare, common = search.read_asked("marble"), search.read_asked("parcel")
    with app.unit_of_work.reading(CONSOLE) as work:
        assert len(search.find(work, SOURCES["item"], rare).hits) == 10
        assert search.count(work, SOURCES["item"], common, most=100) == 101

    def find_rare() -> object:
        with app.unit_of_work.reading(CONSOLE) as work:
            return search.find(work, SOURCES["item"], rare)

    assert effort(app, find_rare) <= 60
