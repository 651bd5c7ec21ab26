"""What an item costs does not grow with what was kept before it."""

import re
from datetime import timedelta
from typing import Any

from sqlalchemy import select, text, update

from bpm.app import App
from bpm.feedback import RawItem, receive_all
from bpm.feedback.models import ConversationLink, FeedbackItem
from tests.effort import statements_of
from tests.feedback.conftest import SAID, said
from tests.work_done import calls_of


def _different(number: int, **given: Any) -> RawItem:
    """Something else each time, so that it opens a conversation of its own."""
    words = f"the red lamp{'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10 % 10]} of shelf 90{number:03} broke"
    given = {"author_email": "mia@x.org", "said_at": SAID + timedelta(days=40 * number)} | given
    return said(words, natural_key=f"k{number}", **given)


def _take(app: App, *items: RawItem) -> list[int]:
    with app.unit_of_work() as work:
        return [each.item_id for each in receive_all(work, items)]


def test_an_item_costs_the_same_however_often_its_author_has_spoken_before(app: App) -> None:
    _take(app, *(_different(number) for number in range(30)))
    some = calls_of(lambda: _take(app, _different(30)))
    _take(app, *(_different(number) for number in range(31, 120)))
    assert calls_of(lambda: _take(app, _different(120))) < 1.1 * some


def test_no_look_up_walks_all_items(app: App) -> None:
    """Message-IDs are looked for in every source, other names in their own."""
    _take(app, said("w", natural_key="k1@x.org", author_email="p1@x.org"))
    more = (
        said("w", natural_key="k2@x.org", in_reply_to="k1@x.org", author_email="p1@x.org"),
        said("w", natural_key="k3", in_reply_to="ticket 77", thread_key="t9", author_email="p2@x.org"),
    )
    statements = statements_of(app, lambda: _take(app, *more))
    with app.database.connect() as connection:
        plans = [
            (statement, step[3])
            for statement, values in statements
            if not statement.startswith("INSERT")
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", _one(values))
        ]
    assert len(plans) > 20
    walked = re.compile(r"SCAN (feedback_item|conversation|customer|contact_point|episode|thread_key)\b")
    assert [each for each in plans if walked.match(each[1])] == []


def _one(values: Any) -> Any:
    """The values of a statement, or the first ones of a statement that is run for many."""
    return values[0] if isinstance(values, list) else values


def test_what_an_item_is_about_is_kept_with_it_and_read_instead_of_its_words(app: App) -> None:
    kept_first, nobodys = _take(app, _different(1), said("nobody's word", natural_key="nobody"))
    with app.unit_of_work() as work:
        kept = {row[0]: row[1] for row in work.session.execute(select(FeedbackItem.id, FeedbackItem.subject_words))}
        work.session.execute(update(FeedbackItem).values(text="gone"))
    assert kept[kept_first] == "brok lampbk red shelf|90001"
    assert kept[nobodys] is None
    assert _evidence(app, _take(app, _again("one"))[0]) == {"90001"}


def test_items_of_an_older_release_are_likened_by_their_words(app: App) -> None:
    _take(app, _different(1))
    with app.unit_of_work() as work:
        work.session.execute(text("UPDATE feedback_item SET subject_words = NULL"))
    assert _evidence(app, _take(app, _again("two"))[0]) == {"90001"}


def _again(key: str) -> RawItem:
    return said("shelf 90001 again", natural_key=key, author_email="mia@x.org", said_at=SAID + timedelta(days=41))


def _evidence(app: App, item_id: int) -> set[str]:
    """The numbers by which the item was linked."""
    with app.unit_of_work.reading() as work:
        links = work.session.scalars(select(ConversationLink).where(ConversationLink.item_id == item_id))
        return {str(link.evidence["number"]) for link in links if "number" in link.evidence}
