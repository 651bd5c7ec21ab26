"""Nobody asks for what is dear without end; whoever asks too often is told when to come back."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import event, func, select
from werkzeug.test import TestResponse

from bpm.app import App, build
from bpm.foundation.clock import FixedClock
from bpm.foundation.errors import EarshotError
from bpm.foundation.rates.windows import WINDOW, RateWindows, forget_windows
from bpm.foundation.settings import Settings
from tests.web.conftest import Browser
from web import create_app
from web.core.rate_limits import RULES, rule_of

SignIn = Callable[..., Browser]
HERE, THERE = "198.51.100.7", "203.0.113.9"


@pytest.fixture
def settings(settings: Settings) -> Settings:
    return settings.model_copy(
        update={"rate_limits": "webhook=3/minute; download=2/minute; sign-in=5/10minute; api=off"}
    )


def deliver(browser: Browser, address: str = HERE) -> TestResponse:
    return browser.client.post("/api/webhooks/unknown", data=b"{}", environ_base={"REMOTE_ADDR": address})


@pytest.mark.both_databases
def test_one_request_too_many_is_told_when_to_come_back_and_then_taken(visitor: Browser, clock: FixedClock) -> None:
    assert [deliver(visitor).status_code for _ in range(3)] == [404] * 3
    clock.advance(timedelta(seconds=20))
    refused = deliver(visitor)
    assert refused.status_code == 429
    assert refused.headers["Retry-After"] == "40"
    assert refused.json is not None
    assert refused.json["message"] == "That was asked too often: at most 3 times in a minute."
    assert refused.json["remedy"] == "Try again at 09:01:00 UTC."
    assert deliver(visitor, THERE).status_code == 404, "another caller is not meant"
    clock.advance(timedelta(seconds=40))
    assert deliver(visitor).status_code == 404


@pytest.mark.both_databases
def test_processes_count_together(app: App, visitor: Browser, clock: FixedClock) -> None:
    other_app = build(app.settings, clock=clock)
    other = Browser(create_app(other_app).test_client())
    assert [deliver(browser).status_code for browser in (visitor, other, visitor)] == [404] * 3
    assert deliver(other).status_code == deliver(visitor).status_code == 429
    other_app.close()


def test_downloads_count_by_person_wherever_they_are(signed_in: SignIn, refund: int) -> None:
    designer, other = signed_in("dora", "designer"), signed_in("otto", "designer")
    path = f"/processes/versions/{refund}/source"
    assert [designer.get(path).status_code for _ in range(2)] == [200, 200]
    refused = designer.get(path, environ_base={"REMOTE_ADDR": THERE})
    assert refused.status_code == 429
    assert "at most 2 times in a minute" in refused.get_data(as_text=True)
    assert other.get(path).status_code == 200


def test_tries_to_sign_in_count_by_address_whatever_the_name(visitor: Browser) -> None:
    statuses = [visitor.sign_in(f"name {number}").status_code for number in range(6)]
    assert statuses == [401] * 5 + [429]


@contextmanager
def statements(app: App) -> Iterator[list[str]]:
    seen: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        seen.append(statement)

    event.listen(app.database, "before_cursor_execute", note)
    yield seen
    event.remove(app.database, "before_cursor_execute", note)


@pytest.mark.both_databases
def test_counting_is_one_statement_and_a_flood_of_refused_requests_none(app: App, visitor: Browser) -> None:
    windows = RateWindows(app.database, app.clock)
    with statements(app) as counting:
        windows.count("somebody", timedelta(minutes=1), 1)
    assert len([each for each in counting if "rate_window" in each]) == 1
    for _ in range(4):
        deliver(visitor)
    with statements(app) as refused:
        assert {deliver(visitor).status_code for _ in range(20)} == {429}
    assert not [each for each in refused if "rate_window" in each]


def test_windows_that_are_over_are_swept(app: App, clock: FixedClock) -> None:
    windows = RateWindows(app.database, app.clock)
    for number in range(30):
        windows.count(f"address {number}", timedelta(minutes=1 if number < 20 else 5), 1)
    forget_windows(app.unit_of_work)
    clock.advance(timedelta(minutes=1))
    forget_windows(app.unit_of_work)
    with app.unit_of_work.reading() as work:
        assert work.session.scalar(select(func.count()).select_from(WINDOW)) == 10


def test_reading_does_not_wait_for_somebody_who_writes_for_long(app: App, signed_in: SignIn, refund: int) -> None:
    designer = signed_in("dora", "designer")
    with app.unit_of_work() as work:
        work.session.connection()
        assert designer.get(f"/processes/versions/{refund}/source").status_code == 200


def test_every_file_and_every_way_in_for_programs_has_a_bound(web: Flask) -> None:
    with web.test_request_context():
        rules = {rule.endpoint: rule_of(rule.endpoint) for rule in web.url_map.iter_rules()}
    assert {endpoint for endpoint, rule in rules.items() if endpoint.startswith("api.") and not rule} == set()
    files = {
        "audit.as_csv",
        "audit.as_lines",
        "cases.as_csv",
        "designer.bundle",
        "designer.source",
        "designer.upload_source",
        "designer.drawing",
        "designer.upload_drawing",
        "designer.decision_file",
        "inbox.as_csv",
        "inbox.as_lines",
        "inbox.download",
        "logs.log",
        "ownership.as_csv",
        "reports.file",
        "tasks.download",
    }
    assert {endpoint for endpoint, rule in rules.items() if rule == "download"} == files
    assert rules["login.sign_in"] == "sign-in"
    assert set(rules.values()) <= {"", *RULES}


def test_a_bound_of_an_unknown_name_is_refused_at_the_start(settings: Settings) -> None:
    app = build(settings.model_copy(update={"rate_limits": "downloads=5/minute"}))
    with pytest.raises(
        EarshotError, match=r"names downloads\. There are sign-in, .*, download, upload, portal, portal-code, api\."
    ):
        create_app(app)
    app.close()


@pytest.mark.parametrize("written", ["webhook=fast", "webhook", "webhook=5/fortnight", "webhook=0/minute"])
def test_a_bound_that_cannot_be_read_is_refused_at_the_start(written: str) -> None:
    with pytest.raises(ValueError, match="rate_limits"):
        Settings(rate_limits=written)
