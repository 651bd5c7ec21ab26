"""One act of a named person tells everybody who is linked, each once, on their own channel."""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from bpm import feedback
from bpm.app import App
from bpm.feedback import incidents, outbound, people, promises, queries
from bpm.feedback.models import FeedbackItem, IncidentTold, Reply
from bpm.feedback.queries import ItemFilter
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ConflictError, ForbiddenError, InvalidInputError
from bpm.foundation.work import SYSTEM, Actor, Work
from tests.feedback.incidents.conftest import Report
from tests.thoroughness import TIMES

HOUR = timedelta(hours=1)


def todo(app: App) -> set[int]:
    with app.unit_of_work.reading() as work:
        return {row.id for row in queries.list_items(work, ItemFilter(undecided=True)).rows}


@pytest.mark.both_databases
def test_from_proposal_to_the_end_everybody_hears_each_word_once(
    app: App, clock: FixedClock, report: Report, advocate: Actor, outage: int
) -> None:
    again = report("ada", "Still nothing!", channel="social", source="mastodon", author_email="ada@example.org")
    other = report("zoe", "Where is my parcel?", kind="question", topic="delivery")
    with app.unit_of_work(advocate) as work:
        incidents.link_items(work, outage, [again])
    assert len(todo(app)) == 5

    with app.unit_of_work(advocate) as work:
        incidents.acknowledge(work, outage, "We know that signing in fails.", next_at=clock.now() + HOUR)
    assert todo(app) == {other}, "the queue yields: updates answer for what is linked"
    assert incidents.sweep_updates(app.unit_of_work) == 3
    assert incidents.sweep_updates(app.unit_of_work) == 0

    clock.advance(timedelta(minutes=30))
    with app.unit_of_work(advocate) as work:
        incidents.send_update(work, outage, "A certificate ran out.", next_at=clock.now() + HOUR, is_public=False)
        incidents.watch(work, outage)
        incidents.resolve(work, outage, reason="The certificate is new.", text="It works again.")
    incidents.sweep_updates(app.unit_of_work)

    with app.unit_of_work.reading() as work:
        said = work.session.execute(select(Reply.text, Reply.item_id, Reply.channel, Reply.author_user_id)).all()
        detail = incidents.get_detail(work, outage)
        (public,) = incidents.list_public(work)
    assert Counter(row.text for row in said) == {
        "We know that signing in fails.": 3,
        "A certificate ran out.": 3,
        "It works again.": 3,
    }
    assert {row.author_user_id for row in said} == {advocate.user_id}
    assert {row.channel for row in said if row.item_id == again} == {"social"}, "on the channel they used last"
    assert [(each.kind, each.people, each.told) for each in detail.updates] == [
        ("all_clear", 3, 3),
        ("update", 3, 3),
        ("acknowledgement", 3, 3),
    ]
    assert [each.text for each in public.updates] == ["It works again.", "We know that signing in fails."]
    assert [each.kind for each in detail.entries if each.kind not in ("linked", "opened")] == [
        "acknowledgement", "acknowledged", "update", "watching", "all_clear", "resolved",
    ]  # fmt: skip
    assert todo(app) == {other}, "one decision for all of them"


def test_only_a_named_person_speaks_and_promises_the_next_word(
    app: App, clock: FixedClock, advocate: Actor, outage: int
) -> None:
    soon = clock.now() + HOUR
    with app.unit_of_work(SYSTEM) as work, pytest.raises(ForbiddenError):
        incidents.acknowledge(work, outage, "We know.", next_at=soon)
    with app.unit_of_work(advocate) as work:
        with pytest.raises(InvalidInputError) as missing:
            incidents.acknowledge(work, outage, "We know.", next_at=None)
        with pytest.raises(InvalidInputError):
            incidents.acknowledge(work, outage, " ", next_at=soon)
        with pytest.raises(ConflictError):
            incidents.send_update(work, outage, "Too early.", next_at=soon)
    assert missing.value.fields.keys() == {"next_at"}


def test_who_came_later_is_told_by_a_person_what_was_said_last(
    app: App, clock: FixedClock, report: Report, advocate: Actor, acknowledged: int
) -> None:
    incidents.sweep_updates(app.unit_of_work)
    late = report("dee")
    with app.unit_of_work(advocate) as work:
        incidents.link_items(work, acknowledged, [late])
        assert incidents.count_latecomers(work, acknowledged) == 1
        said = incidents.tell_latecomers(work, acknowledged)
        assert (said.people, said.is_public) == (1, False)
        with pytest.raises(ConflictError):
            incidents.tell_latecomers(work, acknowledged)
    assert incidents.sweep_updates(app.unit_of_work) == 1
    with app.unit_of_work.reading() as work:
        assert work.session.scalars(select(Reply.text).where(Reply.item_id == late)).all() == [
            "We know that signing in fails."
        ]


