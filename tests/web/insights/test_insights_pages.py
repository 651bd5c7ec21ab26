"""The manager's pages show figures with their n, open their rows, and stay closed to others."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from bpm import audit, feedback
from bpm.app import App
from bpm.audit import Filters
from bpm.feedback import clocks
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from tests.processes.conftest import GoLive, Say
from tests.processes.models import CARE
from tests.web.conftest import Browser, page_of
from tests.web.page import Page

SignedIn = Callable[..., Browser]


def text_of(browser: Browser, path: str, *, status: int = 200) -> Page:
    return browser.see(path, status=status)


def marks(page: Page) -> dict[str, Any]:
    """What the drawing is told to write on its elements."""
    return dict(page.drawings[0]["heat"])


@pytest.fixture
def manager(signed_in: SignedIn) -> Browser:
    return signed_in("mona", "manager")


@pytest.fixture
def twelve(go_live: GoLive, trigger: Callable[..., int], suffer: Say) -> int:
    """Twelve complaints in the process, nine of them negative; gives the version's id."""
    version_id = go_live(CARE, "care")
    trigger()
    for number in range(12):
        suffer(f"Complaint {number}", sentiment=-0.9 if number < 9 else 0.4)
    return version_id


def test_the_process_page_puts_the_figure_on_the_activity_and_in_the_table(twelve: int, manager: Browser) -> None:
    page = text_of(manager, "/insights/processes/care")

    assert (marks(page)["read"]["level"], marks(page)["read"]["label"]) == (4, "100")
    assert "75 % (47 %–91 %), n = 12" in page
    assert "version 1 (live)" in page
    assert "12 recorded, 0 by hand" in page


@pytest.mark.parametrize(
    ("layer", "label"), [("negative", "75 %"), ("waiting", "n = 0"), ("linked", "12+0+0"), ("opened", "12 of 12")]
)
def test_one_layer_at_a_time(twelve: int, manager: Browser, layer: str, label: str) -> None:
    page = text_of(manager, f"/insights/processes/care?layer={layer}")

    assert label in [each["label"] for each in marks(page).values()]


def test_the_process_page_gives_an_elements_figures_to_those_who_may_see_insights(
    twelve: int, manager: Browser, signed_in: SignedIn
) -> None:
    page = text_of(manager, "/processes/care?element=read")
    rows = f"/insights/processes/care/items?version_id={twelve}&element=read&days=30"

    assert rows in page.links
    assert "12 (12 recorded, 0 by hand)" in page
    assert "not shown (n = 0)" in page
    assert "/insights/processes/care?version=1&element=read&days=30" in page.links
    assert "12 recorded" not in text_of(signed_in("stella", "staff"), "/processes/care?element=read")


def test_every_figure_opens_its_rows(twelve: int, manager: Browser) -> None:
    page = text_of(manager, f"/insights/processes/care/items?version_id={twelve}&days=30&element=read")

    assert "Complaint 11" in page
    assert "What customers said at “Read complaint”" in page
    page = text_of(manager, f"/insights/processes/care/items?version_id={twelve}&days=30&element=read&voice=employee")
    assert "Complaint 11" not in page
    assert "employees" in page
    assert "voice=employee" in text_of(manager, "/insights/processes/care?days=30")


def test_items_of_unknown_date_stand_in_no_figure_and_are_counted_apart(
    twelve: int, manager: Browser, suffer: Say
) -> None:
    suffer("When was this?", said_at=None)
    page = text_of(manager, "/insights/processes/care")
    assert "n = 12 items" in page
    assert "1 more of unknown date" in page
    (rows,) = [link for link in page.links if "undated=1" in link]
    assert "When was this?" in text_of(manager, rows)
    assert "Complaint 11" not in text_of(manager, rows)
    assert "Items of unknown date: 1" in text_of(manager, "/insights")
    assert "When was this?" in text_of(manager, "/insights/undated?days=30")


def test_the_log_of_a_process_is_downloaded_and_on_record(
    app: App, twelve: int, manager: Browser, signed_in: SignedIn
) -> None:
    page = text_of(manager, "/insights/processes/care")
    for form, begins in (("csv", b'"case_id"'), ("xes", b"<?xml"), ("ocel", b'{"objectTypes"')):
        assert f"/insights/processes/care/log/{form}" in page.links
        answer = manager.get(f"/insights/processes/care/log/{form}")
        assert answer.get_data().startswith(begins)
        assert "attachment" in answer.headers["Content-Disposition"]
    assert manager.get("/insights/processes/nothing/log/csv").status_code == 404
    assert manager.get("/insights/processes/care/log/pdf").status_code == 404
    assert signed_in("stella", "staff").get("/insights/processes/care/log/csv").status_code == 403
    with app.unit_of_work.reading() as work:
        told = [row for row in audit.list_rows(work, Filters(), limit=20).rows if row.verb == "process.export_log"]
    assert len(told) == 3


def test_choosing_an_element_gives_its_figures_alone_to_htmx(twelve: int, manager: Browser) -> None:
    answer = manager.get(
        "/insights/processes/care?element=read", headers={"HX-Request": "true", "HX-Target": "element"}
    )

    page = page_of(answer)
    assert "Read complaint" in page
    assert not page.whole


