"""Passwords cannot be guessed at will, and guessing locks nobody out of their own account."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select
from werkzeug.test import TestResponse

from bpm import identity
from bpm.app import App, build
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import TooManyRequestsError
from bpm.identity import people
from bpm.identity.login_throttle import ACCOUNT, ACCOUNT_AND_ADDRESS, ADDRESS, ATTEMPTS
from tests.web.conftest import PASSWORD, Browser
from web import create_app

SignIn = Callable[..., Browser]
FREE = ACCOUNT_AND_ADDRESS.free
HOME, ELSEWHERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def ada(app: App) -> str:
    with app.unit_of_work() as work:
        identity.create_user(work, "ada", display_name="Ada", password=PASSWORD, roles=["staff"], groups=[])
    return "ada"


@pytest.fixture
def looked_at(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The passwords that were held against a hash."""
    seen: list[str] = []
    match = people.Credentials.match

    def count(self: people.Credentials, password: str) -> bool:
        seen.append(password)
        return match(self, password)

    monkeypatch.setattr(people.Credentials, "match", count)
    return seen


def attempt(browser: Browser, address: str, username: str, password: str = "not it at all") -> TestResponse:
    answer = browser.post(
        "/sign-in", {"username": username, "password": password}, environ_base={"REMOTE_ADDR": address}
    )
    browser._token = ""
    return answer


def test_after_ten_wrong_passwords_the_next_try_waits_and_the_page_says_until_when(
    visitor: Browser, ada: str, clock: FixedClock
) -> None:
    assert [attempt(visitor, HOME, ada).status_code for _ in range(FREE)] == [401] * FREE
    refused = attempt(visitor, HOME, ada, PASSWORD)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "60"
    assert "Try again in 1 min, at 09:01:00 UTC." in refused.get_data(as_text=True)
    clock.advance(timedelta(seconds=60))
    assert attempt(visitor, HOME, ada, PASSWORD).status_code == 303


def test_the_wait_doubles_with_each_further_wrong_password_up_to_an_hour(
    visitor: Browser, ada: str, clock: FixedClock
) -> None:
    for _ in range(FREE):
        attempt(visitor, HOME, ada)
    waits = []
    for _ in range(8):
        wait = int(attempt(visitor, HOME, ada).headers["Retry-After"])
        waits.append(wait // 60)
        clock.advance(timedelta(seconds=wait))
        assert attempt(visitor, HOME, ada).status_code == 401
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60]


def test_a_right_password_forgets_the_wrong_ones_before_it(web: Flask, visitor: Browser, ada: str) -> None:
    for _ in range(3):
        assert [attempt(visitor, HOME, ada).status_code for _ in range(FREE - 1)] == [401] * (FREE - 1)
        assert attempt(visitor, HOME, ada, PASSWORD).status_code == 303
        visitor.client.delete_cookie("earshot_device", path="/sign-in")
        visitor.client.delete_cookie(web.config["SESSION_COOKIE_NAME"])


@pytest.mark.both_databases
def test_of_sixty_guesses_at_the_same_moment_no_more_are_looked_at_than_one_after_the_other(
    app: App, web: Flask, ada: str, looked_at: list[str]
) -> None:
    browsers = [Browser(web.test_client()) for _ in range(60)]
    for browser in browsers:
        browser.token()
    with ThreadPoolExecutor(20) as pool:
        answers = pool.map(
            lambda numbered: attempt(numbered[1], HOME, ada, f"guess {numbered[0]}"), enumerate(browsers)
        )
        statuses = Counter(answer.status_code for answer in answers)
    assert set(statuses) <= {401, 429}
    assert len(looked_at) == statuses[401] <= FREE


def test_many_who_sign_in_to_one_account_at_the_same_moment_do_not_refuse_one_another(web: Flask, ada: str) -> None:
    browsers = [Browser(web.test_client()) for _ in range(40)]
    for browser in browsers:
        browser.token()
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda browser: attempt(browser, HOME, ada, PASSWORD), browsers))
    assert Counter(answer.status_code for answer in answers) == {303: 40}


def test_a_stranger_who_guesses_cannot_lock_a_person_out_of_a_device_of_theirs(
    web: Flask, ada: str, clock: FixedClock
) -> None:
    laptop, stranger = Browser(web.test_client()), Browser(web.test_client())
    assert attempt(laptop, HOME, ada, PASSWORD).status_code == 303
    for number in range(ACCOUNT.free + 20):
        attempt(stranger, f"203.0.113.{number}", ada)
    for _ in range(ADDRESS.free + 20):
        attempt(stranger, HOME, f"somebody {_}")
    assert attempt(stranger, ELSEWHERE, ada, PASSWORD).status_code == 429, "the account is closed to strangers"
    assert attempt(stranger, HOME, "somebody else").status_code == 429, "and so is the address"
    laptop.post("/sign-out")
    laptop._token = ""
    assert attempt(laptop, HOME, ada, PASSWORD).status_code == 303
    assert attempt(laptop, "192.0.2.1", ada, PASSWORD).status_code == 303, "a laptop travels"


