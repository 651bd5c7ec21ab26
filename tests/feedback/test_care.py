"""How complex and how sensitive an item is, by its topic and by what was masked in it."""

from collections.abc import Callable

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.care import Complexity, Sensitivity, complexity_of, masked_in, sensitivity_of
from bpm.feedback.triage.caring import decide_complexity
from bpm.foundation.errors import ForbiddenError, InvalidInputError
from bpm.foundation.work import Actor


def test_a_topic_says_how_complex_an_item_is() -> None:
    assert complexity_of("booking").level == Complexity.SIMPLE
    assert complexity_of("fraud").level == Complexity.DIFFICULT
    assert complexity_of(None).level == Complexity.HARDER


def test_a_part_of_a_topic_is_as_complex_as_the_topic_until_somebody_decides() -> None:
    decided = {"Delivery / Abroad": ("difficult", "customs")}
    assert complexity_of("fraud / Cards", decided).level == Complexity.DIFFICULT
    assert complexity_of("Delivery / Abroad / Islands", decided).because == "Delivery / Abroad: customs"


@pytest.mark.parametrize(
    ("text", "topic", "level"),
    [
        ("the shop was shut", "information", Sensitivity.OPEN),
        ("write to [email], I am [name]", "delivery", Sensitivity.PERSONAL),
        ("my card [card] was charged", "payment", Sensitivity.DELICATE),
        ("somebody took my money", "fraud", Sensitivity.DELICATE),
        ("see [link] and [1]", None, Sensitivity.OPEN),
    ],
)
def test_what_was_masked_and_the_topic_say_how_sensitive_it_is(
    text: str, topic: str | None, level: Sensitivity
) -> None:
    assert sensitivity_of(masked_in(text), topic).level == level


def test_a_decision_on_a_topic_holds_for_what_is_read_from_then_on(
    app: App, receive: Callable[..., int], advocate: Actor
) -> None:
    before, after = receive("one", natural_key="1"), receive("two", natural_key="2")
    with app.unit_of_work(advocate) as work:
        feedback.correct(work, before, primary="question", topic="Garden")
        decide_complexity(work, "Garden", complexity="difficult", reason="needs a visit")
        feedback.correct(work, after, primary="question", topic="Garden / Roses")
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, before).complexity == "harder"
        assert queries.get_item(work, after).complexity == "difficult"


def test_nobody_decides_without_a_name_a_level_and_a_reason(app: App, advocate: Actor) -> None:
    with app.unit_of_work() as work, pytest.raises(ForbiddenError):
        decide_complexity(work, "Garden", complexity="simple", reason="easy")
    with app.unit_of_work(advocate) as work, pytest.raises(InvalidInputError):
        decide_complexity(work, "Garden", complexity="trivial", reason=" ")