def test_whom_it_may_not_reach_is_named_and_the_others_are_told(app: App, advocate: Actor, acknowledged: int) -> None:
    def moody(work: Work, item_id: int, text: str, key: str) -> int:
        if item_id % 3 == 1:
            raise ConflictError("They asked us to be quiet.")
        if item_id % 3 == 2:
            raise RuntimeError("nobody foresaw this")
        return outbound.reply(work, item_id, text, confirmed=outbound.WARNINGS).id

    assert incidents.sweep_updates(app.unit_of_work, moody) == 3
    assert incidents.sweep_updates(app.unit_of_work, moody) == 0
    with app.unit_of_work.reading() as work:
        (said,) = incidents.get_detail(work, acknowledged).updates
        whys = {each.why for each in incidents.get_detail(work, acknowledged).held_back}
        replies = work.session.scalars(select(Reply.id)).all()
    assert (said.told, said.held_back, said.waiting, len(replies)) == (1, 2, 0, 1)
    assert whys == {"They asked us to be quiet.", "nobody foresaw this"}


@pytest.mark.proof
def test_a_thousand_people_are_told_by_one_act(
    app: App, clock: FixedClock, advocate: Actor, record_property: Callable[[str, object], None]
) -> None:
    people = 100 if TIMES == 1 else 1000
    rows = [
        feedback.RawItem(
            channel="email", source="mail", natural_key=f"m{n}", text=f"Down for me, {n}.", said_at=clock.now(),
            author_email=f"p{n}@example.org",
        )
        for n in range(people)
    ]  # fmt: skip
    with app.unit_of_work() as work:
        ids = [got.item_id for got in feedback.receive_all(work, rows)]
    with app.unit_of_work(advocate) as work:
        incident = incidents.open_incident(work, "Everything is down", item_ids=ids).id
    statements: list[str] = []
    event.listen(app.database, "before_cursor_execute", lambda *args: statements.append(args[2]))
    with app.unit_of_work(advocate) as work:
        incidents.acknowledge(work, incident, "We know.", next_at=clock.now() + HOUR)
    of_the_act = len(statements)
    while incidents.sweep_updates(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        told = Counter(work.session.scalars(select(IncidentTold.status)))
        per_item = Counter(work.session.scalars(select(Reply.item_id)))
    assert told == {"told": people}
    assert set(per_item.values()) == {1}
    assert len(per_item) == people
    assert of_the_act <= 15, "however many they are"
    assert len(statements) - of_the_act <= 21 * people
    record_property("counts", f"{people} people, {of_the_act} + {len(statements) - of_the_act} statements")


def _waiting(app: App, clock: FixedClock, advocate: Actor, items: list[int]) -> int:
    with app.unit_of_work(advocate) as work:
        opened = incidents.open_incident(work, "Signing in fails", item_ids=items).id
        incidents.acknowledge(work, opened, "We know that it fails.", next_at=clock.now() + HOUR)
    return opened


def _told(app: App) -> list[tuple[str, str]]:
    while incidents.sweep_updates(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        return [(str(row.status), row.why) for row in work.session.scalars(select(IncidentTold).order_by("id"))]


def test_two_who_turn_out_to_be_one_while_an_update_waits_are_told_once(
    app: App, clock: FixedClock, report: Report, advocate: Actor
) -> None:
    items = [report("ada", "Down!"), report("zoe", "Down!")]
    _waiting(app, clock, advocate, items)
    with app.unit_of_work(advocate) as work:
        ada, zoe = (work.session.get_one(FeedbackItem, each).customer_id or 0 for each in items)
        people.merge_customers(work, ada, into=zoe)
    assert _told(app) == [("told", ""), ("held_back", "They are somebody who is told already.")]


def test_whose_item_is_taken_out_or_whose_incident_is_dismissed_while_an_update_waits_hears_nothing(
    app: App, clock: FixedClock, report: Report, advocate: Actor
) -> None:
    first, second = report("ada", "Down!"), report("zoe", "Where is my parcel?")
    opened = _waiting(app, clock, advocate, [first, second])
    with app.unit_of_work(advocate) as work:
        incidents.unlink_item(work, opened, second)
    assert [status for status, _why in _told(app)] == ["told", "held_back"]
    other = _waiting(app, clock, advocate, [report("joe", "Down, too!")])
    with app.unit_of_work(advocate) as work:
        incidents.dismiss(work, other, reason="It was our own test.")
    assert [status for status, _why in _told(app)] == ["told", "held_back", "held_back"]


def test_the_next_word_is_promised_within_days_and_words_can_be_seen(
    app: App, clock: FixedClock, advocate: Actor, outage: int
) -> None:
    for words, next_at in (("\u200b\u2060", clock.now() + HOUR), ("We know.", clock.now() + timedelta(days=4000))):
        with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
            incidents.acknowledge(work, outage, words, next_at=next_at)
    with pytest.raises(InvalidInputError), app.unit_of_work(advocate) as work:
        promises.make_promise(work, "\u200b", clock.now() + HOUR, customer_id=None)


def test_half_a_character_is_refused_as_what_cannot_be_kept(app: App, clock: FixedClock, advocate: Actor) -> None:
    with pytest.raises(InvalidInputError, match="cannot be kept"), app.unit_of_work(advocate) as work:
        incidents.open_incident(work, "Down \ud800")
