"""A measure is asked for by name: by version, activity and lane, or week by week, never over versions together."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from bpm import processes
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.feedback.models import FeedbackItem
from bpm.feedback.status import Voice
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.work import Actor
from bpm.processes.measures.asking import Question, Row, ask, series
from bpm.processes.reports.behind import rows_behind
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE


def rows(app: App, measure: str, **fields: Any) -> dict[str, Row]:
    with app.unit_of_work.reading() as work:
        return {row.group: row for row in ask(work, Question("care", measure, **fields))}


@pytest.fixture
def twelve(app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor, clock: FixedClock) -> int:
    """Twelve cases that a complaint opened; later somebody says of each, by hand, that mending hurt them or did not."""
    version_id = go_live(CARE, "care")
    trigger()
    for number in range(12):
        say("My parcel never came.")
        clock.advance(timedelta(minutes=1))
        item = say("You mended it.", "praise", sentiment=-0.9 if number < 3 else 0.4)
        with app.unit_of_work(advocate) as work:
            processes.attribute(work, item, version_id=version_id, element="mend")
    return version_id


@pytest.mark.both_databases
def test_the_negative_share_counts_what_was_lived_and_tells_other_links_apart(app: App, twelve: int) -> None:
    whole = rows(app, "negative_share")[""]
    assert (whole.value, whole.n, whole.shown) == (0.25, 12, True)
    assert whole.interval is not None
    assert whole.interval[0] < 0.25 < whole.interval[1]
    assert whole.kinds == {"by_hand": 12, "opened_by": 12}
    assert whole.sources == {"email": 12}

    by = rows(app, "negative_share", by="activity")
    assert (by["mend"].n, by["mend"].title) == (12, "Mend what broke")
    assert rows(app, "negative_share", by="version")["1"].n == 12
    assert rows(app, "negative_share", kinds=("opened_by",))[""].value == 1


def test_words_of_one_voice_are_asked_for_alone(app: App, twelve: int) -> None:
    with app.unit_of_work() as work:
        mended = select(FeedbackItem.id).where(FeedbackItem.text == "You mended it.").order_by(FeedbackItem.id).limit(3)
        for item in work.session.scalars(mended).all():
            work.session.get_one(FeedbackItem, item).voice = Voice.EMPLOYEE
    assert [rows(app, "negative_share", voice=voice)[""].n for voice in ("", "customer", "employee", "partner")] == [
        9, 9, 3, 0,
    ]  # fmt: skip
    with app.unit_of_work.reading() as work:
        behind = rows_behind(work, Question("care", "negative_share", voice="employee"), "")
        weeks = series(work, Question("care", "negative_share", voice="employee"), "day")
    assert (behind.count, len(behind.items), sum(each.n for each in weeks)) == (3, 3, 3)


def test_waiting_is_told_by_activity_within_one_percent(
    app: App, twelve: int, clock: FixedClock, advocate: Actor
) -> None:
    for _number in range(10):
        clock.advance(timedelta(hours=1))
        with app.unit_of_work(advocate) as work:
            task = engine_queries.list_work_items(work, engine_queries.WorkItemFilter()).rows[0]
            engine.claim(work, task.id)
            engine.complete(work, task.id, {})

    read = rows(app, "waiting", by="activity")["read"]

    assert read.n >= 10 or read.running
    assert read.n + read.running == 12
    if read.value is not None:
        assert read.value >= 3600 * 0.99


def test_a_series_tells_each_week_and_which_version_ruled(app: App, twelve: int) -> None:
    with app.unit_of_work.reading() as work:
        found = series(work, Question("care", "negative_share"), "day")
    assert [(period.value, period.n, period.version) for period in found] == [(0.25, 12, 1)]


def test_what_is_not_there_is_named_with_a_remedy(app: App, twelve: int) -> None:
    with pytest.raises(NotFoundError, match="has no version 7"):
        rows(app, "waiting", version=7)
    with pytest.raises(InvalidInputError, match="no measure “likes”"):
        rows(app, "likes")
    with pytest.raises(InvalidInputError, match="cannot be split by “moon”"):
        rows(app, "waiting", by="moon")
