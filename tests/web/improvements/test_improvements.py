"""Improvements as people work with them: proposed because of words, owned, approved, concluded, each voice once."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm import feedback, identity, processes
from bpm.app import App
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
    assert "1 of 1 customers" in page
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
    manager.do("/improvements/1/owners", {"group-1": "2", "group-2": "all"})
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
