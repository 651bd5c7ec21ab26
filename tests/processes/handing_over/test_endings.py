"""Every item of an advocate ends in exactly one of the two: engaged with, or distributed."""

from dataclasses import replace
from itertools import product
from random import Random

from sqlalchemy import select

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries as engine_queries
from bpm.engine.queries import WorkItemFilter
from bpm.feedback import Taker
from bpm.feedback.models import Distribution, FeedbackItem
from bpm.feedback.status import DistributionStatus
from bpm.foundation.work import CONSOLE, Actor, Work
from bpm.processes import handing_over
from bpm.processes.handing_over import Ending, Order, ending, ending_of
from tests.processes.conftest import Say, make_person


def test_what_was_dealt_with_has_one_ending_and_what_is_open_none() -> None:
    for answered, decided, distributed in product((False, True), repeat=3):
        found = ending(is_answered=answered, is_decided=decided, is_distributed=distributed)
        assert (found is None) == (not (answered or decided or distributed))
        assert (found == Ending.DISTRIBUTED) == distributed


def test_whatever_people_do_in_whatever_order_an_item_is_open_or_ends_in_one_of_the_two(
    app: App, say: Say, advocate: Actor
) -> None:
    for key in ("it", "marketing"):
        make_person(app, f"of_{key}", "staff", key)
    chance = Random(26)
    items = [say() for _ in range(12)]
    for _turn in range(50):
        item_id, act = chance.choice(items), chance.choice((_reply, _hand_over, _finish, _take_back, _decide))
        with app.unit_of_work(advocate) as work:
            act(work, item_id, chance)
        with app.unit_of_work.reading() as work:
            for each in items:
                _demand_one(work, each)
    with app.unit_of_work.reading() as work:
        endings = [ending_of(work, each) for each in items]
    assert {Ending.ENGAGED, Ending.DISTRIBUTED} <= set(endings)


def _demand_one(work: Work, item_id: int) -> None:
    item = work.session.get_one(FeedbackItem, item_id)
    listed = {
        Ending.DISTRIBUTED: item.distributed_to is not None,
        Ending.ENGAGED: item.distributed_to is None and (item.answered_at is not None or item.decision is not None),
    }
    found = ending_of(work, item_id)
    assert [name for name, holds in listed.items() if holds] == ([found] if found else [])


def _reply(work: Work, item_id: int, chance: Random) -> None:
    feedback.reply(work, item_id, "I am looking into it.")


def _hand_over(work: Work, item_id: int, chance: Random) -> None:
    taker = Taker(group_key=chance.choice(("it", "marketing")))
    if not handing_over.is_with(work, item_id, taker):
        order = Order((taker,), note="Yours?", existing=chance.choice(("beside", "instead")))
        handing_over.hand_over(work, item_id, order)


def _finish(work: Work, item_id: int, chance: Random) -> None:
    console = replace(work, actor=CONSOLE)
    for row in feedback.list_open(work, item_id):
        tasks = engine_queries.list_work_items(console, WorkItemFilter(cases=(row.case_id or 0,))).rows
        for task in tasks:
            engine.complete(console, task.id, {"outcome": "done", "result": "Done."})


def _take_back(work: Work, item_id: int, chance: Random) -> None:
    row = work.session.scalar(
        select(Distribution).where(Distribution.item_id == item_id, Distribution.status == DistributionStatus.OPEN)
    )
    if row is not None:
        handing_over.take_back(work, row.id, why="She wrote again.")


def _decide(work: Work, item_id: int, chance: Random) -> None:
    handing_over.decide(work, item_id, "do", reason="Right.", knowing=True)
