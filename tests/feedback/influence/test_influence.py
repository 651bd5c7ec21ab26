"""Influence stands per topic, from being helpful, behind a right; volume never raises it, and nothing else reads it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from bpm import feedback
from bpm.app import App
from bpm.feedback import RawItem, influence, knowledge
from bpm.feedback.knowledge import ArticleDraft
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import ForbiddenError
from bpm.foundation.work import Actor
from tests.architecture.modules import ROOT, modules
from tests.feedback.conftest import reading
from tests.processes.conftest import make_person
from tests.web.conftest import Browser

HELP = "Hold the reset button for ten seconds, then the router starts over."


class Forum:
    """People who talk to each other in threads of a forum."""

    def __init__(self, app: App, clock: FixedClock) -> None:
        self.app, self.clock, self.posts = app, clock, 0

    def post(self, who: str, text: str, thread: str, *, topic: str = "router", at: datetime | None = None) -> int:
        self.posts += 1
        self.clock.advance(timedelta(minutes=1))
        raw = RawItem(
            "social", "forum", text, natural_key=f"post-{self.posts}", said_at=at or self.clock.now(),
            author_handle=f"{who}@forum.example", author_name=who.title(), thread_key=thread,
        )  # fmt: skip
        with self.app.unit_of_work() as work:
            item = feedback.receive(work, raw).item_id or 0
        with self.app.unit_of_work() as work:
            feedback.record_classification(work, item, reading("question", topic=topic))
        return item


@pytest.fixture
def forum(app: App, clock: FixedClock) -> Forum:
    return Forum(app, clock)


@pytest.fixture
def mona(app: App) -> Actor:
    return make_person(app, "mona", "manager")


def _standings(app: App, mona: Actor, topic: str = "router") -> dict[str, int | None]:
    with app.unit_of_work.reading(mona) as work:
        return {each.name: each.score for each in influence.helpful_on(work, topic)}


def _helps(forum: Forum, app: App) -> None:
    """Quinn helps three people once each, and one answer is adopted; Lou posts a lot, and one person thanks him."""
    for number, who in enumerate(("ann", "bob", "cem")):
        forum.post(who, "My router blinks red. What now?", f"t{number}")
        forum.post("quinn", f"{HELP} Number {number}.", f"t{number}")
        forum.post(who, "Thanks!", f"t{number}")
        forum.post(who, "Thank you so much!", f"t{number}")
    item = forum.post("quinn", HELP, "t9")
    for number in range(30):
        forum.post("lou", f"Routers are the best, {number}.", f"loud{number % 5}")
    forum.post("lou", "Buy a new router.", "t8")
    forum.post("ann", "Thanks", "t8")
    forum.post("lou", "Billing is odd.", "b1", topic="billing")
    writer, reader = make_person(app, "wim", "advocate"), make_person(app, "rea", "advocate")
    with app.unit_of_work(writer) as work:
        draft = ArticleDraft("The router blinks red?", HELP, topic="router", review_by=work.now().date(), item_id=item)
        article = knowledge.save_article(work, draft)
    with app.unit_of_work(reader) as work:
        knowledge.approve_article(work, article)


def test_the_quiet_expert_outranks_the_loud_one_and_volume_raises_nothing(app: App, forum: Forum, mona: Actor) -> None:
    _helps(forum, app)
    first = _standings(app, mona)
    assert first == {"Quinn": 6, "Lou": None}
    for _again in range(10):
        for number in range(3):
            forum.post("quinn", f"{HELP} Number {number}.", f"t{number}")
        forum.post("lou", "Buy a new router.", "t8")
        forum.post("ann", "Thanks", "t8")
        forum.post("lou", "Thanks", "t8")
    assert _standings(app, mona) == first
    with app.unit_of_work.reading(mona) as work:
        assert [(row.topic, row.enough) for row in influence.list_topics(work)] == [("router", 1)]
        quinn = influence.helpful_on(work, "router")[0]
        evidence = influence.evidence_on(work, "router", quinn.customer_id)
        assert sorted(each.kind for each in evidence) == ["adopted", "thanked", "thanked", "thanked"]
        assert influence.helpful_on(work, "billing") == []
    with app.unit_of_work.reading(make_person(app, "stella", "staff")) as work, pytest.raises(ForbiddenError):
        influence.helpful_on(work, "router")


def test_no_page_and_no_program_reads_a_score_without_a_topic(
    app: App, web: Flask, forum: Forum, signed_in: Callable[..., Browser]
) -> None:
    _helps(forum, app)
    manager, staff = signed_in("mia", "manager"), signed_in("sam", "staff")
    page = manager.see("/insights/influence/router")
    assert "not enough data" in page
    assert "Quinn" in page
    assert "Evidence: Quinn on router" in manager.see(next(x for x in page.links if "customer=" in x))
    assert "Quinn" not in manager.see("/insights/influence")
    for path in ("/insights/influence", "/insights/influence/router"):
        staff.see(path, status=403)
    manager.see("/insights/influence/nothing", status=404)
    rules = [rule for rule in web.url_map.iter_rules() if rule.endpoint.startswith("influence.")]
    assert [rule.rule for rule in rules if "topic" not in rule.arguments] == ["/insights/influence"]
    assert not [
        rule.rule for rule in web.url_map.iter_rules() if rule.rule.startswith("/api") and "influence" in rule.rule
    ]


def test_nothing_but_its_own_pages_reads_influence() -> None:
    """Not the queue, not clocks, not routing, not the gate, not the API: no other module imports the room."""
    said = re.compile(
        r"^\s*(from bpm\.feedback\.influence|import bpm\.feedback\.influence|from bpm\.feedback import .*\binfluence\b)"
    )
    readers = {
        name for name, path in modules().items() for line in path.read_text("utf-8").splitlines() if said.match(line)
    }
    assert {name for name in readers if not name.startswith("bpm.feedback.influence")} == {"web.influence.pages"}
    assert (ROOT / "bpm/feedback/influence").exists()
