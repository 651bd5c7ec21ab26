"""Clocks in the browser: a bar on each row and on the item, the order of what to do next, targets, snooze."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from bpm import feedback
from bpm.app import App
from bpm.feedback import ClassificationResult, RawItem, clocks
from bpm.foundation.clock import FixedClock
from tests.conftest import MONDAY
from tests.web.conftest import Browser

Hear = Callable[..., int]


@pytest.fixture
def advocate(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate", groups=("service",))


@pytest.fixture
def hear(app: App) -> Hear:
    def take(text: str, kind: str, urgency: int, **fields: Any) -> int:
        with app.unit_of_work() as work:
            raw = RawItem("social", "mastodon", text, said_at=MONDAY, author_name=text, natural_key=text, **fields)
            item = feedback.receive(work, raw).item_id
            claim = ClassificationResult("m1", {kind: 0.9}, kind, -0.8, urgency, "delivery", 0.9, abstained=False)
            feedback.record_classification(work, item, claim)
        settle(app)
        return item

    return take


def settle(app: App) -> None:
    while clocks.sweep_clocks(app.unit_of_work):
        pass


def order(browser: Browser, path: str = "/inbox") -> list[str]:
    return [row.all("link")[0].name for row in browser.see(path).all("article")]


def test_each_row_has_its_clock_and_what_to_do_next_comes_first(
    app: App, clock: FixedClock, advocate: Browser, hear: Hear
) -> None:
    hear("Lovely shop", "praise", 0)
    item = hear("It is broken", "complaint", 2)
    hear("Nothing works", "outage_report", 3)
    page = advocate.see("/inbox")
    assert order(advocate) == ["Nothing works", "It is broken", "Lovely shop"]
    assert page.get("heading", "Inbox").words == "Inbox 3 to do"
    assert page.row("It is broken").get("img", "answer due in 2 h")
    clock.advance(timedelta(hours=3))
    assert advocate.see("/inbox").row("It is broken").get("img", "answer 1 h late")
    assert order(advocate, "/inbox?view=late") == ["Nothing works", "It is broken", "Lovely shop"]
    assert "answer due" in advocate.see(f"/inbox/{item}").get("group", "Service clock")


def test_the_customer_is_asked_and_the_item_snoozed_and_both_are_taken_back(
    app: App, clock: FixedClock, advocate: Browser, hear: Hear
) -> None:
    item = hear("It is broken", "complaint", 2)
    advocate.post(f"/inbox/{item}/waiting")
    settle(app)
    assert "waits for the customer" in advocate.see(f"/inbox/{item}").get("group", "Service clock")
    advocate.post(f"/inbox/{item}/going-on")
    settle(app)
    assert "waits for the customer" not in advocate.see(f"/inbox/{item}")
    assert "Snoozed until 2026-03-04 08:00" in advocate.do(f"/inbox/{item}/snooze", {"until": "2026-03-04T08:00"})
    assert (order(advocate), order(advocate, "/inbox?view=snoozed")) == ([], ["It is broken"])
    assert advocate.see("/inbox").get("heading", "Inbox").words == "Inbox 0 to do"
    advocate.post(f"/inbox/{item}/return")
    assert order(advocate) == ["It is broken"]


def test_the_true_number_of_what_is_to_do_is_told_however_many(
    app: App, advocate: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.inbox.items.MOST_COUNTED", 2)
    with app.unit_of_work() as work:
        raws = [RawItem("email", "mail", f"It leaks {n}.", natural_key=str(n), said_at=MONDAY) for n in range(5)]
        feedback.receive_all(work, raws)
    assert advocate.see("/inbox").get("heading", "Inbox").words == "Inbox 2+ to do"
    assert advocate.get("/inbox/to-do").get_data(as_text=True) == '<span id="to-do" class="count">5</span>'


def test_an_administrator_sets_targets_and_running_clocks_follow(
    app: App, clock: FixedClock, signed_in: Callable[..., Browser], advocate: Browser, hear: Hear
) -> None:
    hear("It is broken", "complaint", 2)
    admin = signed_in("ada", "admin", groups=("service",))
    page = admin.see("/admin/answer-targets")
    assert ("came with the product" in page, page.field("social, First answer, hours").value) == (True, "2")
    assert "Saved." in admin.do("/admin/answer-targets", {"first/social//-hours": "1", "first/social//-minutes": "30"})
    assert "whole numbers" in admin.do("/admin/answer-targets", {"first/social//-hours": "-1"})
    settle(app)
    page = admin.see("/admin/answer-targets")
    assert "came with the product" not in page
    assert page.field("social, First answer, minutes").value == "30"
    clock.advance(timedelta(hours=1))
    assert advocate.see("/inbox").row("It is broken").get("img", "answer due in 30 min")
    assert signed_in("sam", "staff").post("/admin/answer-targets").status_code == 403
