"""Placeholders are nobody; people with odd names are somebody."""

import pytest

from bpm.feedback.customers import addresses_of
from bpm.feedback.nobody import is_nobody, is_nobodys_email, is_nobodys_phone
from bpm.feedback.raw_item import RawItem


@pytest.mark.parametrize(
    "written",
    ["", " ", "-", "--", "?", "N/A", "n.a.", "NULL", "None", "[deleted]", "(removed)", "Anonymous", "anonym", "Unknown",
     "A Google user", "0", "000000", "undefined", "Deleted User", '"null"', "Unbekannt", "Anónimo", "Ein Google-Nutzer",
     "匿名", "Аноним", "Invité", "Kunde", "ghost", "k.A.", "N.N.", "-1", "No Caller ID", "Unterdrückt",
     "Facebook User"],
)  # fmt: skip
def test_a_placeholder_is_nobody(written: str) -> None:
    assert is_nobody(written)


@pytest.mark.parametrize(
    "written",
    [
        "Ann",
        "nobody_knows_me",
        "n0ne",
        "7",
        "100",
        "deleted_scenes",
        "李",
        "Noneman",
        "O'Null",
        "Kai",
        "Nina",
        "1",
        "Kunde-4711",
    ],
)
def test_people_are_somebody(written: str) -> None:
    assert not is_nobody(written)


@pytest.mark.parametrize(
    "address",
    ["none@none.com", "noreply@shop.example", "no-reply@shop.example", "do-not-reply@x.org", "NoReply+7@x.org",
     "na@na.com", "test@test.com", "keine@keine.de", "deleted@deleted.com",
     "a@a.com", "shop-noreply@x.org", "x@y.invalid", "mailer-daemon@x.org"],
)  # fmt: skip
def test_an_address_that_reaches_nobody(address: str) -> None:
    assert is_nobodys_email(address)


@pytest.mark.parametrize("address", ["ann@example.com", "nora.reply@x.org", "test@firm.example", "abc@gmail.com"])
def test_an_address_that_reaches_somebody(address: str) -> None:
    assert not is_nobodys_email(address)


NUMBERS = [
    ("0000000000", True), ("+1111111", True), ("1234567890", True), ("987654321", True), ("+491711234567", False),
    ("555123", False), ("+266696687", True), ("+7378742833", True),
]  # fmt: skip


@pytest.mark.parametrize(("number", "nobody"), NUMBERS)
def test_numbers_that_are_typed_to_get_on(number: str, nobody: bool) -> None:
    assert is_nobodys_phone(number) is nobody


def test_nobody_is_recognised_by_a_placeholder_and_notations_of_one_address_are_one() -> None:
    def told(**fields: str) -> list[str]:
        return [address.value for address in addresses_of(RawItem("chat", "s", "x", **fields))]

    assert (
        told(author_id="null", author_handle="[deleted]", author_email="none@none.com", author_phone="000 000 000")
        == []
    )
    assert (
        told(author_email="Ann <ann@example.com>") == told(author_email="mailto:ann@example.com") == ["ann@example.com"]
    )
    assert told(author_phone="tel:+491711234567") == told(author_phone="0049 (0)171/1234567") == ["+491711234567"]
