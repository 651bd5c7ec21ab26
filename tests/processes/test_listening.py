"""What was followed up, what was forgotten, and what fits no process is counted and in plain sight."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback, identity
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes import queries
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE

pytestmark = pytest.mark.both_databases


def test_the_follow_up_rate_counts_the_unanswered_too(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, advocate: Actor, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger()
    in_a_case = say()
    decided, answered, handed_on = (say("…", "praise") for _ in range(3))
    for _ in range(4):
        say("…", "other")
    with app.unit_of_work(advocate) as work:
        feedback.decide(work, decided, "no", reason="We will not sell umbrellas.")
        feedback.mark_sent(work, feedback.reply(work, answered, "Thank you!").id)
        identity.ensure_group(work, "marketing")
        feedback.distribute(work, handed_on, group_key="marketing")

    with app.unit_of_work.reading() as work:
        found = queries.follow_up(work, since=clock.now() - timedelta(days=1), until=clock.now() + timedelta(days=1))

    assert (found.rate.hits, found.rate.n) == (4, 8)
    assert in_a_case


def test_weeks_come_oldest_first_and_hold_each_item_once(app: App, say: Say, clock: FixedClock) -> None:
    say(said_at=clock.now() - timedelta(days=10))
    say(said_at=clock.now() - timedelta(days=3))
    say(said_at=clock.now() - timedelta(days=2))

    with app.unit_of_work.reading() as work:
        weeks = queries.follow_up_by_week(work, weeks=3)

    assert [week.rate.n for week in weeks] == [0, 1, 2]


def test_after_the_limit_a_forgotten_item_is_listed_until_a_person_gives_a_reason(
    app: App, say: Say, clock: FixedClock, advocate: Actor
) -> None:
    item_id = say()
    clock.advance(timedelta(days=1))
    with app.unit_of_work.reading() as work:
        assert queries.list_black_holes(work).rows == ()
    clock.advance(timedelta(days=2))
    with app.unit_of_work.reading() as work:
        assert [row.id for row in queries.list_black_holes(work).rows] == [item_id]
        assert queries.count_black_holes(work) == 1

    with app.unit_of_work(advocate) as work:
        feedback.decide(work, item_id, "no_reply_wanted", reason="Said in passing.")

    with app.unit_of_work.reading() as work:
        assert queries.list_black_holes(work).rows == ()


def test_an_item_in_a_case_is_nobodys_black_hole(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger()
    say()
    clock.advance(timedelta(days=5))

    with app.unit_of_work.reading() as work:
        assert queries.count_black_holes(work) == 0


def test_black_holes_page_on_from_the_last_one_seen(app: App, say: Say, clock: FixedClock) -> None:
    ids = [say() for _ in range(5)]
    clock.advance(timedelta(days=3))

    with app.unit_of_work.reading() as work:
        first = queries.list_black_holes(work, limit=3)
        rest = queries.list_black_holes(work, after=first.after, limit=3)

    assert [row.id for row in (*first.rows, *rest.rows)] == ids


def test_what_fits_no_process_is_counted_by_kind_and_never_forced(
    app: App, go_live: GoLive, trigger: Callable[..., int], say: Say, clock: FixedClock
) -> None:
    go_live(CARE, "care")
    trigger()
    say()
    say("Nice shop.", "praise")
    unsure = say("Hmpf.", abstained=True)

    since, until = clock.now() - timedelta(days=1), clock.now() + timedelta(days=1)
    with app.unit_of_work.reading() as work:
        between = queries.space_between(work, since=since, until=until)
        kinds = queries.kinds_between(work, since=since, until=until)
        rows = queries.list_between(work, since=since, until=until)

    assert (between.share.hits, between.share.n) == (2, 3)
    assert dict(kinds) == {"praise": 1, "unsure": 1}
    assert unsure in [row.item_id for row in rows]


def test_a_channel_that_fell_silent_is_stale_and_one_never_heard_is_not_included(
    app: App, say: Say, clock: FixedClock
) -> None:
    say(channel="call", source="phone")
    clock.advance(timedelta(days=8))
    say()

    since, until = clock.now() - timedelta(days=30), clock.now() + timedelta(days=1)
    with app.unit_of_work.reading() as work:
        rows = {
            row.channel: row for row in queries.coverage(work, ("call", "email", "survey"), since=since, until=until)
        }

    assert (rows["call"].stale, rows["call"].items) == (True, 1)
    assert (rows["email"].stale, rows["email"].items) == (False, 1)
    assert (rows["survey"].stale, rows["survey"].items, rows["survey"].last_received_at) == (False, 0, None)
