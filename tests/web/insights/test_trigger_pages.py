"""A designer fills in the sentence, sees what it would have caught, saves and switches it on; no script needed."""

from collections.abc import Callable
from typing import Any

import pytest

from bpm.app import App
from bpm.processes import queries
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser, page_of

SignedIn = Callable[..., Browser]
NEW = "/processes/care/triggers/new"
FILLED: dict[str, Any] = {
    "kinds": ["complaint", "request"],
    "topics": ["delivery"],
    "min_urgency": "2",
    "action": "start",
    "while_running": "join",
    "as_item_id": "item_id",
    "as_text": "words",
    "literals": "queue = first\n",
    "name": "Urgent deliveries",
}


@pytest.fixture
def designer(signed_in: SignedIn, go_live: GoLive) -> Browser:
    go_live(CARE, "care")
    return signed_in("dora", "designer")


def test_trying_out_by_button_shows_the_items_and_saves_nothing(app: App, designer: Browser, say: Say) -> None:
    say("The parcel is lost.")
    say("Lovely.", "praise")

    page = designer.do(NEW, {**FILLED, "do": "try"})

    assert "Would have fired 1 time in the last 30 days" in page
    assert "The parcel is lost." in page
    assert "Lovely." not in page
    assert page.field("Name").value == "Urgent deliveries"
    with app.unit_of_work.reading() as work:
        assert queries.list_triggers(work) == []


def test_every_change_brings_only_the_try_out_to_htmx(designer: Browser, say: Say) -> None:
    say()

    answer = designer.post(NEW, FILLED, headers={"HX-Request": "true", "HX-Target": "tryout"})

    page = page_of(answer)
    assert "Would have fired 1 time" in page
    assert not page.has("form")


def test_a_saved_trigger_reads_back_as_it_was_filled_in_and_fires_once_switched_on(
    app: App, designer: Browser, say: Say
) -> None:
    saved = designer.post(NEW, {**FILLED, "do": "save"})
    assert saved.status_code == 303
    with app.unit_of_work.reading() as work:
        (trigger,) = queries.list_triggers(work)
    assert trigger.fields == {"item_id": "item_id", "words": "text", "queue": "=first"}
    assert trigger.conditions.kinds == ("complaint", "request")
    assert not trigger.active

    assert designer.post(f"/processes/care/triggers/{trigger.id}/on").status_code == 303
    say("The parcel is lost.")

    page = designer.see(f"/processes/care/triggers/{trigger.id}")
    assert "fired 1 time, 0 failed" in page
    assert "queue = first" in page
    assert "words" in [field.value for field in page.fields()]
    assert "Switch off" in page


def test_the_list_reads_as_sentences(designer: Browser) -> None:
    assert "No trigger yet" in designer.see("/processes/care/triggers")
    designer.post(NEW, {**FILLED, "do": "save"})

    page = designer.see("/processes/care/triggers")

    assert (
        "When a complaint or request about delivery arrives on any channel with urgency 2 or more, start Care"
        " (or join the case that runs)." in page
    )


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"min_confidence": "very"}, "needs a number"),
        ({"literals": "no equals sign"}, "has no ="),
        ({"as_text": "two words"}, "cannot name a variable"),
        ({"action": "correlate", "message": ""}, "Name the message"),
        ({"kinds": ["rant"]}, "There is no rant"),
    ],
)
def test_what_does_not_fit_is_said_and_what_was_typed_is_kept(
    app: App, designer: Browser, wrong: dict[str, Any], says: str
) -> None:
    answer = designer.post(NEW, {**FILLED, **wrong, "do": "save"})

    page = page_of(answer)
    assert answer.status_code == 400
    assert says in page
    assert page.field("Name").value == "Urgent deliveries"
    with app.unit_of_work.reading() as work:
        assert queries.list_triggers(work) == []


def test_others_may_read_triggers_and_not_change_them(designer: Browser, signed_in: SignedIn) -> None:
    designer.post(NEW, {**FILLED, "do": "save"})
    staff = signed_in("stan", "staff")

    page = staff.get("/processes/care/triggers")

    assert page.status_code == 200
    assert "Switch on" not in page.get_data(as_text=True)
    assert staff.get(NEW).status_code == 403
    assert staff.post("/processes/care/triggers/1/on").status_code == 403


def test_a_trigger_is_found_only_under_its_own_process(designer: Browser, go_live: GoLive) -> None:
    designer.post(NEW, {**FILLED, "do": "save"})
    go_live(CARE.replace(b'id="care"', b'id="other"'), "other")

    assert designer.get("/processes/other/triggers/1").status_code == 404
    assert designer.post("/processes/other/triggers/1/on").status_code == 404
