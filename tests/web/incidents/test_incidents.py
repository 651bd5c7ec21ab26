"""An incident in the browser: from the bar of the inbox to the lesson, and what the public reads of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bpm import audit, feedback
from bpm.app import App
from bpm.feedback import RawItem, incidents
from bpm.feedback.incidents import reading as reading_incidents
from bpm.feedback.models import IncidentTold
from bpm.feedback.status import ToldStatus
from bpm.foundation.clock import FixedClock
from tests.conftest import MONDAY
from tests.feedback.conftest import reading
from tests.web.conftest import Browser

NEXT = "2026-03-02T10:30"


@pytest.fixture
def advocate(signed_in: Callable[..., Browser]) -> Browser:
    return signed_in("maya", "advocate", groups=("service",))


@pytest.fixture
def heard(app: App) -> Callable[..., int]:
    def take(text: str, who: str, kind: str = "outage_report", **fields: Any) -> int:
        values = {"channel": "email", "source": "mail", "author_email": f"{who}@example.org", "author_name": who}
        with app.unit_of_work() as work:
            raw = RawItem(text=text, said_at=MONDAY - timedelta(minutes=20), **(values | fields))
            item_id = feedback.receive(work, raw).item_id
            feedback.record_classification(work, item_id, reading(kind, topic="login"))
        return item_id

    return take


def test_from_the_first_report_to_the_lesson(
    app: App, clock: FixedClock, advocate: Browser, visitor: Browser, heard: Callable[..., int], refund: int
) -> None:
    ada, bob = heard("Login is down.", "ada"), heard("I cannot sign in.", "bob")
    assert "No incident is open" in advocate.see("/incidents")
    assert "Incident" not in advocate.see("/inbox").words.split()

    page = advocate.see(f"/inbox/{ada}")
    assert f"/incidents?item={ada}" in page.links
    page = advocate.do("/incidents", {"title": "Signing in fails", "items": f"{ada}"})
    assert "proposed" in page
    assert "We know about this since 08:40 (UTC): Signing in fails." in page
    bar = advocate.see("/inbox").all("status", "")
    assert any("Signing in fails proposed, nobody has acknowledged it yet" in each.words for each in bar)
    advocate.do("/incidents/1/items", {"items": f"#{bob}"})

    wrong = advocate.post("/incidents/1/acknowledgement", {"text": "We know.", "next_at": "", "public": "yes"})
    assert wrong.status_code == 400
    assert "An update promises the next one." in wrong.get_data(as_text=True)
    said = {"text": "We know that signing in fails.", "next_at": NEXT, "public": "yes"}
    page = advocate.do("/incidents/1/acknowledgement", said)
    assert "Acknowledged in your name. It goes to 2 people, once each." in page
    assert "20 min" in page.get("main").words
    assert f"/inbox/{ada}" not in advocate.see("/inbox").links, "the queue yields"
    incidents.sweep_updates(app.unit_of_work)
    assert "told 2 of 2" in advocate.see("/incidents/1")
    assert "We know that signing in fails." in advocate.see(f"/inbox/{ada}")
    assert "Its updates answer for it" in advocate.see(f"/inbox/{ada}")

    answer = visitor.get("/disturbances")
    public = answer.get_data(as_text=True)
    assert "We know that signing in fails." in public
    assert "Maya" in public
    assert "Set-Cookie" not in answer.headers
    assert "ada" not in public

    tip = heard("Clearing cookies helps.", "cyd", kind="suggestion")
    advocate.do("/incidents/1/workarounds", {"item": f"{tip}", "text": "Clear the cookies."})
    advocate.do("/incidents/1/workarounds/1/verified", {"verdict": "Tried on two phones."})
    refused = advocate.do("/incidents/1/workarounds/1/credit", {"name": "Cyd"})
    assert "They did not agree to be named in public." in refused
    clock.advance(timedelta(minutes=15))
    page = advocate.do("/incidents/1/updates", {"text": "Still on it.", "next_at": NEXT, "workaround": "1"})
    assert "What helps meanwhile: Clear the cookies. A customer found this. Thank you!" in page
    assert "Still on it." not in visitor.get("/disturbances").get_data(as_text=True)
    assert "We still work on it." not in page

    advocate.do("/incidents/1/watch")
    page = advocate.do(
        "/incidents/1/resolution", {"reason": "An old certificate.", "tell": "1", "text": "It works.", "decide": "1"}
    )
    assert "Resolved; 2 items decided." in page
    advocate.do("/incidents/1/points", {"side": "accuracy", "points": "4"})
    incidents.sweep_updates(app.unit_of_work)
    page = advocate.see("/incidents/1")
    assert page.get("heading", "How we responded: ").words.endswith("B+")
    page = advocate.do("/incidents/1/lesson", {"title": "Renew by machine", "description": "", "key": "refund"})
    assert "Proposed for the process refund" in page
    assert "The lesson is a proposed improvement now." in page
    assert advocate.see("/inbox").all("status", "Signing in fails") == []
    assert "Over" in advocate.see("/incidents?view=over")
    with app.unit_of_work.reading() as work:
        verbs = {row.verb for row in audit.list_rows(work, audit.Filters(), limit=500).rows if row.before is not None}
    assert {f"incident.{verb}" for verb in (
        "open", "link", "tell", "acknowledged", "workaround", "watching", "resolved", "grade",
    )} < verbs | {"improvement.propose"}  # fmt: skip


def test_it_is_dismissed_with_a_reason_and_others_only_read(
    app: App, advocate: Browser, signed_in: Callable[..., Browser], heard: Callable[..., int]
) -> None:
    item = heard("Login is down.", "ada")
    advocate.do("/incidents", {"title": "Perhaps nothing", "items": f"{item}"})
    manager = signed_in("max", "manager")
    assert not manager.see("/incidents/1").has("button", "Acknowledge")
    assert manager.post("/incidents/1/dismissal", {"reason": "x"}).status_code == 403
    assert advocate.post("/incidents/1/dismissal", {"reason": " "}).status_code == 400
    assert "in the queue as before" in advocate.do("/incidents/1/dismissal", {"reason": "A drill."})
    assert "A drill." in advocate.see("/incidents?view=over")
    assert advocate.get("/incidents/99").status_code == 404


def test_an_item_is_taken_out_and_put_back(advocate: Browser, heard: Callable[..., int]) -> None:
    item, other = heard("Login is down.", "ada"), heard("And for me.", "bob")
    advocate.do("/incidents", {"title": "Signing in fails", "items": f"{item} {other}"})
    page = advocate.do(f"/incidents/1/items/{other}/out")
    assert "Taken out; it is in the queue again." in page
    assert f"/inbox/{other}" not in page.links
    assert f"/inbox/{other}" in advocate.do(f"/incidents/1/items/{other}/in").links


def test_of_many_who_are_held_back_it_says_how_many_more_there_are(
    app: App, advocate: Browser, heard: Callable[..., int], monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [heard("Login is down.", who) for who in ("ada", "bob", "cyd")]
    advocate.do("/incidents", {"title": "Signing in fails", "items": " ".join(map(str, items))})
    advocate.do("/incidents/1/acknowledgement", {"text": "We know.", "next_at": NEXT, "public": "yes"})
    with app.unit_of_work() as work:
        work.session.execute(update(IncidentTold).values(status=ToldStatus.HELD_BACK, why="Nobody is there."))
    assert "not shown" not in advocate.see("/incidents/1").get("main").words
    monkeypatch.setattr(reading_incidents, "MOST_HELD_BACK", 1)
    assert "2 earlier ones are not shown." in advocate.see("/incidents/1").get("main").words