def test_a_device_that_was_stolen_is_no_way_round_the_bound(web: Flask, ada: str) -> None:
    laptop = Browser(web.test_client())
    assert attempt(laptop, HOME, ada, PASSWORD).status_code == 303
    laptop.client.delete_cookie(web.config["SESSION_COOKIE_NAME"])
    laptop._token = ""
    statuses = [attempt(laptop, f"192.0.2.{number}", ada).status_code for number in range(FREE + 1)]
    assert statuses == [401] * FREE + [429]


@pytest.mark.parametrize("forged", ["[[1,'x',9999999999]]", "W1sxLCJ4Iiw5OTk5OTk5OTk5XV0.AAAA", "\x00", "."])
def test_a_device_cannot_be_invented(web: Flask, ada: str, forged: str) -> None:
    stranger = Browser(web.test_client())
    for number in range(ACCOUNT.free):
        attempt(stranger, f"203.0.113.{number}", ada)
    stranger.client.set_cookie("earshot_device", forged, path="/sign-in")
    assert attempt(stranger, HOME, ada).status_code == 429


def test_the_device_of_one_account_says_nothing_for_another(web: Flask, ada: str, signed_in: SignIn) -> None:
    mallory = signed_in("mallory", "staff")
    mallory.post("/sign-out")
    mallory._token = ""
    for number in range(ACCOUNT.free):
        attempt(mallory, f"203.0.113.{number}", ada)
    assert attempt(mallory, HOME, ada).status_code == 429


@pytest.mark.both_databases
def test_two_processes_count_together(app: App, visitor: Browser, ada: str, clock: FixedClock) -> None:
    other_app = build(app.settings, clock=clock)
    other = Browser(create_app(other_app).test_client())
    for number in range(FREE):
        assert attempt((visitor, other)[number % 2], HOME, ada).status_code == 401
    assert attempt(visitor, HOME, ada, PASSWORD).status_code == 429
    assert attempt(other, HOME, ada, PASSWORD).status_code == 429
    other_app.close()


def test_nobody_s_name_is_answered_and_counted_like_somebody_s(
    visitor: Browser, ada: str, looked_at: list[str]
) -> None:
    somebody = [attempt(visitor, HOME, ada) for _ in range(FREE + 1)]
    checks = len(looked_at)
    nobody = [attempt(visitor, ELSEWHERE, "nobody") for _ in range(FREE + 1)]
    assert len(looked_at) == 2 * checks
    assert [answer.status_code for answer in nobody] == [answer.status_code for answer in somebody]
    texts = [answers[-1].get_data(as_text=True).partition("Too many")[2][:60] for answers in (somebody, nobody)]
    assert texts[0] == texts[1] != ""


def test_the_hash_that_nobody_s_password_is_held_against_is_as_dear_as_any() -> None:
    real, decoy = people._hasher.hash("x"), people._decoy()
    assert real.split("$")[1:4] == decoy.split("$")[1:4]
    assert list(map(len, real.split("$"))) == list(map(len, decoy.split("$")))
    assert not people.Credentials(None, decoy, active=True).match("")


def rows(app: App) -> int:
    with app.unit_of_work.reading() as work:
        return work.session.scalar(select(func.count()).select_from(ATTEMPTS)) or 0


def test_thousands_of_other_names_neither_open_the_door_nor_fill_the_database(
    app: App, visitor: Browser, ada: str, clock: FixedClock
) -> None:
    for _ in range(FREE):
        attempt(visitor, ELSEWHERE, ada)
    refused = 0
    for number in range(2_000):
        try:
            with app.unit_of_work() as work:
                identity.reserve(work, identity.LoginTry(f"name {number}", HOME))
        except TooManyRequestsError:
            refused += 1
    assert refused == 2_000 - ADDRESS.free
    assert attempt(visitor, ELSEWHERE, ada, PASSWORD).status_code == 429
    assert rows(app) == 3 + 1 + 2 * ADDRESS.free
    clock.advance(timedelta(days=1))
    for _ in range(3):
        assert identity.forget_attempts(app.unit_of_work) == 0
    assert rows(app) == 0


def test_addresses_of_one_network_count_as_one(app: App) -> None:
    keys = {
        identity.LoginTry("ada", address).counts()[0][1]
        for address in ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff")
    }
    assert len(keys) == 1
    assert identity.LoginTry("ada", "::ffff:192.0.2.1").counts() == identity.LoginTry("ada", "192.0.2.1").counts()
    assert identity.LoginTry("ada", "2001:db8:1:3::1").counts()[0][1] not in keys


def test_an_office_signs_in_at_processes_whose_clocks_are_a_little_apart(app: App, clock: FixedClock) -> None:
    behind = app.unit_of_work.at(FixedClock(clock.now() - timedelta(milliseconds=40)))
    mine, colleagues = identity.LoginTry("ada", HOME), identity.LoginTry("ben", HOME)
    with app.unit_of_work() as work:
        identity.reserve(work, mine)
    with behind() as work:
        identity.reserve(work, colleagues)
    with app.unit_of_work() as work:
        identity.forgive(work, mine)
    with behind() as work:
        identity.reserve(work, identity.LoginTry("ada", HOME))
        identity.forgive(work, colleagues)
