"""Pages follow the world."""

from collections.abc import Callable

from flask import Flask

from bpm.app import App
from tests.web.conftest import Browser, start_refund
from web.live import TOPICS

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


def test_the_number_of_streams_is_bounded_and_an_ended_one_makes_room(web: Flask, signed_in: SignIn) -> None:
    browser = signed_in("stella", "staff")
    streams = [browser.get("/live?topics=tasks") for _ in range(8)]
    assert next(iter(streams[0].response)) == b"retry: 1000\n\n"
    assert browser.get("/live?topics=tasks").status_code == 503
    streams[0].close()
    assert browser.get("/live?topics=tasks").status_code == 200
