"""Improvements as people work with them: proposed because of words, owned, approved, concluded, each voice once."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import select

from bpm import feedback, identity, processes
from bpm.app import App
from bpm.feedback.models import OutboundMessage
from bpm.feedback.raw_item import RawItem
from tests.conftest import MONDAY
from tests.web.conftest import Browser

SignIn = Callable[..., Browser]


def hear(app: App, text: str, who: str) -> int:
    raw = RawItem(
        channel="email", source="shop", natural_key=text, text=text, author_email=f"{who}@example.org",
        said_at=MONDAY - timedelta(days=1),
    )  # fmt: skip
    with app.unit_of_work() as work:
        return feedback.receive(work, raw).item_id or 0


@pytest.fixture
def items(app: App, refund: int) -> list[int]:
    said = ("Tell me when the refund leaves.", "Where is my refund?", "Nobody tells me about my refund.")
    return [hear(app, text, who) for text, who in zip(said, ("ann", "bea", "ann"), strict=True)]


def test_an_improvement_is_proposed_owned_approved_and_concluded(items: list[int], signed_in: SignIn) -> None:
    advocate = signed_in("maya", "advocate")
    assert "No improvement here" in advocate.see("/improvements")
    form = advocate.see(f"/improvements?item={items[0]}")
    assert form.field("Process").choices == ["", "refund"]
    new = {"title": "Say when the refund leaves", "process": "refund", "item": str(items[0])}
    refused = advocate.post("/improvements", {**new, "title": " ", "process": "none"})
    assert refused.status_code == 400
    page = advocate.do("/improvements", new)
    assert "1 of 1 customer" in page
    for item in (items[1], items[2], items[1]):
        page = advocate.do("/improvements/1/voices", {"item": str(item)})
    assert "It was one of its voices already" in page
    assert "3 of 2 customers" in page
    assert not page.has("button", "Approve")
    assert advocate.post("/improvements/1/status", {"status": "approved", "reason": "x"}).status_code == 403

    manager = signed_in("mona", "manager")
    assert "3 of 2 customers" in manager.do("/improvements/1", {**new, "owner": "2", "description": "By mail."})
    row = manager.see("/improvements?owner=me").row("Say when the refund leaves")
    assert "Mona" in row
    assert "proposed" in row
    assert "Say why" in manager.do("/improvements/1/status", {"status": "approved", "reason": " "})
    assert "approved" in manager.do("/improvements/1/status", {"status": "approved", "reason": "Worth it."})
    assert manager.post("/improvements/1/status", {"status": "proposed", "reason": "x"}).status_code == 409
    end = {"status": "concluded", "reason": "People are told now."}
    assert "no version 7" in manager.do("/improvements/1/status", {**end, "version": "7"})
    page = manager.do("/improvements/1/status", {**end, "version": "1"})
    assert "People are told now." in page
    assert page.get("link", "version 1").target == "/processes/refund?version=1"
    assert "No improvement here" in manager.see("/improvements?status=proposed")


def test_a_voice_that_does_not_belong_is_taken_away(items: list[int], signed_in: SignIn) -> None:
    advocate = signed_in("maya", "advocate")
    advocate.post("/improvements", {"title": "Tell them", "process": "refund", "item": str(items[0])})
    assert "No voice yet" in advocate.do(f"/improvements/1/voices/{items[0]}/removal")
    assert advocate.post(f"/improvements/1/voices/{items[0]}/removal").status_code == 404
    assert advocate.post("/improvements/1/voices", {"item": "9999"}).status_code == 404
    assert signed_in("olga", "operator").see("/improvements/1").has("heading", "Tell them")


def test_from_a_figure_to_gates_and_sheet(app: App, items: list[int], signed_in: SignIn) -> None:
    with app.unit_of_work() as work:
        for item in items:
            processes.attribute(work, item, version_id=1, element="check")
    manager = signed_in("mona", "manager", groups=("service", "it"))
    step = manager.see("/processes/refund?version=1&element=check").get("link", "Propose an improvement of this step")
    assert "3 voices speak for it now" in manager.see(step.target.partition("#")[0])
    rows = manager.see("/insights/processes/refund/items?version_id=1&element=check")
    form = manager.see(rows.get("link", "Propose an improvement because of these").target.partition("#")[0])
    assert "3 voices speak for it now" in form
    assert form.field("Process").value == "Refund"
    chosen = {"title": "Say when it leaves", "process": "refund", "function": "1"}
    opened = {"from": "bar", "ref": "/insights/x", "label": "A bar", "items": ".".join(map(str, items[:2]))}
    page = manager.do("/improvements", chosen | opened)
    assert "Only one function owns it" in page
    assert "Voices it was opened with 2" in page
    assert page.get("link", "A bar").target == "/insights/x"
    assert "one function" in manager.see("/improvements?functions=one").row("Say when it leaves")
    with app.unit_of_work.reading() as work:
        groups = {each.key: each.id for each in identity.list_groups(work)}
    manager.do("/improvements/1/owners", {f"group-{groups['it']}": "1", f"group-{groups['service']}": "all"})
    assert "No improvement here" in manager.see("/improvements?functions=one")
    assert "Since then 1" in manager.do("/improvements/1/voices", {"item": str(items[2])})

    board = manager.see("/improvements/dmaic")
    assert board.get("button", "Pass the gate: Say when it leaves")
    shut = manager.do("/improvements/1/gate")
    assert "The gate is shut" in shut
    assert "Sign-off of a social strategist" in shut
    assert "takes somebody with the skill “social strategist”" in shut
    kept = manager.do("/improvements/1/evidence/problem", {"words": "Nobody says when the refund leaves."})
    assert "Nobody says when the refund leaves." in kept
    assert manager.post("/improvements/1/sign-off").status_code == 403
    with app.unit_of_work() as work:
        identity.set_skills(work, 1, {"social strategist": None})
    assert "Signed." in manager.do("/improvements/1/sign-off", {"words": "Yes."})
    assert "It stands in Measure now." in manager.do("/improvements/1/gate")
    wrong = manager.do("/improvements/1/evidence/baseline", {"number": "x", "n": "3", "words": "Insights"})
    assert "Write the figure as a number." in wrong
    sheet = manager.see("/improvements/1/a3")
    assert "Nobody says when the refund leaves." in sheet
    goal = {"words": "From 12 to 6 per 100 until June.", "from": "a3"}
    assert "From 12 to 6" in manager.do("/improvements/1/evidence/goal", goal)
    assert "From 12 to 6" in manager.see("/improvements/1/gates")
    back = manager.do("/improvements/1/back", {"to": "define", "reason": "It is another problem."})
    assert "It is back in Define." in back
    assert "It is another problem." in manager.see("/improvements/1")


def test_a_tree_is_drawn_and_stands_beside_as_a_table(items: list[int], signed_in: SignIn) -> None:
    manager = signed_in("mona", "manager")
    manager.post("/improvements", {"title": "Say when it leaves", "process": "refund"})
    assert "No tree yet" in manager.see("/improvements/1/ctq")
    manager.do("/improvements/1/ctq", {"kind": "need", "words": "My money, soon"})
    manager.do("/improvements/1/ctq", {"kind": "driver", "words": "Speed", "parent": "1"})
    leaf = {"kind": "ctq", "words": "A day", "parent": "2"}
    assert "A leaf of the tree names a measure" in manager.do("/improvements/1/ctq", leaf | {"upper": "1"})
    page = manager.do("/improvements/1/ctq", leaf | {"measure": "waiting", "upper": "24"})
    assert "Waiting time: at most 24 hours" in page
    assert "not measured: no case or item of any version yet" in page
    assert "at most 24 hours: not shown" in page
    assert "No tree yet" in manager.do("/improvements/1/ctq/1/removal")


def test_worth_cards_and_lead_times_say_what_is_not_known(items: list[int], signed_in: SignIn) -> None:
    manager = signed_in("mona", "manager")
    assert "No win yet" in manager.see("/improvements/wins")
    assert "No improvement yet" in manager.see("/improvements/lead-times")
    manager.post("/improvements", {"title": "Say when it leaves", "process": "refund", "item": str(items[0])})
    page = manager.see("/improvements/1/worth")
    assert str(page).count("not measured") >= 6
    assert "not asked" in page
    time = {"amount": "2", "unit": "days a case", "how": "Cases of May", "measured": "true"}
    assert "2 days a case" in manager.do("/improvements/1/worth/customer/time", time)
    assert "Say how one knows." in manager.do("/improvements/1/worth/company/money", {**time, "how": ""})
    views = {"score": "-1", "words": "More calls, says the desk."}
    assert "worse for them" in manager.do("/improvements/1/viewpoints/employees", views)
    for status in ("approved", "concluded"):
        manager.post("/improvements/1/status", {"status": status, "reason": "Done."})
    assert "No effect is claimed: no verdict was registered and read." in manager.see("/improvements/wins")
    assert "no effect claimed" in manager.see("/improvements/1/win")
    assert "not shown (n = 1)" in manager.see("/improvements/lead-times")


def test_people_are_told_once_what_became_of_it_and_who_was_not_is_named(
    app: App, items: list[int], signed_in: SignIn
) -> None:
    advocate, manager = signed_in("maya", "advocate"), signed_in("mona", "manager")
    advocate.post("/improvements", {"title": "Say when it leaves", "process": "refund", "item": str(items[0])})
    for item in items[1:]:
        advocate.post("/improvements/1/voices", {"item": str(item)})
    words = {"text": "Hello, you are told by mail now when it leaves. {{author}}", "key": "k1"}
    assert "It is not done yet" in advocate.see("/improvements/1/telling")
    assert advocate.post("/improvements/1/telling", {**words, "step": "send"}).status_code == 400
    for status in ("approved", "concluded"):
        manager.post("/improvements/1/status", {"status": status, "reason": "Done."})
    page = advocate.see("/improvements/1/telling")
    assert "0 of 2 people who spoke for it were told" in page
    looked = advocate.do("/improvements/1/telling", {**words, "step": "look"})
    assert "you are told by mail now when it leaves. Maya" in looked
    assert manager.post("/improvements/1/telling", {**words, "step": "send"}).status_code == 403
    with app.unit_of_work() as work:
        said = RawItem(channel="social", source="masto", natural_key="jo", text="Where is it?", author_handle="jo")
        public = feedback.receive(work, said).item_id or 0
    advocate.post("/improvements/1/voices", {"item": str(public)})
    asks = {"text": "Hello, please send us your account number. {{author}}", "key": "k1"}
    held = advocate.do("/improvements/1/telling", {**asks, "step": "send", "confirmed": "canned"})
    assert "2 letters are on their way. 1 stayed, with its reason." in held
    assert "account number" in held.row("jo")
    assert "2 of 3 people who spoke for it were told" in held
    sent = advocate.do("/improvements/1/telling", {**words, "key": "k2", "step": "send", "confirmed": "canned"})
    assert "1 letter is on its way." in sent
    assert "3 of 3 people who spoke for it were told" in sent
    assert advocate.post("/improvements/1/telling", {**words, "key": "k3", "step": "send"}).status_code == 400
    with app.unit_of_work.reading() as work:
        authors = [each.from_name for each in work.session.scalars(select(OutboundMessage))]
    assert authors == ["Maya"] * 3
