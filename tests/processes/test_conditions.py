"""A trigger's conditions hold or miss for reasons a designer can read."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bpm.foundation.errors import InvalidInputError
from bpm.processes.triggers.conditions import Conditions, ItemFacts, conditions_of, misses, sentence
from bpm.processes.triggers.item_fields import check_fields, map_fields

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
COMPLAINT = ItemFacts(
    item_id=7,
    text="My parcel came back, and still no refund!",
    channel="email",
    said_at=NOW - timedelta(hours=1),
    kinds={"complaint": 0.9, "request": 0.6, "question": 0.1},
    primary="complaint",
    topic="returns",
    sentiment=-0.7,
    urgency=2,
    confidence=0.9,
    customer_name="Ada",
)


def test_no_condition_takes_anything_the_classifier_is_sure_of() -> None:
    assert misses(Conditions(), COMPLAINT, now=NOW) == []


def test_a_kind_that_holds_beside_the_primary_one_counts_and_an_unlikely_one_does_not() -> None:
    assert misses(Conditions(kinds=("request",)), COMPLAINT, now=NOW) == []
    assert misses(Conditions(kinds=("question",)), COMPLAINT, now=NOW) == ["kinds"]


@pytest.mark.parametrize(
    ("conditions", "missed"),
    [
        (Conditions(topics=("billing",)), "topics"),
        (Conditions(channels=("call",)), "channels"),
        (Conditions(min_urgency=3), "min_urgency"),
        (Conditions(max_sentiment=-0.9), "max_sentiment"),
        (Conditions(min_confidence=0.95), "min_confidence"),
        (Conditions(text="refund lawyer"), "text"),
    ],
)
def test_each_condition_misses_by_its_own_name(conditions: Conditions, missed: str) -> None:
    assert misses(conditions, COMPLAINT, now=NOW) == [missed]


def test_words_are_found_in_any_order_and_case() -> None:
    assert misses(Conditions(text="REFUND parcel"), COMPLAINT, now=NOW) == []


def test_an_unsure_item_fires_only_a_trigger_that_asks_for_unsure_ones() -> None:
    unsure = replace(COMPLAINT, abstained=True, confidence=0.2)

    assert "unsure" in misses(Conditions(), unsure, now=NOW)
    assert misses(Conditions(unsure=True, min_confidence=0.8), unsure, now=NOW) == []


def test_an_archive_does_not_fire_a_trigger_that_asks_for_fresh_items() -> None:
    old = replace(COMPLAINT, said_at=NOW - timedelta(days=8))

    assert misses(Conditions(max_age_days=7), old, now=NOW) == ["max_age_days"]


def test_what_is_no_kind_or_out_of_range_is_named_field_by_field() -> None:
    with pytest.raises(InvalidInputError) as refused:
        conditions_of({"kinds": ["rant"], "min_urgency": 4, "min_confidence": 2, "reach": 1000})

    assert set(refused.value.fields) == {"kinds", "min_urgency", "min_confidence", "conditions"}


def test_conditions_survive_being_stored() -> None:
    conditions = Conditions(kinds=("complaint", "request"), min_urgency=2, unsure=True, max_sentiment=-0.5)

    assert conditions_of(conditions.as_dict()) == conditions


def test_the_sentence_reads_like_one() -> None:
    conditions = Conditions(kinds=("complaint", "request"), topics=("returns",), min_urgency=2)

    assert sentence(conditions) == "a complaint or request about returns arrives on any channel with urgency 2 or more"


def test_fields_hand_over_values_and_literals() -> None:
    variables = map_fields(COMPLAINT, {"words": "text", "who": "customer_name", "queue": "=returns"})

    assert variables == {"words": COMPLAINT.text, "who": "Ada", "queue": "returns"}


@pytest.mark.parametrize("fields", [{"_secret": "text"}, {"two words": "text"}, {"followers": "reach"}])
def test_a_field_that_does_not_exist_is_refused(fields: dict[str, str]) -> None:
    with pytest.raises(InvalidInputError):
        check_fields(fields)
