"""Goodwill on the screen: given on the item, with what it means beside; the rules and what was given in a list."""

from collections.abc import Callable

from tests.web.conftest import Browser, page_of

Heard = Callable[..., int]
SignIn = Callable[..., Browser]


def test_a_gesture_is_given_with_its_meaning_beside_and_pr_where_the_rule_says_no(
    advocate: Browser, heard: Heard, signed_in: SignIn
) -> None:
    manager = signed_in("mia", "manager", groups=("service",))
    item = heard("It never came", primary="complaint")
    form = {"what": "Express for free", "cost": "40,00", "margin": "15", "purpose": "service", "why": "Late."}
    assert "Given, in your name" in advocate.do(f"/inbox/{item}/gestures", form)
    page = advocate.see(f"/inbox/{item}")
    for words in ("pays back after 3 visits", "for 1,000 like customers", "40 000.00 EUR", "everybody: yes"):
        assert words in page
    refused = advocate.post(f"/inbox/{item}/gestures", {**form, "cost": "90"})
    assert refused.status_code == 400
    assert "book it as PR" in page_of(refused)
    assert "a colleague decides" in advocate.do(f"/inbox/{item}/gestures", {**form, "cost": "90", "purpose": "pr"})

    page = manager.see("/goodwill")
    assert "Express for free" in page
    assert manager.post("/goodwill", {"limit": "x", "reason": "y"}).status_code == 400
    assert "Kept." in manager.do("/goodwill", {"limit": "80", "urgency-2": "60", "reason": "It is spring."})
    assert "you give up to 80.00" in advocate.see(f"/inbox/{item}")
