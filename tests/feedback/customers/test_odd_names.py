"""Names with tricks in them are told to whoever reads them; names of people are not."""

import pytest

from bpm.feedback.customers.odd_names import what_is_odd


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Jo \u202emoc.knab", "nobody sees"),
        ("Jo\u200bBerg", "nobody sees"),
        ("\u0410da Advocate", "several alphabets"),
        ("Bank <office@bank.example>", "not where an answer goes"),
    ],
)
def test_what_is_odd_about_a_name_is_said(name: str, said: str) -> None:
    assert any(said in each for each in what_is_odd(name))


@pytest.mark.parametrize(
    "name",
    [
        "Jo Berg",
        "Zoë Müller",
        "Иван Петров",
        "Ολγα Ivanova",
        "محمد علي",
        "山田 太郎",
        "jo@customer.example",
        "नमस्ते",
        "می\u200cخواهم",
    ],
)
def test_names_of_people_are_not_odd(name: str) -> None:
    assert what_is_odd(name) == ()
