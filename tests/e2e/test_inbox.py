"""The advocate's pages in a real browser: usable with keys and thumb, and nothing that axe finds."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Route, expect

from bpm import feedback
from bpm.app import App
from bpm.feedback import ClassificationResult, Evidence, RawItem
from tests.e2e.looking import Looker
from tests.e2e.pages.conversation import Conversation
from tests.web.conftest import put_live, start_refund

SAID = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
STORY = (
    ("call", "Agent sent me away twice. The phone I returned was never booked in.", "complaint", -0.9, 2, "returns"),
    ("email", "I returned the phone three weeks ago and you still bill me for it. Please stop that.", "request", -0.6,
     2, "returns"),
    ("social", "So @acme charges me $500 for a phone that they have in their own warehouse. Great service!",
     "complaint", -0.8, 3, "returns"),
)  # fmt: skip
OTHERS = (
    ("review", "Lovely shoes, and Tom at the counter was so patient with my kids.", "praise", 0.9, 0, "staff", False),
    ("chat", "is it down again for everybody or only me", "outage_report", -0.4, 2, "app", True),
    ("survey", "A dark theme would be good for my eyes at night.", "suggestion", 0.1, 1, "app", False),
)


@pytest.fixture
def story(app: App, person: Callable[..., None]) -> int:
    """One customer on three channels, others beside her; gives her last item's id."""
    person("maya", "advocate", groups=("service",), name="Maya Lindqvist")
    with app.unit_of_work() as work:
        for number, (channel, text, kind, mood, urgency, topic) in enumerate(STORY):
            turns = {"turns": [{"role": "agent", "speaker": "Agent", "text": "How may I help?"},
                               {"role": "customer", "speaker": "Ana", "text": text}]}  # fmt: skip
            raw = RawItem(
                channel, f"{channel} desk", text, said_at=SAID - timedelta(days=6 - 3 * number),
                author_name="Ana Pereira", author_email="ana@example.org", extra=turns if channel == "call" else {},
            )  # fmt: skip
            last = feedback.receive(work, raw).item_id
            _read(work, last, text, kind, mood, urgency, topic)
        for channel, text, kind, mood, urgency, topic, unsure in OTHERS:
            item = feedback.receive(work, RawItem(channel, f"{channel} desk", text, said_at=SAID)).item_id
            _read(work, item, text, kind, mood, urgency, topic, unsure=unsure)
    return last


def _read(
    work: object, item: int, text: str, kind: str, mood: float, urgency: int, topic: str, *, unsure: bool = False
) -> None:
    word = text.split()[3]
    start = text.index(f" {word}") + 1
    evidence = (Evidence(start, start + len(word), word, kind, 0.8),)
    sure = 0.41 if unsure else 0.93
    made = ClassificationResult("linear-1", {kind: sure}, kind, mood, urgency, topic, sure, unsure, evidence)
    feedback.record_classification(work, item, made)  # type: ignore[arg-type]  # it is made above


def test_the_advocates_pages_are_sound(app: App, story: int, look: Callable[..., Looker]) -> None:
    window = look("maya")
    for name, path in (("inbox", "/inbox"), ("item", f"/inbox/{story}"), ("capture", "/inbox/capture"),
                       ("imports", "/inbox/imports")):  # fmt: skip
        window.visit(path)
        window.check_in_every_window(name)
    window.visit(f"/inbox/{story}")
    window.page.get_by_text("Engage", exact=True).click()
    window.check_in_every_window("engage")
    window.visit("/inbox/imports")
    window.page.get_by_label("File", exact=True).set_input_files(
        {"name": "survey.csv", "mimeType": "text/csv",
         "buffer": b"id,comment,email\n1,Too slow on the phone,jo@example.org\n2,,x\n3,Fine by me,\n"}
    )  # fmt: skip
    window.page.get_by_role("button", name="Preview").click()
    window.page.wait_for_url("**/imports/*")
    window.check_in_every_window("draft")
    window.page.get_by_role("button", name="Take it in").click()
    window.page.get_by_label("Progress").wait_for()
    while feedback.sweep_imports(app.unit_of_work):
        pass
    window.page.get_by_text("done", exact=True).wait_for()
    window.check_in_every_window("run")


def test_an_advocate_goes_by_keys_from_the_list_to_a_reply(story: int, look: Callable[..., Looker]) -> None:
    window = look("maya")
    page = window.visit("/inbox")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    page.wait_for_url("**/inbox/*")
    page.get_by_text("Engage", exact=True).click()
    page.get_by_label("Your reply").fill("I have it on my desk and will call you today.")
    page.get_by_role("button", name="Save my reply, to be said by hand").click()
    page.get_by_text("to be said by hand", exact=True).first.wait_for()
    assert "Maya Lindqvist" in Conversation(page).text()


def test_a_new_item_comes_into_the_list_without_a_reload(app: App, story: int, look: Callable[..., Looker]) -> None:
    window = look("maya")
    with window.page.expect_response(re.compile(r"/live\?")):  # its stream is open
        page = window.visit("/inbox")
    with app.unit_of_work() as work:
        feedback.receive(work, RawItem("chat", "desk", "Hello, anybody there?", said_at=SAID))
    page.get_by_text("Hello, anybody there?").wait_for()


SMALL = """() => [...document.querySelectorAll(
    "main :is(button, .button, summary, select, textarea, input:not([type=hidden], [type=checkbox], [type=radio])),"
    + " .filters a, .tabs a, .rail a, .top button, .top a.button")]
  .filter((it) => it.checkVisibility() && !it.closest("p.soft"))
  .filter((it) => { const box = it.getBoundingClientRect(); return box.height < 43.5 || box.width < 43.5; })
  .map((it) => it.tagName + " " + (it.getAttribute("aria-label") ?? it.textContent).trim().slice(0, 40)
       + " " + Math.round(it.getBoundingClientRect().width) + "x" + Math.round(it.getBoundingClientRect().height))"""


def test_keys_move_the_open_item_a_slow_answer_draws_a_line_and_a_thumb_hits_everything(
    app: App, story: int, look: Callable[..., Looker]
) -> None:
    window = look("maya", width=1360)
    page = window.visit("/inbox")
    page.locator("[data-rows] .open").first.click()
    page.wait_for_url(re.compile(r"/inbox/\d+"))
    first = page.locator("[data-rows] [aria-current]").inner_text()
    page.locator("body").click(position={"x": 2, "y": 400})
    page.keyboard.press("j")
    expect(page.locator("[data-rows] [aria-current]")).not_to_have_text(first)
    page.locator("body").click(position={"x": 2, "y": 400})
    page.keyboard.press("k")
    expect(page.locator("[data-rows] [aria-current]")).to_have_text(re.compile(re.escape(first.split("\n")[0])))
    put_live(app)
    start_refund(app)
    window.visit("/tasks")
    held: list[Route] = []
    page.route("**/tasks/1/claim", lambda route: held.append(route))
    page.get_by_role("button", name="Claim", exact=True).click()
    expect(page.locator("body.loading")).to_have_count(1)
    held[0].continue_()
    expect(page.locator("body.loading")).to_have_count(0)
    window.become(width=390, height=844)
    small = {"/tasks": page.evaluate(SMALL)}  # the page that is open
    small |= {path: window.visit(path).evaluate(SMALL) for path in (f"/inbox/{story}", "/tasks/1")}
    assert {path: found for path, found in small.items() if found} == {}
