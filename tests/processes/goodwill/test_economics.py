"""What a gesture means: when it pays back, what it would cost for all alike, what the rule for everybody says."""

from dataclasses import fields

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.foundation.errors import InvalidInputError
from bpm.processes.goodwill.economics import (
    Facts,
    Rules,
    as_plain,
    break_even_visits,
    cents_of,
    for_all_alike,
    rules_from,
    verdict,
)


def test_the_steak_at_the_airport_pays_back_after_so_many_visits_and_costs_so_much_for_a_thousand() -> None:
    """A steak dinner carried 24 miles to one customer with a hundred thousand followers (Morton's, 2011)."""
    steak = 20_000  # food, a waiter's evening and the drive: 200.00
    assert break_even_visits(steak, 1_500) == 14
    assert for_all_alike(steak) == 20_000_000
    found = verdict(steak, Facts("praise", 0), Rules())
    assert (found.is_given, found.up_to) == (False, 0)


@pytest.mark.parametrize(("cost", "margin", "visits"), [(100, 50, 2), (101, 50, 3), (100, 0, None), (100, None, None)])
def test_a_part_of_a_visit_is_a_visit_and_without_a_margin_it_never_pays(
    cost: int, margin: int | None, visits: int | None
) -> None:
    assert break_even_visits(cost, margin) == visits


@given(
    st.integers(1, 50_000),
    st.sampled_from(["complaint", "praise", "outage_report", None]),
    st.none() | st.integers(0, 3),
)
def test_the_rule_is_the_same_for_everybody_and_knows_no_reach(
    cost: int, kind: str | None, urgency: int | None
) -> None:
    found = verdict(cost, Facts(kind, urgency), Rules())
    assert found.is_given == (cost <= found.up_to)
    assert found.why
    assert not verdict(cost + found.up_to, Facts(kind, urgency), Rules()).is_given
    assert {each.name for each in fields(Facts)} == {"kind", "urgency"}


def test_amounts_are_read_as_people_write_them_and_rules_as_they_were_written() -> None:
    assert [cents_of(text, "cost") for text in ("25", "25.5", "25,50", " 1 200.05 ", "0", "")] == [
        2500, 2550, 2550, 120_005, 0, None,
    ]  # fmt: skip
    for wrong in ("-1", "1.234", "twenty", "1e9", "9999999999"):
        with pytest.raises(InvalidInputError):
            cents_of(wrong, "cost")
    rules = Rules(limits={"ada": 10_000}, approvers="service")
    assert rules_from(as_plain(rules)) == rules
    assert (rules.limit_of("ada"), rules.limit_of("ben")) == (10_000, 5_000)
    for broken in ({}, {**as_plain(rules), "limit": -1}, {**as_plain(rules), "by_urgency": [1]}):
        with pytest.raises(InvalidInputError):
            rules_from(broken)
