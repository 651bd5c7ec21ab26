"""Topics: how complex each is to settle, by the shipped table until a person decides otherwise."""

from collections.abc import Callable

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
