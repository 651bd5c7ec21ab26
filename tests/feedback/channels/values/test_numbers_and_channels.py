"""Ratings and channels as tools write them."""

import pytest

from bpm.feedback.channels.values.channels import read_channel
from bpm.feedback.channels.values.numbers import read_number


@pytest.mark.parametrize(
    ("written", "meant"),
    [("7 out of 10", 7),
     ("0 - not at all likely", 0), ("3/5", 3), ("★★★☆☆", 3), ("⭐⭐", 2), ("1 star", 1), ("2,5", 2.5),
     ("4 von 5", 4), ("3 sur 5", 3), ("Detractor (2)", 2), ("2 (poor)", 2), ("4.5 out of 5 stars", 4.5), ("TWO", 2),
     ("3½", 3.5), (8, 8), (8.0, 8), ("2 Sterne", 2), ("Rated 3 out of 5", 3)],
)  # fmt: skip
def test_a_rating_begins_with_its_number_or_can_be_counted(written: object, meant: float) -> None:
    assert read_number(written) == (meant, "")


@pytest.mark.parametrize(
    "written", ["satisfied", "80 %", "75%", "4. Mai", "3-Apr", "02/03/2026", "3 or 4", True, "1e999"]
)
def test_what_is_no_rating_is_named(written: object) -> None:
    number, problem = read_number(written)
    assert number is None
    assert str(written) in problem


@pytest.mark.parametrize("written", [None, "", "N/A", "-", "keine Angabe", "nan"])
def test_a_rating_that_was_not_given_is_no_problem(written: object) -> None:
    assert read_number(written) == (None, "")


@pytest.mark.parametrize(
    ("name", "channel"),
    [("e-mail", "email"), ("Telefon", "call"), ("Voice", "call"), ("Facebook", "social"), ("X", "social"),
     ("WhatsApp", "chat"), ("Live Chat", "chat"), ("SMS", "chat"), ("App Store", "review"), ("NPS", "survey"),
     ("Web form", ""), ("pigeon", "")],
)  # fmt: skip
def test_what_tools_call_a_channel_is_one_of_ours_or_none(name: str, channel: str) -> None:
    assert read_channel(name) == channel
