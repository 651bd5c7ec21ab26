"""Two put the same customers or conversations together, or apart, at one instant: one does, the other is told."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import select

from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.conversations.merge import merge_conversations, unmerge
from bpm.feedback.models import Conversation, Customer, CustomerChange
from bpm.feedback.people.changes import undo_change
from bpm.feedback.people.telling_apart import merge_customers
from bpm.foundation.errors import ConflictError
from bpm.foundation.work import Actor, Work

pytestmark = pytest.mark.both_databases

Receive = Callable[..., int]
Act = Callable[[Work], Any]


@pytest.fixture
def two(receive: Receive) -> tuple[int, int]:
    """Two items of two customers in two conversations."""
    return (
        receive("Where is it?", author_email="jo@home.org", author_name="Jo Berg", natural_key="1"),
        receive("And mine?", author_email="jo@work.org", author_name="Jo Berg", natural_key="2"),
    )


def whose(app: App, item: int) -> tuple[int, int]:
    """(customer, conversation) of an item."""
    with app.unit_of_work.reading() as work:
        row = queries.get_item(work, item).row
        return row.customer_id or 0, row.conversation_id or 0


def at_once(app: App, advocate: Actor, first: Act, second: Act) -> list[str]:
    """What came of two acts at one instant."""
    together = Barrier(2)

    def one(act: Act) -> str:
        together.wait(10)
        try:
            with app.unit_of_work(advocate) as work:
                act(work)
        except ConflictError:
            return "told"
        return "done"

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, (first, second)))


ROUNDS = 4
"""Times that each race is run: a lucky order proves nothing."""


@pytest.mark.parametrize("crossed", [False, True])
def test_customers_that_two_people_merge_at_once_are_merged_once_and_parted_once(
    app: App, advocate: Actor, two: tuple[int, int], *, crossed: bool
) -> None:
    left, right = (whose(app, item)[0] for item in two)
    pairs = [(left, right), (right, left) if crossed else (left, right)]
    for turn in range(1, ROUNDS + 1):
        acts = [lambda work, pair=pair: merge_customers(work, pair[0], into=pair[1]) for pair in pairs]
        assert at_once(app, advocate, *acts) == ["done", "told"]
        assert whose(app, two[0])[0] == whose(app, two[1])[0]
        with app.unit_of_work.reading() as work:
            of_them = select(Customer.merged_into_id).where(Customer.id.in_((left, right)))
            assert sorted(each is None for each in work.session.scalars(of_them)) == [False, True]
            changes = list(work.session.scalars(select(CustomerChange.id).order_by(CustomerChange.id)))
        assert len(changes) == turn
        undo = [lambda work, last=changes[-1]: undo_change(work, last)] * 2
        assert at_once(app, advocate, *undo) == ["done", "told"]
        assert [whose(app, item)[0] for item in two] == [left, right]


@pytest.mark.parametrize("crossed", [False, True])
def test_conversations_that_two_people_merge_at_once_are_merged_once_and_parted_once(
    app: App, advocate: Actor, two: tuple[int, int], *, crossed: bool
) -> None:
    left, right = (whose(app, item)[1] for item in two)
    pairs = [(left, right), (right, left) if crossed else (left, right)]
    for _turn in range(ROUNDS):
        acts = [lambda work, pair=pair: merge_conversations(work, pair[0], into=pair[1]) for pair in pairs]
        assert at_once(app, advocate, *acts) == ["done", "told"]
        assert whose(app, two[0])[1] == whose(app, two[1])[1]
        with app.unit_of_work.reading() as work:
            merged = select(Conversation.id).where(Conversation.merged_into_id.is_not(None))
            [gone] = work.session.scalars(merged)
        assert at_once(app, advocate, *[lambda work, gone=gone: unmerge(work, gone)] * 2) == ["done", "told"]
        assert [whose(app, item)[1] for item in two] == [left, right]
