"""A change is asked about in the browser before it starts, read by plan, decided by two, and found in the library."""

import random
from collections.abc import Callable
from datetime import timedelta

from bpm.app import App
from bpm.foundation.clock import FixedClock
from bpm.processes import verdicts
from tests.processes.verdicts.conftest import Draw, Register
from tests.processes.verdicts.made_history import shares, write
from tests.web.conftest import Browser

SignedIn = Callable[..., Browser]


def question(old: int, new: int, **changed: str) -> dict[str, object]:
    rule = {"rule-improved": "keep_new", "rule-worse": "back_to_old", "rule-no difference": "back_to_old"}
    return {
        "process": "care", "title": "Mend at once", "pattern": "A step left out", "element": "read",
        "measure": "negative_share", "direction": "lower", "smallest": "10", "window_days": "30",
        "design": "before_after", "old": str(old), "new": str(new), "starts_on": "2026-03-02",
        "ends_on": "2026-06-02", "looks": "1", "per_arm": "", **rule, "rule-not shown": "go_on",
        "guard-waiting": "2", "controls": "work", **changed,
    }  # fmt: skip


def test_a_question_is_asked_before_read_once_decided_by_two_and_found_in_the_library(
    app: App, clock: FixedClock, versions: tuple[int, int], signed_in: SignedIn
) -> None:
    old, new = versions
    draw = random.Random(2)
    past = clock.now() - timedelta(days=150)
    write(app, "care", shares(draw, 300, past, 148, 0.4, version_id=old))
    mona = signed_in("mo", "manager")

    assert "No question yet" in mona.see("/insights/verdicts")
    asked = mona.see("/insights/verdicts/new?process=care")
    assert asked.has("combobox", "Measure")
    assert not [each for each in asked.all("option") if "selected" in each.words]
    seen = mona.see("/insights/verdicts/new", query_string=question(old, new))
    assert "Small firms often read “not shown”" in seen
    assert "Cases with negative words" in seen
    assert "try it on simulated cases" in seen
    assert any(link.startswith("/insights/what-n?from=") for link in seen.links)
    wrong = mona.do("/insights/verdicts", question(old, new, smallest="0", title=""))
    assert "Write the smallest change that matters, above 0." in wrong
    assert "Say in one line what is changed." in wrong

    page = mona.do("/insights/verdicts", question(old, new))
    assert "as registered" in page
    assert "Registered; it starts on" in page or "No data" in page
    assert page.has("button", "Give it up")

    clock.advance(timedelta(days=100))
    start = clock.now() - timedelta(days=99)
    write(app, "care", shares(draw, 200, start, 60, 0.2, version_id=new, first_customer=500))
    verdicts.sweep_verdicts(app.unit_of_work)
    mona.sign_in("mo")
    nils = signed_in("nils", "manager")
    read = mona.see("/insights/verdicts/1")
    assert "before and after shows no cause" in read
    assert "weak design: before and after alone" in read
    assert "The rule says: try on, under a new plan." in read
    assert "Case" in mona.see("/insights/verdicts/1/looks/1/new")
    mona.see("/insights/verdicts/1/looks/1/all", status=404)

    assert "waits for a second signature" in mona.do(
        "/insights/verdicts/1/decision", {"choice": "keep_new", "reason": "Staff like it."}
    )
    mona.post("/insights/verdicts/1/second")
    assert "waits for a second signature" in mona.see("/insights/verdicts/1")
    done = nils.do("/insights/verdicts/1/second")
    assert "signed by Nils, too" in done

    library = nils.see("/insights/verdicts")
    assert "A step left out: 1 not shown" in library
    assert "A step left out: 1 not shown" in nils.see("/insights/verdicts/new?process=care")
    assert "A step left out: 1 not shown" in nils.see("/improvements")
    nils.do("/insights/verdicts/patterns/1", {"name": "Steps left out"})
    nils.do("/insights/verdicts/patterns", {"name": "A second reminder"})
    assert "A second reminder: never tried" in nils.see("/insights/verdicts")
    signed_in("stella", "staff").see("/insights/verdicts", status=403)


def test_effects_are_looked_at_again_after_30_90_and_180_days(
    app: App, clock: FixedClock, versions: tuple[int, int], registered: Register, drawn: Draw, signed_in: SignedIn
) -> None:
    """The change helps at first and wears off."""
    plan_id = registered(window_days=10.0, per_arm=150, smallest=0.15)
    old, new = versions
    draw, start = random.Random(8), clock.now() + timedelta(hours=2)
    clock.advance(timedelta(days=200))
    first = write(app, "care", shares(draw, 600, start, 180, 0.4, delay=2, version_id=old))
    soon = shares(draw, 150, start, 30, 0.1, delay=2, version_id=new, first_customer=700)
    late = shares(draw, 450, start + timedelta(days=30), 150, 0.4, delay=2, version_id=new, first_customer=900)
    drawn(first, write(app, "care", [*soon, *late]))
    clock.set(start)
    for _week in range(28):
        clock.advance(timedelta(days=7))
        verdicts.sweep_verdicts(app.unit_of_work)

    browser = signed_in("mo", "manager")
    page = browser.see(f"/insights/verdicts/{plan_id}")
    assert page.has("img", "The effect at the verdict and after 30, 90 and 180 days")
    assert "After 30 days: improved" in page
    assert "After 180 days: n" in page
    assert "After 180 days: improved" not in page
    drawing = browser.see("/insights/processes/care?version=2")
    assert "Verdicts on changes here" in drawing
    assert drawing.has("link", "version 2")
    assert '"label": "improved"' in browser.get("/insights/processes/care?version=2").get_data(as_text=True).replace(
        "&#34;", '"'
    )

    test = browser.see("/insights/verdicts/self-test?process=care&measure=negative_share")
    assert "Sound" in test
    assert "Of 200 splits of version 2" in test
