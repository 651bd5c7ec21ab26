"""Private data is kept as long as its class and source say; less waits a day, and counts stay."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from bpm.app import App
from bpm.feedback.models import ContactPoint, FeedbackItem, RawRecord
from bpm.feedback.privacy.retention import keep_for, list_rules, sweep_data
from bpm.feedback.status import DataClass
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor

WORDS = "Ring me on +49 30 55512377."


def counts(app: App) -> tuple[int, int, list[str]]:
    with app.unit_of_work.reading() as work:
        records = work.session.scalar(select(func.count()).select_from(RawRecord)) or 0
        items = work.session.scalar(select(func.count()).select_from(FeedbackItem)) or 0
        return records, items, list(work.session.scalars(select(FeedbackItem.text).order_by(FeedbackItem.id)))


def wish(app: App, data_class: DataClass, days: int | None, source: str = "") -> None:
    with app.unit_of_work() as work:
        keep_for(work, data_class, days, source=source, reason="The law.")


@pytest.mark.both_databases
def test_less_waits_a_day_and_then_takes_what_is_old(app: App, clock: FixedClock, receive: Callable[..., int]) -> None:
    receive(WORDS, author_email="ada@example.org")
    receive(WORDS, source="shop", natural_key="s")
    clock.advance(timedelta(days=40))
    wish(app, DataClass.RAW, 30)
    wish(app, DataClass.RAW, 90, source="shop")
    assert sweep_data(app.unit_of_work) == 0
    clock.advance(timedelta(hours=25))
    assert sweep_data(app.unit_of_work) == 1
    assert counts(app) == (1, 2, ["Ring me on [phone]."] * 2)
    wish(app, DataClass.WORDS, 30)
    wish(app, DataClass.CONTACTS, 30)
    clock.advance(timedelta(hours=25))
    assert sweep_data(app.unit_of_work) == 3
    assert counts(app) == (0, 2, ["[erased]"] * 2)
    with app.unit_of_work.reading() as work:
        assert not any("ada" in value for value in work.session.scalars(select(ContactPoint.value)))
    assert sweep_data(app.unit_of_work) == 0


def test_a_wish_is_taken_back_and_more_takes_effect_at_once(app: App, clock: FixedClock) -> None:
    wish(app, DataClass.RAW, 30)
    wish(app, DataClass.RAW, None)
    clock.advance(timedelta(days=3))
    sweep_data(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert [(rule.keep_for_days, rule.wished_days) for rule in list_rules(work)] == [(None, None)]


def test_it_needs_the_right_a_reason_and_possible_days(app: App, advocate: Actor) -> None:
    with app.unit_of_work(advocate) as work, pytest.raises(ForbiddenError):
        keep_for(work, DataClass.RAW, 30, reason="Curious.")
    with app.unit_of_work() as work, pytest.raises(InvalidInputError):
        keep_for(work, DataClass.RAW, 30, reason=" ")
    with app.unit_of_work() as work, pytest.raises(InvalidInputError):
        keep_for(work, DataClass.RAW, 0, reason="The law.")
