"""The page of the search: grouped with counts, marked words, pages of one kind, saved searches, kind words."""

from collections.abc import Callable
from urllib.parse import quote

import pytest

from bpm import feedback
from bpm.app import App
from bpm.engine import api as engine
from bpm.engine import queries
from tests.feedback.conftest import reading, said
from tests.web.conftest import Browser, put_live

SignIn = Callable[..., Browser]


@pytest.fixture
def maya(signed_in: SignIn) -> Browser:
    return signed_in("maya", "advocate", groups=("service",))


def take(app: App, text: str, **fields: object) -> int:
    with app.unit_of_work() as work:
        return feedback.receive(work, said(text, natural_key=text, **fields)).item_id


def test_hits_are_grouped_with_counts_and_their_words_are_marked(app: App, maya: Browser) -> None:
    item = take(app, "The kettle <b>leaks</b>.", author_name="Ada Kettle", author_email="ada@kettle.example")
    page = maya.see("/search?q=kettle")
    assert page.has("heading", "Feedback")
    assert page.has("heading", "Customers")
    assert f"/inbox/{item}" in page.links
    body = maya.get("/search?q=kettle").get_data(as_text=True)
    assert "<mark>kettle</mark>" in body
    assert "<b>leaks" not in body


def test_tasks_and_processes_are_found_by_words_in_any_order(app: App, maya: Browser) -> None:
    put_live(app)
    with app.unit_of_work() as work:
        engine.start(work, "refund", business_key="K-4711")
    with app.unit_of_work.reading() as work:
        [task, *_] = queries.list_work_items(work, queries.WorkItemFilter()).rows
    words = f"{task.process_name} {task.name}".split()
    for typed in (" ".join(words), " ".join(reversed(words)), "K-4711"):
        assert f"/tasks/{task.id}" in maya.see(f"/search?q={quote(typed)}").links, typed
    assert f"/tasks/{task.id}" not in maya.see(f"/search?q={quote(' '.join(words))}+elsewhere").links
    assert "/refund" in " ".join(maya.see("/search?q=1+version+refund").links)


def test_one_kind_is_paged_to_the_end(app: App, maya: Browser) -> None:
    for number in range(53):
        take(app, f"Kettle {number}")
    first = maya.see("/search?q=kettle")
    assert "Show all 53" in first
    whole = maya.see("/search?q=kettle&kind=item")
    more = next(link for link in whole.links if "after=" in link)
    items = lambda page: {link for link in page.links if link.startswith("/inbox/") and link[7:].isdigit()}  # noqa: E731
    assert len(items(whole)) == 50
    assert len(items(maya.see(more)) | items(whole)) == 53


def test_fields_and_what_cannot_be_read_are_told(app: App, maya: Browser) -> None:
    item = take(app, "The kettle leaks.")
    with app.unit_of_work() as work:
        feedback.record_classification(work, item, reading(topic="Kettles"))
    assert f"/inbox/{item}" in maya.see("/search?q=topic:kettles+is:open").links
    assert "is no date" in maya.see("/search?q=kettle+before:whenever")
    assert "Nothing found" in maya.see("/search?q=kettle+kind:praise")
    assert "What are you looking for?" in maya.see("/search")


@pytest.mark.parametrize(
    "query", ["%22", "-", "a%00b", "in:%22", "before:9999-99-99", "*", "x" * 2_000, "(((", "%F0%9F%98%80"]
)
def test_nothing_that_is_typed_breaks_the_page(maya: Browser, query: str) -> None:
    assert maya.get(f"/search?q={query}").status_code == 200


def test_a_search_is_saved_shared_with_a_group_and_removed(app: App, maya: Browser, signed_in: SignIn) -> None:
    take(app, "The kettle leaks.")
    maya.do("/search/views", {"name": "Leaks", "q": "kettle leaks", "group": "service"})
    colleague = signed_in("noor", "advocate", groups=("service",))
    assert "/search?q=kettle+leaks" in colleague.see("/search").links
    stranger = signed_in("eve", "advocate")
    assert "Leaks" not in stranger.see("/search")
    assert colleague.post("/search/views/1/removal").status_code == 404
    maya.do("/search/views/1/removal")
    assert "/search?q=kettle+leaks" not in maya.see("/search").links


def test_who_may_not_read_feedback_finds_none(app: App, signed_in: SignIn) -> None:
    take(app, "The kettle leaks.", author_name="Ada")
    assert "Nothing found" in signed_in("otto", "operator").see("/search?q=kettle")
