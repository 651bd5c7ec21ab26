"""Topics: how complex each is to settle, by the shipped table until a person decides otherwise."""

import io
from collections.abc import Callable

from bpm.app import App
from tests.web.conftest import Browser

Heard = Callable[..., int]


def test_a_person_decides_how_complex_a_topic_is_and_says_why(advocate: Browser, heard: Heard) -> None:
    heard(primary="complaint")
    page = advocate.see("/inbox/topics")
    assert "delivery" in page
    assert "as shipped" in page
    sent = {"topic": "delivery", "complexity": "difficult", "reason": "Customs holds parcels since June."}
    assert advocate.post("/inbox/topics", sent).status_code == 303
    assert "Customs holds parcels" in advocate.see("/inbox/topics")


def test_without_a_reason_nothing_is_decided_and_the_topic_is_named(advocate: Browser, heard: Heard) -> None:
    heard(primary="complaint")
    answer = advocate.post("/inbox/topics", {"topic": "delivery", "complexity": "difficult", "reason": " "})
    assert answer.status_code == 400
    assert "delivery: The complexity was not changed." in answer.text
    assert "as shipped" in answer.text


def test_without_topics_the_page_says_where_they_come_from(advocate: Browser) -> None:
    assert "Topics come with the items that are read." in advocate.see("/inbox/topics")


def test_a_topic_that_lies_in_another_counts_there_too(advocate: Browser, heard: Heard, app: App) -> None:
    for topic in ("Delivery / Late", "Delivery / Broken"):
        item = heard(f"About {topic}", primary="complaint")
        assert advocate.post(f"/inbox/{item}/labels", {"topic": topic}).status_code == 303
    page = advocate.see("/inbox/topics")
    names = [link.name for link in page.all("link") if link.name.startswith("Delivery")]
    assert names == ["Delivery", "Delivery / Broken", "Delivery / Late"]
    assert "Delivery 2 hint" in " ".join(page.words.split())
    assert "hint" in page


def test_examples_are_taken_for_the_worker_and_an_empty_file_is_named(advocate: Browser) -> None:
    sent: dict[str, object] = {"file": (io.BytesIO(b"text,topic\na b,C\n"), "mine.csv")}
    assert "Taken." in advocate.do("/inbox/topics/examples", sent)
    page = advocate.see("/inbox/topics")
    assert "mine.csv" in page
    assert "waits" in page
    empty: dict[str, object] = {"file": (io.BytesIO(b""), "none.csv")}
    answer = advocate.post("/inbox/topics/examples", empty)
    assert answer.status_code == 400
    assert "Choose a CSV file" in answer.text
    assert advocate.post("/inbox/topics/trainings/1/reading", {"paused": "on"}).status_code == 409
