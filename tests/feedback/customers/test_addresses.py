"""Contact points in every notation that sources write, and the placeholders that name nobody."""

import pytest

from bpm.feedback.customers.addresses import Address, addresses_of, email_of, parse_address, phone_of
from bpm.feedback.customers.naming import are_two_people, likeness, names_agree
from bpm.feedback.nobody import is_nobody
from tests.feedback.conftest import said


@pytest.mark.parametrize(
    "written",
    [
        "mia@shop-mail.org",
        "Mia Berg <Mia@Shop-Mail.org>",
        '"Berg, Mia" <mia@shop-mail.org>',
        "mailto:mia@shop-mail.org?subject=Hi",
        "<mailto:mia@shop-mail.org>",
        " MIA@SHOP-MAIL.ORG. ",
        "mia@shop-mail.org (Mia)",
    ],
)
def test_a_mail_address_is_one_in_every_notation(written: str) -> None:
    assert email_of(written) == "mia@shop-mail.org"


@pytest.mark.parametrize("written", ["mia", "mia@", "@mia", "mia@localhost", "a b@c", "", "x" * 500])
def test_what_is_no_mail_address_is_none(written: str) -> None:
    assert email_of(written) == ""


def test_a_domain_in_letters_of_its_own_is_that_of_the_wire() -> None:
    assert email_of("info@Bücher.example") == email_of("info@xn--bcher-kva.example")


@pytest.mark.parametrize(
    "written",
    ["+44 20 7946 0018", "0044 20 7946 0018", "+44 (0)20 7946-0018", "tel:+442079460018", "+44.20.7946.0018"],
)
def test_a_number_is_one_in_every_notation(written: str) -> None:
    assert phone_of(written) == "+442079460018"


def test_a_number_without_a_country_is_completed_by_the_region_and_else_keeps_its_digits() -> None:
    assert phone_of("020 7946 0018", "GB") == "+442079460018"
    assert phone_of("(415) 555-2671", "US") == phone_of("+1 415 555 2671")
    assert phone_of("030 / 901820", "DE") == "+4930901820"
    assert phone_of("020 7946 0018") == "02079460018"


def test_an_extension_is_a_line_of_its_own() -> None:
    assert phone_of("+1 415 555 2671 ext. 12") == "+14155552671;ext=12"
    assert phone_of("+1 415 555 2671 x13") != phone_of("+1 415 555 2671 x12")


@pytest.mark.parametrize(
    "written", ["call me", "12345", "+1 415 CALL NOW", "0000000000", "1234567890", "+49 1111111111"]
)
def test_what_is_no_number_or_only_typed_to_get_on_is_none(written: str) -> None:
    assert phone_of(written, "US") == ""


@pytest.mark.parametrize(
    "written",
    ["Anonymous", "[deleted]", "N/A", "n.a.", "-", "null", "None", "(unknown)", "Unbekannt", "Anônimo", "A Google User",
     "000000", "???", "deleted-user", "No Name", "", "Amazon Customer"],
)  # fmt: skip
def test_placeholders_name_nobody(written: str) -> None:
    assert is_nobody(written)


@pytest.mark.parametrize(
    "written", ["Ann", "Nobu", "Nona Null-Meyer", "user4711", "mr-unknown-99", "1001", "李", "Testa"]
)
def test_people_are_somebody(written: str) -> None:
    assert not is_nobody(written)


@pytest.mark.parametrize(
    "written",
    ["noreply@shop.example", "no-reply@shop.example", "do_not_reply+7@shop.example", "none@none.com", "na@na.na",
     "MAILER-DAEMON@mx.example", "bounce-77@lists.example", "ne-pas-repondre@boutique.example", "test@test.com",
     "anonymous@shop.example", "a@no-email.com", "keine-antwort@laden.example", "x@y.invalid"],
)  # fmt: skip
def test_machines_and_fillers_write_no_mail(written: str) -> None:
    assert email_of(written) == ""


@pytest.mark.parametrize(
    "written", ["nora@reply.example", "noah.reply@shop.example", "anna@nona.com", "test@house.org"]
)
def test_people_with_such_names_write_mail(written: str) -> None:
    assert email_of(written) == written


def test_the_companys_own_addresses_and_accounts_are_no_customers() -> None:
    own = {Address("email", "", "help@shop.example"), Address("handle", "", "shop")}
    raw = said(author_email="Help <help@shop.example>", author_handle="@Shop", author_phone="+44 20 7946 0018")
    assert addresses_of(raw, "", own) == [Address("phone", "", "+442079460018")]


def test_what_a_person_types_is_an_address_a_number_or_an_account() -> None:
    assert parse_address("mia@shop-mail.org") == Address("email", "", "mia@shop-mail.org")
    assert parse_address("020 7946 0018", "GB") == Address("phone", "", "+442079460018")
    assert parse_address("@Mia") == Address("handle", "", "mia")
    assert parse_address("Mia Berg") is None


@pytest.mark.parametrize(
    ("one", "other", "two"),
    [
        ("Mia Berg", "Jon Berg", True), ("Mia Berg", "Karl Novak", True), ("Mia Berg", "Mia Novak", False),
        ("Mia Berg", "Berg, Mia", False), ("Robert Lin", "Bob Lin", False), ("M. Berg", "Mia Berg", False),
        ("Mia", "Jon Berg", False), ("Anna Li", "Анна Ли", False), ("Mia Berg", "Berg Family", False),
        ("Mia Berg", "Acme Billing", False), ("Katharina Berg", "Kathi Berg", False), ("Ann Lee", "Ann M. Lee", False),
    ],
)  # fmt: skip
def test_another_given_name_is_another_person_and_a_short_or_new_one_is_not(one: str, other: str, two: bool) -> None:
    assert are_two_people(one, other) is are_two_people(other, one) is two


def test_names_agree_over_order_marks_and_titles_but_not_over_people() -> None:
    assert names_agree("Doe, Jane", "Ms Jane Doe")
    assert names_agree("Ünal Öz", "Unal Oz")
    assert not names_agree("Ann Ex", "Bo Ex")
    assert not names_agree("Ann", "Bo")
    assert likeness("J. Miller", "Jane Miller") == 90
    assert likeness("Ann", "Ann Miller") <= 60
    assert likeness("", "Ann") == 0
