"""Sessions are kept by the server: they end when they should, at once, wherever the cookie was copied to."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from bpm import identity
from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from bpm.identity import PersonForm
from bpm.identity.entry.models import UserSession
from tests.web.conftest import PASSWORD, Browser
from web import create_app

SignIn = Callable[..., Browser]
NAME = "earshot"


def cookie_of(browser: Browser) -> str:
    cookie = browser.client.get_cookie(NAME)
    assert cookie is not None
    return cookie.value


def thief(web: Flask, cookie: str) -> Browser:
    """Another browser with a copied cookie."""
    browser = Browser(web.test_client())
    browser.client.set_cookie(NAME, cookie)
    return browser


def is_in(browser: Browser) -> bool:
    status = browser.get("/profile").status_code
    assert status in {200, 303}
    return status == 200


def id_of(app: App, username: str) -> int:
    with app.unit_of_work.reading() as work:
        return next(user.id for user in identity.list_users(work) if user.username == username)


@pytest.mark.both_databases
def test_a_copied_cookie_is_dead_after_signing_out(web: Flask, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    copied = cookie_of(ada)
    assert is_in(thief(web, copied))
    ada.post("/sign-out")
    assert not is_in(thief(web, copied))


def test_a_cookie_from_before_signing_in_never_becomes_a_session(web: Flask, signed_in: SignIn, app: App) -> None:
    signed_in("ada", "staff")
    browser = Browser(web.test_client())
    browser.token()
    planted = cookie_of(browser)
    assert browser.sign_in("ada").status_code == 303
    assert cookie_of(browser) != planted
    assert is_in(browser)
    assert not is_in(thief(web, planted))


def test_each_sign_in_has_an_id_of_its_own_and_the_database_holds_none(app: App, web: Flask, signed_in: SignIn) -> None:
    first = signed_in("ada", "staff")
    second = Browser(web.test_client())
    second.sign_in("ada")
    with app.unit_of_work.reading() as work:
        hashes = list(work.session.scalars(select(UserSession.token_hash)))
    tokens = []
    for browser in (first, second):
        with browser.client.session_transaction() as session:
            tokens.append(session["_user_id"])
    assert len(set(tokens)) == 2
    assert len(set(hashes)) == 2
    assert not set(tokens) & set(hashes)
    assert all(len(token) >= 22 for token in tokens), "128 bits in base 64"


@pytest.mark.parametrize(("role", "minutes"), [("staff", 480), ("admin", 30), ("designer", 30)])
def test_a_session_without_a_page_ends(signed_in: SignIn, clock: FixedClock, role: str, minutes: int) -> None:
    browser = signed_in("ada", role)
    clock.advance(timedelta(minutes=minutes) - timedelta(seconds=1))
    assert is_in(browser)
    clock.advance(timedelta(minutes=min(minutes, 200)))
    assert is_in(browser), "the page before was activity"
    clock.advance(timedelta(minutes=minutes, seconds=1))
    assert not is_in(browser)


def test_a_session_in_use_ends_after_twelve_hours_all_the_same(signed_in: SignIn, clock: FixedClock) -> None:
    browser = signed_in("ada", "staff")
    for _hour in range(12):
        clock.advance(timedelta(minutes=59))
        assert is_in(browser)
    clock.advance(timedelta(minutes=13))
    assert not is_in(browser)


def test_a_page_that_only_listens_keeps_no_session_alive(signed_in: SignIn, clock: FixedClock) -> None:
    browser = signed_in("ada", "admin")
    for _quarter in range(2):
        clock.advance(timedelta(minutes=14))
        assert browser.get("/live/marks?topics=tasks").status_code == 200
    clock.advance(timedelta(minutes=14))
    assert browser.get("/live/marks?topics=tasks").status_code == 303
    assert not is_in(browser)


@pytest.mark.both_databases
def test_use_is_written_down_once_a_minute_at_most(app: App, signed_in: SignIn, clock: FixedClock) -> None:
    def seen() -> object:
        with app.unit_of_work.reading() as work:
            return work.session.scalar(select(UserSession.last_seen_at))

    browser, began = signed_in("ada", "staff"), clock.now()
    clock.advance(timedelta(seconds=59))
    browser.get("/profile")
    assert seen() == began
    clock.advance(timedelta(seconds=1))
    browser.get("/profile")
    assert seen() == clock.now()


@pytest.mark.parametrize("how", ["deactivated", "signed out everywhere", "new password", "other roles"])
@pytest.mark.both_databases
def test_all_sessions_of_a_person_end_at_once(app: App, web: Flask, signed_in: SignIn, how: str) -> None:
    first = signed_in("ada", "staff")
    second = Browser(web.test_client())
    second.sign_in("ada")
    signed_in("alex", "admin")
    ada = id_of(app, "ada")
    with app.unit_of_work() as work:
        if how == "deactivated":
            identity.deactivate(work, ada)
        elif how == "signed out everywhere":
            identity.sign_out_everywhere(work, ada)
        elif how == "new password":
            identity.set_password(work, ada, "seven quiet otters")
        else:
            identity.change_person(work, ada, PersonForm("Ada", "", ("manager",), ()))
    assert not is_in(first)
    assert not is_in(second)


def test_one_session_is_ended_from_another_one_and_nobody_elses_can_be(web: Flask, signed_in: SignIn, app: App) -> None:
    laptop = signed_in("ada", "staff")
    phone = Browser(web.test_client())
    phone.client.environ_base["HTTP_USER_AGENT"] = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Safari/604.1"
    phone.sign_in("ada")
    stranger = signed_in("ben", "staff")
    page = laptop.get("/profile").get_data(as_text=True)
    assert "Safari on iPhone" in page
    with app.unit_of_work.reading() as work:
        rows = identity.list_sessions(work, id_of(app, "ada"))
    lost = next(row.id for row in rows if "iPhone" in row.device)
    assert stranger.post(f"/profile/sessions/{lost}/end").status_code == 404
    assert is_in(phone)
    assert laptop.post(f"/profile/sessions/{lost}/end").status_code == 303
    assert not is_in(phone)
    assert is_in(laptop)


def test_the_cookie_is_bound_to_the_host_and_to_https_but_on_this_machine(app: App, signed_in: SignIn) -> None:
    signed_in("ada")
    web = create_app(app)
    plain = web.test_client().get("/sign-in").headers["Set-Cookie"]
    assert plain.startswith("earshot=")
    assert "Secure" not in plain
    for base in ("https://earshot.example", "http://earshot.example", "http://192.0.2.7:8000", "https://localhost"):
        cookie = web.test_client().get("/sign-in", base_url=base).headers["Set-Cookie"]
        assert cookie.startswith("__Host-earshot="), base
        assert "Secure;" in cookie
        assert "HttpOnly" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie


def test_a_plain_cookie_says_nothing_over_https(web: Flask, signed_in: SignIn) -> None:
    ada = signed_in("ada", "staff")
    client = web.test_client()
    client.set_cookie(NAME, cookie_of(ada), domain="localhost")
    assert client.get("/profile", base_url="https://localhost").status_code == 303


def test_an_address_without_https_says_that_it_keeps_nobody_signed_in(web: Flask) -> None:
    page = web.test_client().get("/sign-in", base_url="http://earshot.example").get_data(as_text=True)
    assert "Open Earshot by https" in page
    assert "Open Earshot by https" not in web.test_client().get("/sign-in").get_data(as_text=True)


def test_a_setting_keeps_the_cookie_to_https_on_this_machine_too(app: App, settings: Settings) -> None:
    strict = settings.model_copy(update={"secure_cookies": True})
    web = create_app(App(**{**app.__dict__, "settings": strict}))
    assert web.test_client().get("/sign-in").headers["Set-Cookie"].startswith("__Host-earshot=")


def test_old_sessions_are_swept_away(app: App, signed_in: SignIn, clock: FixedClock) -> None:
    signed_in("ada")
    clock.advance(timedelta(hours=13))
    identity.forget_sessions(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(UserSession.id)) is None


def test_what_was_typed_comes_back_after_signing_in_again(signed_in: SignIn, clock: FixedClock) -> None:
    ada = signed_in("ada", "staff")
    form = {"display_name": "Ada <Lovelace>", "theme": "dark", "password": "not to be kept"}
    token = ada.token()
    clock.advance(timedelta(hours=9))
    sent = ada.client.post("/profile", data={"csrf_token": token, **form})
    page = sent.get_data(as_text=True)
    assert sent.status_code == 401
    assert "what you typed is kept" in page
    assert "not to be kept" not in page
    ada._token = token
    again = ada.post("/sign-in", {"username": "ada", "password": PASSWORD, "kept": kept_in(page)})
    back = again.get_data(as_text=True)
    assert again.status_code == 200
    assert "What you typed is still here" in back
    assert 'action="/profile"' in back
    assert "Ada &lt;Lovelace&gt;" in back
    assert ada.post("/profile", {"display_name": "Ada <Lovelace>"}).status_code == 303, "the token of before is good"


def kept_in(page: str) -> str:
    from html import unescape
    from re import search

    found = search(r'name="kept" value="([^"]*)"', page)
    assert found
    return unescape(found.group(1))


@pytest.mark.parametrize("kept", ["{}", "x", "[1]", '{"action": "https://evil.test/", "fields": [], "files": []}'])
def test_a_made_up_kept_form_is_nothing(signed_in: SignIn, web: Flask, kept: str) -> None:
    signed_in("ada", "staff")
    browser = Browser(web.test_client())
    assert browser.post("/sign-in", {"username": "ada", "password": PASSWORD, "kept": kept}).status_code == 303


def test_parts_and_scripts_are_told_and_not_sent_a_page(signed_in: SignIn, clock: FixedClock) -> None:
    ada = signed_in("ada", "staff")
    clock.advance(timedelta(hours=9))
    part = ada.get("/tasks", headers={"HX-Request": "true", "HX-Target": "tasks"})
    assert part.status_code == 401
    assert part.headers["HX-Retarget"] == "#notice"
    assert "Sign in again in a new window" in part.get_data(as_text=True)
    asked = ada.get("/live/marks?topics=tasks", headers={"Sec-Fetch-Dest": "empty"})
    assert asked.status_code == 401
    assert asked.get_json()["sign_in"].startswith("/sign-in")


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_a_form_that_the_browser_says_comes_from_elsewhere_is_refused(signed_in: SignIn, site: str) -> None:
    ada = signed_in("ada", "staff")
    answer = ada.post("/profile", {"display_name": "Eve"}, headers={"Sec-Fetch-Site": site})
    assert answer.status_code == 403
    assert "Eve" not in ada.get("/profile").get_data(as_text=True)
