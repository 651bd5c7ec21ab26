"""Pages follow the world."""

import re
import time
from collections.abc import Callable
from pathlib import Path

from flask import Flask

import bpm
from bpm.app import App
from tests.web.conftest import Browser, start_refund
from web.live import BEAT, NEWS, TOPICS

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


def test_a_stream_hears_at_once_of_what_its_page_shows(app: App, signed_in: SignIn, refund: int) -> None:
    events = iter(signed_in("stella", "staff", groups=("service",)).get("/live?topics=tasks").response)
    before = [next(events), next(events)][1]
    began = time.monotonic()
    start_refund(app)
    after = next(events)
    assert b"marks" in before
    assert b"marks" in after
    assert after != before
    assert time.monotonic() - began < BEAT


def test_every_page_s_news_are_topics_that_somebody_nudges() -> None:
    source = "\n".join(path.read_text() for path in Path(bpm.__file__).parent.rglob("*.py"))
    nudged = set(re.findall(r'work\.nudge\(\s*"(\w+)"', source))
    assert set().union(*NEWS.values()) <= nudged
    assert set(NEWS) <= set(TOPICS)