def test_another_version_and_period_are_links_and_never_blended(twelve: int, manager: Browser, go_live: GoLive) -> None:
    go_live(CARE.replace(b"Mend what broke", b"Mend it well"), "care")

    new, old = (text_of(manager, f"/insights/processes/care?version={number}&days=7") for number in (2, 1))

    assert "n = 12 items" in old
    assert "n = 0 items" in new
    assert "Nothing passed through yet" in new


@pytest.mark.parametrize("path", ["/insights/processes/care?version=9", "/insights/processes/nothing"])
def test_what_is_not_there_is_not_found(twelve: int, manager: Browser, path: str) -> None:
    text_of(manager, path, status=404)


def test_a_period_that_is_none_is_refused_with_a_remedy(manager: Browser) -> None:
    assert "from 1 to 3650" in text_of(manager, "/insights?days=soon", status=400)


def test_the_overview_draws_the_follow_up_rate_against_the_line_with_its_source(
    app: App, say: Say, manager: Browser, advocate: Actor
) -> None:
    ids = [say(said_at=app.clock.now() - timedelta(days=1)) for _ in range(10)]
    with app.unit_of_work(advocate) as work:
        for item_id in ids[:4]:
            feedback.mark_sent(work, feedback.reply(work, item_id, "We are on it.").id)

    page = text_of(manager, "/insights")

    assert "40 % (17 %–69 %), n = 10" in page
    assert 'class="reference"' in page.markup
    assert "less than half of the companies surveyed track and follow up" in page
    assert "n = 10" in page


def test_too_few_items_draw_no_line_but_say_why(say: Say, manager: Browser) -> None:
    say()
    page = text_of(manager, "/insights")

    assert 'class="reference"' not in page.markup
    assert "A week needs at least 10 items" in page
    assert "not shown (n = 1)" in page


def test_a_forgotten_item_is_on_the_black_hole_list(say: Say, manager: Browser, clock: FixedClock) -> None:
    say("Is anybody there?", "question")
    clock.advance(timedelta(days=3))
    manager.sign_in("mona")

    assert "Is anybody there?" in text_of(manager, "/insights/black-holes")


def test_the_space_between_shows_what_fits_no_process(say: Say, manager: Browser) -> None:
    say("Nice shop.", "praise")

    page = text_of(manager, "/insights/between")

    assert "1 of 1 items fit no process" in page
    assert "Nice shop." in page


def test_empty_pages_say_what_would_be_there(manager: Browser) -> None:
    assert "No process is live yet" in text_of(manager, "/insights")
    assert "Nothing was forgotten." in text_of(manager, "/insights/black-holes")


def test_staff_do_not_see_insights(signed_in: SignedIn) -> None:
    text_of(signed_in("stan", "staff"), "/insights", status=403)


def test_the_words_of_customers_are_never_markup(
    go_live: GoLive, trigger: Callable[..., int], suffer: Say, manager: Browser
) -> None:
    version_id = go_live(CARE, "care")
    trigger()
    suffer("<script>alert(1)</script>")

    page = text_of(manager, f"/insights/processes/care/items?version_id={version_id}")

    assert "<script>alert(1)</script>" in page


def test_where_an_item_went_is_told_on_its_page_and_a_hand_can_change_it(
    web: Flask, twelve: int, signed_in: SignedIn, say: Say
) -> None:
    browser = signed_in("maya", "advocate")
    item_id = say("And one more.")
    assert "Read complaint" in text_of(browser, f"/inbox/{item_id}")

    answer = browser.post(f"/insights/items/{item_id}/attributions", {"place": f"{twelve}:mend"})

    assert answer.status_code == 303
    page = text_of(browser, f"/inbox/{item_id}")
    assert "Mend what broke in Care" in page
    assert "by hand" in page


def test_a_place_that_is_none_is_refused(signed_in: SignedIn, say: Say) -> None:
    item_id = say()
    answer = signed_in("maya", "advocate").post(f"/insights/items/{item_id}/attributions", {"place": "somewhere"})

    assert answer.status_code == 400


def test_escapes_stand_on_the_process_and_open_their_rows(
    app: App, clock: FixedClock, go_live: GoLive, trigger: Callable[..., int], say: Say, manager: Browser
) -> None:
    go_live(CARE, "care")
    trigger()
    who = {"author_email": "ana@example.org"}
    say("My parcel never came.", channel="call", source="calls", **who)
    clock.advance(timedelta(hours=1))
    assert "Nobody had to speak up" in manager.see("/insights/processes/care").get("region", "Escapes")
    post = say("Still nothing from this shop!", channel="social", source="social", **who)
    while clocks.sweep_clocks(app.unit_of_work):
        pass
    row = manager.see("/insights/processes/care").get("region", "Escapes").row("Read complaint")
    assert "Still nothing from this shop!" in manager.see(row.get("link", "1").target)
    assert "Said in public while this customer waited" in manager.see(f"/inbox/{post}")
