"""Pages follow the world."""

import re
from collections.abc import Callable
from pathlib import Path

import bpm
from bpm.app import App
from tests.web.conftest import Browser, start_refund
from web.live.live import NEWS, TOPICS

SignIn = Callable[..., Browser]


def test_marks_change_when_something_happens_and_only_then(app: App, signed_in: SignIn, refund: int) -> None:
    browser = signed_in("stella", "staff", groups=("service",))
    before = browser.get("/live/marks?topics=tasks,instances").json
    assert browser.get("/live/marks?topics=tasks,instances").json == before
    start_refund(app)
    after = browser.get("/live/marks?topics=tasks,instances").json
    assert before is not None
    assert after is not None
    assert {topic for topic in after if after[topic] != before[topic]} == {"tasks", "instances"}


def test_claiming_changes_the_mark_of_tasks(app: App, signed_in: SignIn, refund: int) -> None:
    start_refund(app)
    browser = signed_in("stella", "staff", groups=("service",))
    before = browser.get("/live/marks?topics=tasks").json
    browser.post("/tasks/1/claim")
    assert browser.get("/live/marks?topics=tasks").json != before


def test_every_topic_can_be_asked_and_unknown_ones_are_ignored(signed_in: SignIn) -> None:
    answer = signed_in("alex", "admin").get(f"/live/marks?topics={','.join(TOPICS)},no-such-topic")
    assert answer.status_code == 200
    assert set(answer.json or {}) == set(TOPICS)


def test_streams_are_for_people_who_signed_in(visitor: Browser) -> None:
    assert visitor.get("/live?topics=tasks").status_code == 303


def test_where_no_answer_can_be_kept_open_the_page_is_told_to_ask(signed_in: SignIn) -> None:
    answer = signed_in("stella", "staff").get("/live?topics=tasks")
    assert (answer.status_code, answer.data) == (204, b"")


def test_every_page_s_news_are_topics_that_somebody_nudges() -> None:
    source = "\n".join(path.read_text() for path in Path(bpm.__file__).parent.rglob("*.py"))
    nudged = set(re.findall(r'work\.nudge\(\s*"(\w+)"', source))
    assert set().union(*NEWS.values()) <= nudged
    assert set(NEWS) <= set(TOPICS)
