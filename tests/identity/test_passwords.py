"""Passwords are long and not the first that anybody tries; their hashes keep up with the parameters."""

import pytest
from argon2 import PasswordHasher
from argon2.profiles import RFC_9106_LOW_MEMORY

from bpm import demo, identity
from bpm.app import App
from bpm.identity import people
from bpm.identity.models import User
from bpm.identity.passwords import find_password_problem
from tests.web.conftest import PASSWORD, Browser
from web import create_app


@pytest.mark.parametrize("password", ["", "12345678", "elevenchars", "x7 kq p2 m!", "y" * 129, "several words " * 10])
def test_a_password_that_is_too_short_or_too_long_is_refused(password: str) -> None:
    assert "12 to 128 characters" in find_password_problem(password)


@pytest.mark.parametrize(
    "password",
    [
        "123456789012",
        "password1234",
        "Password1234!",
        "P@ssw0rd1234",
        "passwordpassword",
        "qwertyuiop12",
        "qwertz123456",
        "1q2w3e4r5t6y",
        "qazwsxedcrfv",
        "iloveyou1234",
        "letmein12345",
        "welcome12345",
        "administrator1",
        "footballfootball",
        "abcabcabcabc",
        "aaaaaaaaaaaaaaaa",
        "            ",
        "adalovelace1",
        "earshot12345",
        "a" * 128,
    ],
)
def test_a_password_that_is_tried_first_is_refused(password: str) -> None:
    assert "first that are tried" in find_password_problem(password, known_to_all=("adalovelace", "Ada Lovelace"))


@pytest.mark.parametrize(
    "password",
    [
        demo.PASSWORD,
        "correct horse",
        "nur kleine buchstaben",
        "тихий вечер у моря",
        "静かな海辺の夕暮れ、ふたりで歩いた",
        "x7kqp2mvw9tz",
        "4@8({[<3691!|1|70$5+7%2" * 5,
        "eight million little stars " * 4,
    ],
)
def test_any_long_password_of_any_characters_is_taken(password: str) -> None:
    assert find_password_problem(password) == ""


def test_a_person_with_a_common_password_is_not_made(app: App) -> None:
    with pytest.raises(identity.people.InvalidInputError) as refused, app.unit_of_work() as work:
        identity.create_user(work, "ada", display_name="Ada", password="password1234", roles=[], groups=[])
    assert set(refused.value.fields) == {"password"}


def test_hashes_are_argon2id_with_the_parameters_that_are_told(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    with app.unit_of_work() as work:
        user = identity.create_user(work, "ada", display_name="Ada", password=PASSWORD, roles=[], groups=[])
        assert user.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")


def test_signing_in_renews_a_hash_of_other_parameters_and_no_other(app: App, monkeypatch: pytest.MonkeyPatch) -> None:
    old = PasswordHasher.from_parameters(RFC_9106_LOW_MEMORY)
    with app.unit_of_work() as work:
        user = identity.create_user(work, "ada", display_name="Ada", password=PASSWORD, roles=["staff"], groups=[])
        user.password_hash = old.hash(PASSWORD)
    browser = Browser(create_app(app).test_client())
    assert browser.sign_in("ada", "not it at all").status_code == 401
    assert "m=65536" in stored(app)
    assert browser.sign_in("ada").status_code == 303
    renewed = stored(app)
    assert "m=65536" not in renewed
    assert people._hasher.verify(renewed, PASSWORD)
    again = Browser(create_app(app).test_client())
    assert again.sign_in("ada").status_code == 303
    assert stored(app) == renewed


def stored(app: App) -> str:
    with app.unit_of_work.reading() as work:
        return work.session.get_one(User, 1).password_hash
