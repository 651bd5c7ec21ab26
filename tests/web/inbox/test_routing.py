"""Routing on the screen: the table, whose an item is, and who takes nothing new."""

from collections.abc import Callable
from datetime import date

from bpm import identity
from bpm.app import App
from tests.web.conftest import Browser, page_of

Heard = Callable[..., int]
SignIn = Callable[..., Browser]


def test_the_table_is_changed_with_a_reason_and_lists_what_lands_where(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    signed_in("ivan", "staff", groups=("it",))
    heard("My mail goes nowhere")
    page = advocate.see("/inbox/routing")
    assert page.field("email lands with").value == "Service"
    form = {"first-email": "it", "difficult-email": "it", "watching-email": ["service"], "from_level": "difficult"}
    refused = advocate.post("/inbox/routing", {**form, "first-email": "mars", "reason": "Why not?"})
    assert refused.status_code == 400
    assert "no inbox mars" in page_of(refused)
    assert advocate.post("/inbox/routing", form).status_code == 400
    assert "Kept." in advocate.do("/inbox/routing", {**form, "reason": "Mail is theirs."})

    assert "My mail goes nowhere" in advocate.see("/inbox?inbox=it")
    assert "My mail goes nowhere" not in advocate.see("/inbox?inbox=advocates")
    page = advocate.see("/inbox/1")
    assert "Landed with It" in page
    assert "watching: Service" in page


def test_an_item_is_given_to_the_trained_and_for_a_reason_to_others(
    app: App, advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    signed_in("able", "advocate")
    signed_in("late", "advocate")
    item = heard("It never came", primary="complaint")
    with app.unit_of_work() as work:
        for name, until in (("able", None), ("late", date(2026, 3, 1))):
            identity.set_skills(work, identity.find_user(work, name).id, {"delivery": until})
    refused = advocate.post(f"/inbox/{item}/assignment", {"person": "late"})
    assert refused.status_code == 400
    assert "not trained for delivery (expired on 2026-03-01)" in page_of(refused)
    page = advocate.do(f"/inbox/{item}/assignment", {"person": "late", "override": "She knows her."})
    assert "untrained, because: She knows her." in page
    assert "Able has it" in advocate.do(f"/inbox/{item}/assignment", {"person": "able"})
    assert "nobody has it yet" in advocate.do(f"/inbox/{item}/assignment/end")
    assert "You are away" in advocate.do("/inbox/presence", {"away": "1"})
