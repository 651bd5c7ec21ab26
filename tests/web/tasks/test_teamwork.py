"""Comments, files, hand-overs and following on a task's page, as two people meet them."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback, identity, notices, processes
from bpm.app import App
from bpm.engine import teamwork
from bpm.feedback import RawItem
from bpm.foundation.clock import FixedClock
from bpm.processes.attribution import attribute
from bpm.processes.notifying import deputies
from tests.notices.conftest import subjects
from tests.web.conftest import Browser, start_refund

SignIn = Callable[..., Browser]
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)


@pytest.fixture
def ada(signed_in: SignIn, app: App, refund: int) -> Browser:
    start_refund(app)
    return signed_in("ada", "staff", groups=("service",))


@pytest.fixture
def bob(signed_in: SignIn) -> Browser:
    return signed_in("bob", "staff", groups=("service",))


def told(app: App, username: str) -> list[str]:
    with app.unit_of_work.reading() as work:
        person = next(each for each in identity.list_users(work) if each.username == username)
        who = identity.actor_of(person)
    return subjects(app, who)


def test_a_mentioned_colleague_is_told_and_answers(app: App, ada: Browser, bob: Browser) -> None:
    page = ada.do("/tasks/1/comments", {"text": "@bob, is <b>A-17</b> known? See https://example.org/a."})
    assert "Comment added." in page
    assert "@bob, is <b>A-17</b> known?" in page
    assert page.get("link", "https://example.org/a").target == "https://example.org/a"
    assert told(app, "bob") == ["Ada mentions you: “Check the claim” (Refund A-17)"]
    answered = bob.do("/tasks/1/comments", {"text": "Yes, mail ada@example.org"})
    assert "Yes, mail ada@example.org" in answered
    assert told(app, "ada") == []


def test_who_cannot_see_the_task_is_named_and_not_told(app: App, ada: Browser, signed_in: SignIn) -> None:
    signed_in("fay", "staff", groups=("finance",))
    page = ada.do("/tasks/1/comments", {"text": "What does @fay. say? And @nobody?"})
    assert "Not told, for they cannot see this task: Fay." in page
    assert told(app, "fay") == []


def test_those_who_see_the_task_are_offered_behind_an_at_sign(ada: Browser, bob: Browser, signed_in: SignIn) -> None:
    signed_in("fay", "staff", groups=("finance",))
    signed_in("olga", "operator")
    signed_in("dora", "designer", groups=("service",))
    assert ada.get("/tasks/1/people").json == [["bob", "Bob"], ["olga", "Olga"]]
    ada.post("/tasks/1/claim")
    assert ada.get("/tasks/1/people").json == [["bob", "Bob"], ["olga", "Olga"]]


def test_a_comment_is_changed_within_minutes_and_its_removal_stays_to_be_seen(
    app: App, clock: FixedClock, ada: Browser, bob: Browser
) -> None:
    ada.post("/tasks/1/comments", {"text": "Frist"})
    assert "First" in ada.do("/tasks/1/comments/1", {"text": "First"})
    assert "changed" in ada.see("/tasks/1")
    assert bob.post("/tasks/1/comments/1", {"text": "Mine"}).status_code == 403
    assert bob.post("/tasks/1/comments/1/removal").status_code == 403
    clock.advance(timedelta(minutes=16))
    assert not ada.see("/tasks/1").has("button", "Save the change")
    assert "A comment can be changed for 15 minutes." in ada.do("/tasks/1/comments/1", {"text": "Late"})
    page = ada.do("/tasks/1/comments/1/removal")
    assert "removed a comment" in page
    assert "First" not in page.words


@pytest.mark.parametrize("text", ["", "   ", "x" * 10_001])
def test_an_empty_or_endless_comment_is_refused(ada: Browser, text: str) -> None:
    assert ada.post("/tasks/1/comments", {"text": text}).status_code in (400, 413)


def test_a_stranger_to_the_task_neither_writes_nor_attaches_nor_reads(ada: Browser, signed_in: SignIn) -> None:
    ada.post("/tasks/1/files", {"file": (io.BytesIO(PNG), "a.png")})
    fay = signed_in("fay", "staff", groups=("finance",))
    assert fay.post("/tasks/1/comments", {"text": "Hello"}).status_code == 404
    assert fay.post("/tasks/1/files", {"file": (io.BytesIO(PNG), "a.png")}).status_code == 404
    assert fay.get("/tasks/1/files/1").status_code == 404


def test_a_file_is_told_by_its_bytes_and_only_images_and_pdf_are_shown(ada: Browser, bob: Browser) -> None:
    files = [(io.BytesIO(PNG), "..\\evil/..\u202egnp.exe"), (io.BytesIO(b"<script>alert(1)</script>"), "page.png")]
    page = ada.do("/tasks/1/files", {"file": files})
    assert "2 files attached." in page
    assert page.has("link", "gnp.exe")
    assert len(page.all("link", "Show")) == 1
    shown = bob.get("/tasks/1/files/1?show=1")
    assert shown.data == PNG
    assert shown.mimetype == "image/png"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert "sandbox" in shown.headers["Content-Security-Policy"]
    saved = bob.get("/tasks/1/files/2?show=1")
    assert saved.mimetype == "text/plain"
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.headers["X-Content-Type-Options"] == "nosniff"


def test_a_removed_file_leaves_its_name_and_nothing_else(ada: Browser, bob: Browser) -> None:
    ada.post("/tasks/1/files", {"file": (io.BytesIO(PNG), "a.png")})
    assert bob.post("/tasks/1/files/1/removal").status_code == 403
    assert "removed the file a.png" in ada.do("/tasks/1/files/1/removal")
    assert ada.get("/tasks/1/files/1").status_code == 404


def test_a_task_goes_to_another_group_with_a_note_and_comes_back(ada: Browser, bob: Browser, signed_in: SignIn) -> None:
    fay = signed_in("fay", "staff", groups=("finance",))
    ada.post("/tasks/1/claim")
    page = ada.do("/tasks/1/assignee", {"to": "group:finance", "note": "It is about money."})
    assert "Handed over to " in page
    assert ada.get("/tasks/1").status_code == 404
    theirs = fay.see("/tasks/1")
    assert "handed it over to" in theirs
    assert "It is about money." in theirs
    assert "Undone: the task is where it was." in ada.do("/tasks/hand-overs/1/undo")
    assert "(undone)" in ada.see("/tasks/1")
    assert fay.get("/tasks/1").status_code == 404


def test_a_hand_over_that_somebody_took_up_is_not_undone(ada: Browser, bob: Browser, signed_in: SignIn) -> None:
    fay = signed_in("fay", "staff", groups=("finance",))
    ada.post("/tasks/1/claim")
    ada.post("/tasks/1/assignee", {"to": "group:finance"})
    fay.post("/tasks/1/claim")
    assert "The hand-over cannot be undone any more." in ada.do("/tasks/hand-overs/1/undo")


def test_who_is_asked_for_help_gives_the_task_back_and_does_not_complete_it(ada: Browser, bob: Browser) -> None:
    ada.post("/tasks/1/claim")
    ada.post("/tasks/1/delegation", {"to": "person:bob", "note": "Please look."})
    page = bob.see("/tasks/1")
    assert not page.has("button", "Complete")
    assert "Ada asked for help with this task and completes it." in bob.do("/tasks/1/completion", {"approved": "true"})
    assert "Given back to Ada." in bob.do("/tasks/1/return", {"note": "Done."})
    assert ada.see("/tasks/1").has("button", "Complete")


def test_who_else_has_the_task_open_and_who_types_until_they_leave(
    clock: FixedClock, ada: Browser, bob: Browser, signed_in: SignIn
) -> None:
    assert ada.see("/tasks/1").markup.count("/live/tasks/1") == 1
    assert ada.do("/live/tasks/1").words == ""
    assert bob.do("/live/tasks/1").words == "Ada looks at this, too."
    ada.do("/live/tasks/1", {"types": "1"})
    assert bob.do("/live/tasks/1").words == "Ada is writing."
    clock.advance(timedelta(seconds=30))
    ada.do("/live/tasks/1")
    assert bob.do("/live/tasks/1").words == "Ada is writing."
    clock.advance(timedelta(seconds=30))
    ada.do("/live/tasks/1")
    assert bob.do("/live/tasks/1").words == "Ada looks at this, too."
    clock.advance(timedelta(seconds=46))
    assert bob.do("/live/tasks/1").words == ""
    assert signed_in("fay", "staff", groups=("finance",)).post("/live/tasks/1").status_code == 404


def test_a_deputy_works_through_the_list_of_who_is_away_and_is_told_what_they_are_told(
    app: App, clock: FixedClock, ada: Browser, bob: Browser, signed_in: SignIn
) -> None:
    dan = signed_in("dan", "staff", groups=("finance",))
    start_refund(app, "A-18")
    start_refund(app, "A-19")
    for task in (1, 2, 3):
        ada.post(f"/tasks/{task}/claim")
    assert "Nothing of theirs waits" in dan.see("/tasks?scope=deputy")
    day = {"from": f"{clock.now():%Y-%m-%dT%H:%M}", "until": f"{clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"}
    ada.post("/tasks/absence", {"deputy": "dan", **day})
    clock.advance(timedelta(minutes=1))
    bob.post("/tasks/1/comments", {"text": "@ada, is it known? And @bob?"})
    assert processes.sweep_deputies(app.unit_of_work) == 1
    assert processes.sweep_deputies(app.unit_of_work) == 0
    assert "For Ada: Bob mentions you: “Check the claim” (Refund A-17)" in told(app, "dan")
    dan.post("/tasks/views", {"name": "Stand-in", "query": "scope=deputy"})
    page = dan.see("/tasks?scope=deputy")
    assert page.get("link", "Stand-in 3").target == "/tasks?scope=deputy"
    assert "for Ada" in page
    assert len(page.all("button", "Take it")) == 3
    assert not bob.see("/tasks?scope=deputy").has("button", "Take it")
    dan.post("/tasks/many", {"verb": "claim", "task": ["2"]})
    assert "for Ada" in dan.see("/tasks/2")
    assert "Completed: Check the claim." in dan.do("/tasks/1/completion", {"approved": "true", "amount": "20"})
    assert "Dan for Ada" in dan.see("/tasks/1")
    assert "took it for Ada" in bob.see("/tasks/1")
    assert "Ada has this work item" in bob.do("/tasks/3/completion", {"approved": "true", "amount": "20"})
    processes.sweep_settled(app.unit_of_work)
    clock.advance(timedelta(days=4))
    teamwork.sweep_absences(app.unit_of_work)
    dan.sign_in("dan")
    assert "Nothing of theirs waits" in dan.see("/tasks?scope=deputy")
    assert dan.get("/tasks/3").status_code == 404


def test_who_follows_a_case_is_told_of_its_tasks_and_its_end(
    app: App, clock: FixedClock, ada: Browser, bob: Browser
) -> None:
    assert "You follow this case" in bob.do("/tasks/1/watch")
    ada.post("/tasks/1/comments", {"text": "Hello"})
    assert told(app, "bob") == ["Ada wrote about “Check the claim” (Refund A-17)"]
    clock.advance(timedelta(minutes=1))
    ada.post("/tasks/1/completion", {"approved": "true", "amount": "20"})
    processes.sweep_watched(app.unit_of_work)
    assert "“Check the claim” is done, by Ada (Refund A-17)" in told(app, "bob")
    assert processes.sweep_watched(app.unit_of_work) == 0


def test_a_similar_finished_case_shows_what_was_decided_under_the_labels_of_the_form(app: App, ada: Browser) -> None:
    other = start_refund(app, "A-18")
    with app.unit_of_work() as work:
        for number, (case, text) in enumerate([(1, "The kettle came damaged."), (other, "A damaged kettle arrived!")]):
            raw = RawItem(channel="email", source="mail", text=text, said_at=work.now(), natural_key=str(number))
            item = feedback.receive(work, raw).item_id
            attribute(work, item, version_id=1, element="check", instance_id=case)
    ada.post("/tasks/2/completion", {"amount": "1"})
    ada.post("/tasks/3/completion")
    page = ada.see("/tasks/1")
    assert "Similar finished cases" in page
    assert page.get("link", "A-18").target == "/tasks/2"
    assert "words in common: damaged, kettle" in page
    assert "Pay it back" in page


def test_a_deputy_is_told_of_what_is_due_and_of_promises_and_what_they_may_not_see_starves_nothing(
    app: App, clock: FixedClock, ada: Browser, signed_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(deputies, "AT_ONCE", 1)
    signed_in("dan", "staff", groups=("service",))
    day = {"from": f"{clock.now():%Y-%m-%dT%H:%M}", "until": f"{clock.now() + timedelta(days=3):%Y-%m-%dT%H:%M}"}
    ada.post("/tasks/absence", {"deputy": "dan", **day})
    clock.advance(timedelta(minutes=1))
    kinds = {"due_soon": "task", "overdue": "task", "promise_due": "item", "promise_broken": "item"}
    with app.unit_of_work() as work:
        away = [identity.find_user(work, "ada").id]
        notices.raise_for(work, away, "mentioned", "Nobody sees it", "/tasks/99", about=("task", 99), key="no task")
        for kind, about in kinds.items():
            notices.raise_for(work, away, kind, f"It is {kind}", "/tasks/1", about=(about, 1), key=kind)
    assert processes.sweep_deputies(app.unit_of_work) == len(kinds)
    passed_on = [subject for subject in told(app, "dan") if subject.startswith("For Ada: ")]
    assert sorted(passed_on) == sorted(f"For Ada: It is {kind}" for kind in kinds)
    assert processes.sweep_deputies(app.unit_of_work) == 0
