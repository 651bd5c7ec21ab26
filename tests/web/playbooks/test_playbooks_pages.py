"""Playbooks: kept with owner and day, offered beside what they fit, ticked, ended with what was skipped, counted."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm.app import App
from bpm.feedback.playbooks import PlaybookRow, Situation
from bpm.feedback.playbooks.offering import ranked
from bpm.foundation.clock import FixedClock
from tests.conftest import MONDAY
from tests.web.conftest import Browser
from tests.web.inbox.conftest import *  # noqa: F403 (its fixtures: an advocate, and items by one short call)

Heard = Callable[..., int]
BOOK = {
    "name": "Late parcel", "topic": "delivery", "kind": "complaint", "tone": "negative",
    "steps": "Look up the tracking\n\n  Say what it says \nOffer to call", "review_by": "2026-03-20", "owner": "1",
}  # fmt: skip


def book(number: int, topic: str = "", kind: str = "", tone: str = "") -> PlaybookRow:
    return PlaybookRow(number, f"B{number}", topic, kind, tone, 1, "Ada", MONDAY.date(), None, number, 1, ("x",))


def test_what_names_more_of_the_situation_stands_first_and_what_does_not_hold_is_not_offered() -> None:
    books = [book(1), book(2, "Delivery"), book(3, "delivery / late"), book(4, "delivery", "complaint"),
             book(5, "delivery", "praise"), book(6, "deliver"), book(7, tone="positive")]  # fmt: skip
    found = ranked(books, Situation("delivery / late", "complaint", -0.9))
    assert [each.id for each in found] == [3, 4, 2]
    assert [each.id for each in ranked(books, Situation(None, None, None))] == [1]
    assert [each.id for each in ranked(books, Situation("praise", "praise", 0.5))] == [7, 1]


def test_a_playbook_is_kept_offered_ticked_and_ended_with_what_was_skipped(
    app: App, clock: FixedClock, advocate: Browser, heard: Heard
) -> None:
    assert "No playbook yet" in advocate.see("/playbooks")
    odd = advocate.do("/playbooks", {**BOOK, "steps": " ", "tone": "loud", "review_by": "soon"})
    for said in ("1 to 20 steps", "Choose one of the list.", "Name the day by which"):
        assert said in odd
    assert "offered beside what it fits" in advocate.do("/playbooks", BOOK)
    assert "Another playbook has this name." in advocate.do("/playbooks", BOOK)
    item, praised = heard(primary="complaint"), heard("Lovely kettle.", primary="praise")
    assert "Work by “Late parcel”" in advocate.see(f"/inbox/{item}")
    assert "Work by" not in advocate.see(f"/inbox/{praised}")
    page = advocate.do(f"/playbooks/1/items/{item}")
    assert "☐ Look up the tracking" in page
    assert "Work by" not in page
    advocate.post(f"/playbooks/1/items/{item}")  # twice is once
    clock.advance(timedelta(minutes=4))
    advocate.post(f"/playbooks/uses/1/items/{item}/steps/1", {"done": "1"})
    advocate.post(f"/playbooks/uses/1/items/{item}/steps/2", {"done": "1"})
    advocate.post(f"/playbooks/uses/1/items/{item}/steps/2", {"done": "0"})
    assert "☑ Look up the tracking" in advocate.see(f"/inbox/{item}")
    assert advocate.post(f"/playbooks/uses/1/items/{item}/steps/4", {"done": "1"}).status_code == 404
    silent = advocate.do(f"/playbooks/uses/1/items/{item}/end", {"why-2": "They knew."})
    assert "Tick it, or say why it was skipped." in silent
    assert "They knew." in silent.markup
    done = advocate.do(f"/playbooks/uses/1/items/{item}/end", {"why-2": "They knew.", "why-3": "No number."})
    assert "1 of 3 done" in done
    assert "skipped: No number." in done
    assert advocate.post(f"/playbooks/uses/1/items/{item}/steps/2", {"done": "1"}).status_code == 409
    # Other steps are another version, with why; figures are of each by itself, and open their rows.
    other = {**BOOK, "steps": "Look up the tracking\nSay sorry"}
    assert "Say why the steps change" in advocate.do("/playbooks/1", other)
    advocate.post("/playbooks/1", {**other, "reason": "Nobody wants calls."})
    page = advocate.see("/playbooks/1")
    assert "Version 2, Maya" in page
    assert "Nobody wants calls." in page
    assert "1 use" in page
    assert "not shown (n = 1)" in page
    assert "No number." in page
    assert page.all("link", "1 use")
    assert "Not used yet" in advocate.see("/playbooks/1?version=2")
    # When its day has gone by it is offered to nobody until its owner looks at it again.
    clock.advance(timedelta(days=30))
    advocate.sign_in("maya")
    assert "to be looked at again" in advocate.see("/playbooks")
    late = heard("And mine never came.", primary="complaint")
    assert "Work by" not in advocate.see(f"/inbox/{late}")
    assert advocate.post(f"/playbooks/1/items/{late}").status_code == 409


@pytest.mark.parametrize("path", ["/playbooks/new", "/playbooks/1/items/1"])
def test_who_does_not_answer_customers_reads_playbooks_and_changes_none(
    signed_in: Callable[..., Browser], path: str
) -> None:
    manager = signed_in("mina", "manager")
    assert "No playbook yet" in manager.see("/playbooks")
    assert (manager.get(path) if path.endswith("new") else manager.post(path)).status_code == 403
