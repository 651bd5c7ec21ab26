"""A second factor: set up, asked for, used once, lost, and demanded by role."""

import re
from collections.abc import Callable
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import text

from bpm import identity
from bpm.app import App, build
from bpm.foundation.clock import FixedClock
from tests.web.conftest import PASSWORD, Browser
from web import create_app

SignIn = Callable[..., Browser]


def set_up(browser: Browser, clock: FixedClock) -> tuple[pyotp.TOTP, list[str]]:
    """(the app on the phone, recovery codes)"""
    page = browser.get("/profile/second-factor").get_data(as_text=True)
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", page)
    assert secret
    assert "<svg" in page
    app = pyotp.TOTP(secret.group(1))
    answer = browser.post("/profile/second-factor", {"code": app.at(clock.now())})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    browser._token = ""
    return app, re.findall(r"<code>([0-9a-f-]{23})</code>", answer.get_data(as_text=True))


@pytest.fixture
def ada(signed_in: SignIn) -> Browser:
    return signed_in("ada", "staff")


def half(web: Flask) -> Browser:
    """Somebody who gave ada's password and owes the code."""
    browser = Browser(web.test_client())
    answer = browser.sign_in("ada")
    assert answer.status_code == 200
    assert "Code of your app" in answer.get_data(as_text=True)
    assert browser.get("/tasks").status_code == 303, "the password alone opens nothing"
    return browser


@pytest.mark.both_databases
def test_the_code_is_asked_for_after_the_password_and_counts_once(web: Flask, ada: Browser, clock: FixedClock) -> None:
    phone, _codes = set_up(ada, clock)
    assert ada.get("/tasks").status_code == 200
    first = half(web)
    assert first.post("/sign-in/code", {"code": phone.at(clock.now())}).status_code == 401, "it was used to set it up"
    clock.advance(timedelta(seconds=30))
    code = phone.at(clock.now())
    assert first.post("/sign-in/code", {"code": f"{code[:3]} {code[3:]}"}).status_code == 303
    assert first.get("/tasks").status_code == 200
    assert half(web).post("/sign-in/code", {"code": code}).status_code == 401


@pytest.mark.parametrize("code", ["", "000000", "abcdef", "１２３４５６", "0" * 500])
def test_a_wrong_code_lets_nobody_in(web: Flask, ada: Browser, clock: FixedClock, code: str) -> None:
    set_up(ada, clock)
    assert half(web).post("/sign-in/code", {"code": code}).status_code == 401


@pytest.mark.both_databases
def test_a_recovery_code_opens_once(web: Flask, ada: Browser, clock: FixedClock) -> None:
    _phone, codes = set_up(ada, clock)
    assert len(set(codes)) == 10
    assert half(web).post("/sign-in/code", {"code": codes[0].upper()}).status_code == 303
    assert half(web).post("/sign-in/code", {"code": codes[0]}).status_code == 401
    assert "Recovery codes left: 9" in ada.get("/profile").get_data(as_text=True)


def test_codes_cannot_be_guessed_even_by_whoever_has_the_password(web: Flask, ada: Browser, clock: FixedClock) -> None:
    set_up(ada, clock)
    statuses = []
    for number in range(8):
        browser = Browser(web.test_client())
        statuses.append(browser.sign_in("ada").status_code)
        statuses.append(browser.post("/sign-in/code", {"code": f"{number:06}"}).status_code)
    assert 429 in statuses[:12]


def test_the_code_is_not_taken_ten_minutes_after_the_password(web: Flask, ada: Browser, clock: FixedClock) -> None:
    phone, _codes = set_up(ada, clock)
    browser = half(web)
    clock.advance(timedelta(minutes=11))
    assert browser.post("/sign-in/code", {"code": phone.at(clock.now())}).location == "/sign-in"


def test_setting_it_up_ends_the_other_sessions_and_needs_a_code_that_fits(
    web: Flask, ada: Browser, clock: FixedClock
) -> None:
    other = Browser(web.test_client())
    other.sign_in("ada")
    assert ada.post("/profile/second-factor", {"code": "000000"}).status_code == 400
    assert other.get("/tasks").status_code == 200
    set_up(ada, clock)
    assert other.get("/tasks").status_code == 303


def test_a_role_that_needs_it_opens_nothing_before_it_is_set_up(app: App, signed_in: SignIn, clock: FixedClock) -> None:
    signed_in("alex", "admin")
    strict = build(app.settings.model_copy(update={"second_factor_roles": ("admin",)}), clock=clock)
    alex = Browser(create_app(strict).test_client())
    alex.sign_in("alex")
    for page in ("/admin/people", "/tasks", "/profile"):
        assert alex.get(page).location == "/profile/second-factor", page
    assert alex.post("/admin/groups", {"name": "West"}).location == "/profile/second-factor"
    set_up(alex, clock)
    assert alex.get("/admin/people").status_code == 200
    assert alex.post("/profile/second-factor/off").status_code == 403


def test_an_administrator_drops_what_somebody_lost(
    app: App, web: Flask, ada: Browser, signed_in: SignIn, clock: FixedClock
) -> None:
    set_up(ada, clock)
    with app.unit_of_work.reading() as work:
        number = identity.find_user(work, "ada").id
    signed_in("alex", "admin").post(f"/admin/people/{number}/second-factor")
    assert ada.get("/tasks").status_code == 303
    assert Browser(web.test_client()).sign_in("ada").status_code == 303


@pytest.mark.both_databases
def test_the_database_holds_neither_the_app_s_secret_nor_a_code_that_opens(
    app: App, ada: Browser, clock: FixedClock
) -> None:
    phone, codes = set_up(ada, clock)
    with app.unit_of_work.reading() as work:
        held = [
            str(row)
            for table in ("user_account", "recovery_code", "secret", "user_session", "audit_waiting")
            for row in work.session.execute(text(f"SELECT * FROM {table}"))
        ]
    assert not [row for row in held for plain in (phone.secret, *codes) if plain in row]


def test_the_password_is_changed_by_whoever_knows_the_old_one(web: Flask, ada: Browser) -> None:
    new = "seven quiet otters"
    other = Browser(web.test_client())
    other.sign_in("ada")
    form = {"password": new, "password_again": new}
    assert ada.post("/profile/password", {**form, "old_password": "guess"}).status_code == 400
    assert ada.post("/profile/password", {**form, "old_password": PASSWORD, "password_again": "x"}).status_code == 400
    weak = {"old_password": PASSWORD, "password": "password1234", "password_again": "password1234"}
    assert ada.post("/profile/password", weak).status_code == 400
    assert other.get("/tasks").status_code == 200
    assert ada.post("/profile/password", {**form, "old_password": PASSWORD}).status_code == 303
    assert ada.get("/tasks").status_code == 200
    assert other.get("/tasks").status_code == 303
    assert Browser(web.test_client()).sign_in("ada", new).status_code == 303
