"""Staff find, claim, draft and complete work items."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm.app import App
from bpm.engine import queries
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, page_of, start_refund

SignIn = Callable[..., Browser]


@pytest.fixture
def item(app: App, refund: int) -> str:
    start_refund(app)
    return "/tasks/1"


def test_the_list_shows_activity_process_and_case(signed_in: SignIn, item: str) -> None:
    page = signed_in("stella", "staff", groups=("service",)).see("/tasks")
    for text in ("Check the claim", "Refund", "A-17", "Claim"):
        assert text in page


def test_another_groups_work_item_is_not_there_at_all(signed_in: SignIn, item: str) -> None:
    stranger = signed_in("fay", "staff", groups=("finance",))
    assert "Check the claim" not in stranger.see("/tasks?scope=all")
    assert stranger.get(item).status_code == 404
    for verb in ("claim", "release", "draft", "completion"):
        assert stranger.post(f"{item}/{verb}", {"amount": "3"}).status_code == 404
    assert stranger.post(f"{item}/assignee", {"username": "fay"}).status_code == 404
    assert stranger.get(item, headers={"HX-Request": "true", "HX-Target": "form"}).status_code == 404
    for term in ("Check the claim", "A-17"):
        assert item not in stranger.see("/search", query_string={"q": term}).links


def test_claiming_in_place_swaps_the_list_and_offers_undo(signed_in: SignIn, item: str) -> None:
    browser = signed_in("stella", "staff", groups=("service",))
    answer = browser.post(
        f"{item}/claim",
        {"next": "/tasks?scope=all"},
        headers={"HX-Request": "true", "HX-Target": "rows"},
        follow_redirects=True,
    )
    part = page_of(answer)
    assert not part.whole
    assert "you" in part.row("Check the claim")
    assert part.get("button", "Undo").target.startswith(f"{item}/release")


def test_who_comes_second_reads_who_was_first_and_when(signed_in: SignIn, item: str, clock: FixedClock) -> None:
    first = signed_in("stella", "staff", groups=("service",))
    second = signed_in("sam", "staff", groups=("service",))
    assert first.post(f"{item}/completion", {"approved": "true", "amount": "20"}).status_code == 303
    clock.advance(timedelta(minutes=5))
    answer = second.post(f"{item}/completion", {"amount": "30"})
    assert answer.status_code == 409
    assert "Stella completed this work item at 2026-03-02 09:00:00 UTC" in page_of(answer)


def test_a_wrong_value_is_said_at_its_field_and_what_was_typed_stays(signed_in: SignIn, item: str) -> None:
    browser = signed_in("stella", "staff", groups=("service",))
    answer = browser.post(f"{item}/completion", {"amount": "0", "reason": "late"})
    page = page_of(answer)
    assert answer.status_code == 400
    assert "Give 1 or more." in page.field("Amount").problem
    assert [each.value for each in page.fields() if each.checked] == ["late"]
    assert browser.post(f"{item}/completion", {"amount": "many"}).status_code == 400


def test_a_draft_is_kept_and_stands_in_the_form_again(signed_in: SignIn, item: str) -> None:
    browser = signed_in("stella", "staff", groups=("service",))
    assert browser.post(f"{item}/draft", {"amount": "42"}).status_code == 204
    assert browser.see(item).field("Amount").value == "42"


def test_completing_leads_on_to_the_next_activity(signed_in: SignIn, item: str) -> None:
    signed_in("stella", "staff", groups=("service",)).post(f"{item}/completion", {"approved": "true", "amount": "20"})
    finance = signed_in("fay", "staff", groups=("finance",))
    assert "Pay the money back" in finance.see("/tasks")


def test_after_a_task_that_nothing_reads_a_note_is_kept_and_no_variable_comes_of_it(
    app: App, signed_in: SignIn, item: str
) -> None:
    signed_in("stella", "staff", groups=("service",)).post(f"{item}/completion", {"approved": "true", "amount": "20"})
    finance = signed_in("fay", "staff", groups=("finance",))
    asked = finance.get("/tasks/2").get_data(as_text=True)
    assert "What was done?" in asked
    assert "name = value" not in asked
    assert finance.post("/tasks/2/completion", {"what_was_done": "Paid by bank."}).status_code == 303
    done = finance.get("/tasks/2").get_data(as_text=True)
    assert "Paid by bank." in done
    assert "Fay" in done
    with app.unit_of_work() as work:
        assert "what_was_done" not in queries.get_work_item(work, 2).variables


def test_the_other_persons_item_can_be_read_but_not_completed(signed_in: SignIn, item: str) -> None:
    first = signed_in("stella", "staff", groups=("service",))
    second = signed_in("sam", "staff", groups=("service",))
    first.post(f"{item}/claim")
    page = second.see(item)
    assert "with Stella" in page
    assert not page.has("button", "Complete")
    assert second.post(f"{item}/completion", {"amount": "3"}).status_code == 409


def test_an_empty_list_says_how_it_fills(signed_in: SignIn) -> None:
    page = signed_in("stella", "staff").see("/tasks")
    assert "Work items appear here by themselves" in page
