"""What is said in the demo is one company's, by people with names, and is answered each in its own way."""

from datetime import UTC, datetime

from bpm.demo.customers import NUMBER, customer
from bpm.demo.items import said_until

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def test_each_customer_has_a_name_of_their_own() -> None:
    assert len({customer(number).name for number in range(NUMBER)}) == NUMBER


def test_nobody_says_the_same_twice_and_the_story_is_the_same_each_time() -> None:
    said = said_until(NOW)
    assert len({item.text for item in said}) == len(said)
    assert said == said_until(NOW)
    assert {item.channel for item in said} == {"email", "chat", "call", "social", "review", "survey"}
