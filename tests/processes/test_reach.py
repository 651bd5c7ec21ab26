"""How many people listen to a customer changes nothing: a thousand times the reach, the same order, clock and hands."""

import io
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from bpm import feedback
from bpm.app import App
from bpm.engine import queries as engine_queries
from bpm.engine.models import ProcessInstance
from bpm.engine.queries import WorkItemFilter
from bpm.feedback import ClassificationResult, RawItem, clocks, influence, knowledge
from bpm.feedback import queries as feedback_queries
from bpm.feedback.channels import Context, get_format
from bpm.feedback.knowledge import ArticleDraft
from bpm.feedback.queries import ItemFilter
from tests.conftest import MONDAY
from tests.processes.conftest import GoLive, make_person
from tests.processes.models import CARE

COUNTS = ("reblogs_count", "favourites_count", "replies_count")


def posts(reaches: list[int], *, times: int) -> list[RawItem]:
    """The same posts in the same seconds, by people with `times` the reach."""
    statuses = [
        {
            "id": str(1000 + place),
            "uri": f"https://social.example/{place}",
            "created_at": (MONDAY - timedelta(minutes=place)).isoformat(),
            "content": f"<p>Parcel {place} never came.</p>",
            "account": {
                "acct": f"customer{place}@social.example",
                "display_name": f"Customer {place}",
                "followers_count": reach * times,
                "following_count": reach,
                "statuses_count": reach * times,
            },
            **dict.fromkeys(COUNTS, reach * times),
        }
        for place, reach in enumerate(reaches)
    ]
    rows = get_format("mastodon").parse(io.BytesIO(orjson.dumps(statuses)), Context("social", f"times {times}"))
    return [row.item for row in rows if row.item is not None]


def take_in(app: App, said: list[RawItem]) -> None:
    with app.unit_of_work() as work:
        ids = [each.item_id for each in feedback.receive_all(work, said)]
    with app.unit_of_work() as work:
        for item_id in ids:
            feedback.record_classification(
                work,
                item_id,
                ClassificationResult("m1", {"complaint": 0.9}, "complaint", -0.8, 2, "delivery", 0.9, abstained=False),
            )


def what_became_of_them(app: App, source: str) -> dict[str, Any]:
    """Everything that people see of the items of a source, in the order in which they see it."""
    while clocks.sweep_clocks(app.unit_of_work):
        pass
    with app.unit_of_work.reading() as work:
        queue = feedback_queries.list_items(work, ItemFilter(to_do=True, next_first=True), limit=500).rows
        inbox = [row for row in feedback_queries.list_items(work, ItemFilter(), limit=500).rows if row.source == source]
        by_item = {row.id: row.text for row in inbox}
        cases = {
            each.id: each.variables["text"]
            for each in work.session.query(ProcessInstance)
            if each.variables.get("item_id") in by_item
        }
        tasks = [
            (cases[row.instance_id], row.element, row.group_key, row.assignee_id, row.due_at, row.priority)
            for row in engine_queries.list_work_items(work, WorkItemFilter(), limit=500).rows
            if row.instance_id in cases
        ]
        variables = [
            sorted(set(engine_queries.get_instance(work, each).variables) - {"item_id", "conversation_id"})
            for each in sorted(cases)
        ]
    told = [(row.text, row.clock, row.distributed_to) for row in queue if row.source == source]
    return {"inbox": [row.text for row in inbox], "queue": told, "tasks": tasks, "variables": variables}


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_times_the_reach_changes_no_order_no_clock_and_nobody_who_acts(
    app: App, go_live: GoLive, trigger: Callable[..., int], seed: int
) -> None:
    go_live(CARE, "care")
    trigger(while_running="start")
    dice = random.Random(seed)
    reaches = [dice.randrange(1, 50_000) for _ in range(12)]
    take_in(app, posts(reaches, times=1))
    take_in(app, posts(reaches, times=1000))
    small, large = what_became_of_them(app, "times 1"), what_became_of_them(app, "times 1000")
    assert len(small["inbox"]) == len(small["tasks"]) == len(small["queue"]) == 12
    assert all(clock is not None for _text, clock, _group in small["queue"])
    assert small == large
    names = {name for each in large["variables"] for name in each}
    assert "text" in names
    assert not [name for name in names for part in ("reach", "follow", "likes", "count") if part in name]


def test_being_helpful_to_others_changes_no_order_no_clock_and_nobody_who_acts(
    app: App, go_live: GoLive, trigger: Callable[..., int]
) -> None:
    go_live(CARE, "care")
    trigger(while_running="start")
    take_in(app, posts([10] * 8, times=1))
    writer, reader = make_person(app, "wim", "advocate"), make_person(app, "rea", "advocate")
    with app.unit_of_work.reading() as work:
        helpers = [row.id for row in feedback_queries.list_items(work, ItemFilter(), limit=500).rows if row.id % 2]
    for item in helpers * 3:
        with app.unit_of_work(writer) as work:
            draft = ArticleDraft("Where is it?", "At the depot.", review_by=work.now().date(), item_id=item)
            article = knowledge.save_article(work, draft)
        with app.unit_of_work(reader) as work:
            knowledge.approve_article(work, article)
    take_in(app, posts([10] * 8, times=1000))
    with app.unit_of_work.reading(make_person(app, "mona", "manager")) as work:
        assert len([each for each in influence.helpful_on(work, "delivery") if each.score == 9]) == len(helpers) == 4
    assert what_became_of_them(app, "times 1") == what_became_of_them(app, "times 1000")
