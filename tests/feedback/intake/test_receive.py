"""Taking items in: twice adds nothing, an edit is a new version, and each finds its customer and conversation."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.intake.normalise import normalise
from bpm.feedback.models import ContactPoint, Conversation, ConversationPerson, Customer, Episode, FeedbackItem
from bpm.foundation.errors import InvalidInputError
from tests.conftest import MONDAY
from tests.feedback.conftest import SAID, said

pytestmark = pytest.mark.both_databases

Receive = Callable[..., int]


def _received(app: App, *raws: feedback.RawItem) -> list[tuple[int, str]]:
    with app.unit_of_work() as work:
        return [(each.item_id, each.outcome) for each in feedback.receive_all(work, raws)]


def _count(app: App, table: Any) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(table)) or 0


def test_the_same_item_again_is_skipped(app: App) -> None:
    [(first, outcome)] = _received(app, said(natural_key="a"))
    assert outcome == "new"
    assert _received(app, said(natural_key="a")) == [(first, "skipped")]


def test_the_same_item_twice_in_one_batch_is_kept_once(app: App) -> None:
    assert [o for _, o in _received(app, said(natural_key="a"), said(natural_key="a"))] == ["new", "skipped"]


def test_the_same_key_from_another_source_is_another_item(app: App) -> None:
    assert [o for _, o in _received(app, said(natural_key="a"), said(natural_key="a", source="shop"))] == ["new", "new"]


def test_an_edit_in_place_is_a_new_version_of_the_same_item(app: App) -> None:
    [(first, _)] = _received(app, said("Two stars", natural_key="a"))
    [(second, outcome)] = _received(app, said("Five stars now", natural_key="a"))
    assert outcome == "changed"
    with app.unit_of_work.reading() as work:
        old, new = queries.get_item(work, first), queries.get_item(work, second)
    assert (old.current, old.newer_id) == (False, second)
    assert (new.current, new.row.version, new.row.first_id) == (True, 2, first)
    assert new.row.conversation_id == old.row.conversation_id


def test_versions_within_one_batch_follow_each_other_and_a_second_reading_adds_nothing(app: App) -> None:
    batch = (said("one", natural_key="a"), said("two", natural_key="a"), said("three", natural_key="a"))
    assert [o for _, o in _received(app, *batch)] == ["new", "changed", "changed"]
    assert [o for _, o in _received(app, *batch)] == ["skipped", "skipped", "skipped"]
    with app.unit_of_work.reading() as work:
        assert [row.text for row in queries.list_items(work, queries.ItemFilter()).rows] == ["three"]


def test_an_older_revision_that_comes_late_does_not_replace_the_newer(app: App) -> None:
    _received(app, said("new words", natural_key="a", revised_at=SAID + timedelta(hours=2)))
    assert _received(app, said("old words", natural_key="a", revised_at=SAID))[0][1] == "skipped"


def test_going_back_to_earlier_words_is_a_version_when_the_source_says_it_is_later(app: App) -> None:
    for hour, text in enumerate(("one", "two", "one")):
        outcome = _received(app, said(text, natural_key="a", revised_at=SAID + timedelta(hours=hour)))[0][1]
    assert outcome == "changed"


def test_an_item_without_key_is_named_by_who_when_and_what(app: App) -> None:
    same = said("hm", author_email="a@example.org")
    assert [o for _, o in _received(app, same, same, said("hm", author_email="b@example.org"))] == [
        "new",
        "skipped",
        "new",
    ]


@pytest.mark.parametrize("text", ["", "   \n", "\x00\x07"])
def test_an_item_without_words_is_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="no words"):
        normalise(said(text), now=MONDAY)


@given(st.text(min_size=1))
def test_whatever_the_text_it_is_either_refused_or_storable(text: str) -> None:
    try:
        clean = normalise(said(text, subject=text, author_name=text), now=MONDAY)
    except InvalidInputError:
        return
    assert clean.text.encode()
    assert "\x00" not in clean.text
    assert normalise(clean, now=MONDAY) == clean


def test_the_same_address_is_the_same_customer_on_every_channel(app: App) -> None:
    _received(app, said(author_email="Ana@Example.org ", author_name="Ana"))
    _received(app, said("again", channel="chat", source="chat", author_email="ana@example.org", author_handle="@ana"))
    _received(app, said("third", channel="chat", source="chat", author_handle="ANA"))
    assert _count(app, Customer) == 1
    assert _count(app, ContactPoint) == 2


def test_a_handle_on_another_source_is_another_customer(app: App) -> None:
    _received(app, said(author_handle="ana"), said("x", source="other", author_handle="ana"))
    assert _count(app, Customer) == 2


def test_contact_points_of_different_customers_merge_nobody_and_say_so(app: App) -> None:
    _received(app, said(author_email="a@example.org"), said("b", author_phone="+44 20 7946 0018"))
    [(item_id, _)] = _received(app, said("c", author_email="a@example.org", author_phone="0044 (0)20 7946-0018"))
    assert _count(app, Customer) == 2
    with app.unit_of_work.reading() as work:
        link = queries.get_item(work, item_id).customer_link
    assert link is not None
    assert link.method == "same email"
    assert link.evidence["also_points_to"]


def test_nobody_is_made_up_for_an_item_without_author(app: App, receive: Receive) -> None:
    receive()
    assert _count(app, Customer) == 0


def _talk_of(app: App, item_id: int) -> tuple[int | None, str, float]:
    with app.unit_of_work.reading() as work:
        found = queries.get_item(work, item_id)
    assert found.conversation_link is not None
    return found.row.conversation_id, found.conversation_link.method, found.conversation_link.confidence


def test_a_reply_joins_what_it_answers(app: App, receive: Receive) -> None:
    first = receive(natural_key="m1", author_email="a@example.org")
    second = receive("and?", natural_key="m2", in_reply_to="m1", author_email="a@example.org")
    assert _talk_of(app, second) == (_talk_of(app, first)[0], "reply", 1.0)


def test_a_reply_that_comes_before_what_it_answers_still_ends_up_with_it(app: App, receive: Receive) -> None:
    reply = receive("and?", natural_key="m2", in_reply_to="m1")
    first = receive(natural_key="m1")
    assert _talk_of(app, first)[0] == _talk_of(app, reply)[0]


def test_two_customers_in_one_public_thread_are_two_people_in_one_conversation(app: App, receive: Receive) -> None:
    one = receive(natural_key="p1", thread_key="t", author_handle="ana")
    two = receive("me too", natural_key="p2", thread_key="t", in_reply_to="p1", author_handle="ben")
    assert _talk_of(app, one)[0] == _talk_of(app, two)[0]
    with app.unit_of_work.reading() as work:
        people = work.session.scalars(select(ConversationPerson.customer_id)).all()
    assert len(set(people)) == 2


def test_a_hop_to_another_channel_joins_with_less_confidence_and_its_evidence(app: App, receive: Receive) -> None:
    call = receive(channel="call", source="calls", author_phone="020 7946 0018", author_email="a@example.org")
    mail = receive("still nothing", author_email="a@example.org", said_at=SAID + timedelta(days=2))
    where, method, confidence = _talk_of(app, mail)
    assert (where, method) == (_talk_of(app, call)[0], "same customer, other channel")
    assert 0.8 <= confidence < 1


def test_another_channel_after_a_long_silence_is_another_conversation(app: App, receive: Receive) -> None:
    call = receive(channel="call", source="calls", author_email="a@example.org", said_at=SAID - timedelta(days=45))
    mail = receive("hello", author_email="a@example.org")
    assert _talk_of(app, mail)[0] != _talk_of(app, call)[0]


def test_a_word_after_400_days_wakes_the_same_conversation_as_a_new_episode(app: App, receive: Receive) -> None:
    old = receive(author_email="a@example.org", said_at=SAID - timedelta(days=400))
    with app.unit_of_work.reading() as work:
        before = work.session.scalars(select(Episode)).one()
        figures = (before.opened_at, before.last_at, before.first_answer_at)
    new = receive("me again", author_email="a@example.org")
    assert _talk_of(app, old)[0] == _talk_of(app, new)[0]
    with app.unit_of_work.reading() as work:
        first, second = work.session.scalars(select(Episode).order_by(Episode.opened_at))
        assert (first.opened_at, first.last_at, first.first_answer_at) == figures
        assert first.closed_at is not None
        assert (second.opened_at, second.closed_at) == (SAID, None)
    assert _count(app, Conversation) == 1


def test_history_that_is_imported_later_does_not_disturb_the_newer_episode(app: App, receive: Receive) -> None:
    receive(author_email="a@example.org")
    receive("long ago", author_email="a@example.org", said_at=SAID - timedelta(days=100))
    with app.unit_of_work.reading() as work:
        newest = work.session.scalars(select(Episode).order_by(Episode.opened_at.desc())).first()
        assert newest is not None
        assert (newest.opened_at, newest.closed_at) == (SAID, None)


def test_reach_is_no_field_of_an_item() -> None:
    names = {column.name for column in FeedbackItem.__table__.columns} | set(feedback.RawItem.__dataclass_fields__)
    assert not [name for name in names if "follower" in name or "reach" in name or "influence" in name]


def test_a_batch_costs_the_same_number_of_statements_whatever_its_size(app: App) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    event.listen(app.database, "before_cursor_execute", lambda *args: statements.append(args[2]))

    def cost(number: int, start: int) -> int:
        statements.clear()
        _received(
            app, *(said(f"w{n}", natural_key=f"k{n}", author_email=f"p{n}@x.org") for n in range(start, start + number))
        )
        return len(statements)

    assert cost(200, 1000) <= cost(20, 0) + 2


def test_rows_that_tell_different_things_go_in_together(app: App) -> None:
    from sqlalchemy import event

    statements: list[str] = []
    event.listen(app.database, "before_cursor_execute", lambda *args: statements.append(args[2]))
    told = ({"rating": 4.0}, {"author_email": "a@x.org"}, {"said_at": None}, {"language": "en"}, {"url": "https://x.y"})
    _received(app, *(said(f"w{number}", natural_key=f"k{number}", **each) for number, each in enumerate(told)))
    assert sum(each.startswith("INSERT INTO feedback_item") for each in statements) == 1


def test_a_raw_record_nested_too_deep_is_cut_and_still_kept(app: App) -> None:
    deep: dict[str, Any] = {"odd": "\x00"}
    for _ in range(900):
        deep = {"inner": deep}
    assert [outcome for _, outcome in _received(app, said(raw=deep, natural_key="deep"))] == ["new"]
