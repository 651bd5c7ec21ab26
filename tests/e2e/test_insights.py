"""The manager reads the diagram and opens what is behind a number; the designer sees a trigger's catch while typing."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from bpm import feedback, processes
from bpm.app import App
from bpm.feedback import ClassificationResult, RawItem
from bpm.feedback.items import get_current
from bpm.processes import Conditions, TriggerDraft
from bpm.processes.attribution import record
from bpm.processes.status import LinkKind
from tests.e2e.looking import Looker
from tests.e2e.pages.drawing import Drawing
from tests.web.conftest import put_live

Look = Callable[..., Looker]
SCREENS = {
    "insights": "/insights",
    "measures": "/insights/processes/refund?element=check",
    "measures-waiting": "/insights/processes/refund?layer=waiting",
    "rows": "/insights/processes/refund/items?version_id=1&element=check",
    "black-holes": "/insights/black-holes",
    "between": "/insights/between",
    "triggers": "/processes/refund/triggers",
    "trigger": "/processes/refund/triggers/1",
    "drafts": "/drafts",
    "item": "/inbox/1",
}


@pytest.fixture
def heard(app: App, person: Callable[..., None]) -> None:
    """Twelve complaints that opened refunds, what was said while these ran, and some words that fit no process."""
    person("mona", "manager", "designer", "advocate", groups=("service",), name="Mona Reed")
    put_live(app)
    with app.unit_of_work() as work:
        draft = TriggerDraft("refund", Conditions(kinds=("complaint",)), {"item_id": "item_id"}, name="Refunds")
        processes.switch_on(work, processes.save_trigger(work, draft).id)
    for number in range(12):
        say(app, f"The lamp {number} arrived broken.", "complaint", sentiment=-0.9, days=number % 5)
    for number in range(12):
        item = say(app, f"The lamp {number} is still broken.", "request", sentiment=-0.9, days=0)
        with app.unit_of_work() as work:
            record(work, get_current(work, item), instance_id=number + 1, evidence="", kind=LinkKind.SAID_DURING)
    for number in range(11):
        say(app, f"Nice shop {number}.", "praise", sentiment=0.8, days=3 + number % 4)


def say(app: App, text: str, kind: str, *, sentiment: float, days: int) -> int:
    with app.unit_of_work() as work:
        said_at = app.clock.now() - timedelta(days=days)
        item_id = feedback.receive(work, RawItem("email", "mail", text, natural_key=text, said_at=said_at)).item_id
        claim = ClassificationResult("m1", {kind: 0.9}, kind, sentiment, 2, "delivery", 0.9, abstained=False)
        feedback.record_classification(work, item_id, claim)
        return item_id


def test_every_page_of_figures_and_triggers_holds_up(look: Look, heard: None) -> None:
    looker = look("mona")
    for name, path in SCREENS.items():
        looker.visit(path)
        looker.check_in_every_window(name)


def test_the_number_on_the_activity_opens_the_words_behind_it(look: Look, heard: None) -> None:
    page = look("mona").visit("/insights/processes/refund")

    number = Drawing(page).number()
    assert number.inner_text() == "100"
    number.click()

    page.wait_for_url("**/items?**")
    assert page.get_by_role("article").count() == 12


def test_choosing_an_element_brings_its_figures_without_leaving(look: Look, heard: None) -> None:
    page = look("mona").visit("/insights/processes/refund")

    Drawing(page).choose("check")

    chosen = page.get_by_role("complementary", name="Chosen element")
    chosen.get_by_role("heading", level=2).first.wait_for()
    assert "12 recorded" in chosen.inner_text()
    assert page.url.endswith("/insights/processes/refund#element=check")


def test_the_try_out_follows_the_sentence_while_it_is_typed(look: Look, heard: None) -> None:
    page = look("mona").visit("/processes/refund/triggers/new")
    tried = page.get_by_role("region", name="Try-out")
    assert "Would have fired 12 times" in tried.inner_text()

    page.get_by_label("praise").check()
    expect(tried).to_contain_text("Would have fired 23 times")

    page.get_by_text("More conditions").click()
    page.get_by_label("Words in it").fill("lamp 3")
    expect(tried).to_contain_text("Would have fired 1 time")
