"""The advocate's inbox: lists by links, one item with its conversation, engage, distribute, decide, correct."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bpm.app import App
from bpm.feedback import queries
from bpm.feedback.queries import ItemFilter
from bpm.foundation.clock import FixedClock
from tests.web.conftest import Browser, page_of
from tests.web.page import Page

Heard = Callable[..., int]


def _page(browser: Browser, path: str) -> Page:
    return browser.see(path)


def test_an_empty_inbox_says_how_items_get_there(advocate: Browser) -> None:
    assert "comes in by import, by webhook" in _page(advocate, "/inbox")


def test_the_list_shows_kind_mood_urgency_and_certainty_in_words(advocate: Browser, heard: Heard) -> None:
    heard(primary="complaint")
    heard("Unread words")
    page = _page(advocate, "/inbox")
    for words in ("complaint", "negative", "high urgency", "not read yet"):
        assert words in page


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("?kind=complaint", {"late"}),
        ("?channel=chat", {"chatty"}),
        ("?view=unsure", {"chatty"}),
        ("?view=urgent", {"late"}),
        ("?text=LATE", {"late"}),
        ("?view=holes", set()),
        ("?view=all", {"late", "chatty"}),
        ("?view=nonsense&channel=fax", {"late", "chatty"}),
    ],
)
def test_filters_are_links_in_the_address(advocate: Browser, heard: Heard, query: str, there: set[str]) -> None:
    heard("My late parcel", primary="complaint")
    heard("Some chatty words", channel="chat")
    page = _page(advocate, f"/inbox{query}")
    assert {
        word for word, text in (("late", "My late parcel"), ("chatty", "Some chatty words")) if text in page
    } == there


def test_a_link_to_an_item_keeps_the_filters(advocate: Browser, heard: Heard) -> None:
    item = heard(primary="complaint")
    assert f"/inbox/{item}?kind=complaint" in _page(advocate, "/inbox?kind=complaint").links


def test_long_lists_go_on_where_they_stopped(advocate: Browser, heard: Heard) -> None:
    for number in range(51):
        heard(f"word number {number:02} here", said_at=None)
    first = _page(advocate, "/inbox")
    assert len(first.all("article")) == 50
    assert len(_page(advocate, first.get("link", "Show more").target).all("article")) == 1


def test_an_item_shows_the_words_that_counted_and_the_conversation_over_channels(
    advocate: Browser, heard: Heard
) -> None:
    heard("I called you about my parcel, it never came", channel="call", source="calls", author_email="a@example.org")
    item = heard(primary="complaint", author_email="a@example.org", author_name="Ana")
    page = _page(advocate, f"/inbox/{item}")
    assert '<mark class="why" title="spoke for complaint (+0.70)">parcel</mark>' in page.markup
    assert "I called you about my parcel" in page
    assert "customer, call" in page
    assert "same customer, other channel, 96 % sure" in page


def test_what_a_customer_writes_is_never_markup(advocate: Browser, heard: Heard) -> None:
    item = heard("The <script>alert(1)</script> parcel", primary="complaint", author_name="<b>x</b>")
    page = _page(advocate, f"/inbox/{item}")
    assert "The <script>alert(1)</script> parcel" in page
    assert "<b>x</b>" in page


def test_engaging_keeps_a_reply_in_the_persons_name_and_says_it_is_not_sent(
    app: App, advocate: Browser, heard: Heard
) -> None:
    item = heard()
    answer = advocate.post(f"/inbox/{item}/reply", {"text": "I am on it."})
    assert answer.status_code == 303
    page = _page(advocate, f"/inbox/{item}")
    assert "No channel of ours sends there" in page
    assert "to be said by hand" in page
    assert "Maya" in page
    assert advocate.post("/inbox/replies/1/sent").status_code == 303
    assert "said by hand" in _page(advocate, f"/inbox/{item}")


def test_a_form_that_does_not_fit_comes_back_with_its_problem_and_nothing_is_kept(
    app: App, advocate: Browser, heard: Heard
) -> None:
    item = heard()
    answer = advocate.post(f"/inbox/{item}/decision", {"decision": "no", "reason": " "})
    assert answer.status_code == 400
    assert "Say why" in page_of(answer)
    answer = advocate.post(f"/inbox/{item}/distribution", {"group_key": "nobody", "note": "My note"})
    assert answer.status_code == 400
    assert "My note" in page_of(answer)
    with app.unit_of_work.reading() as work:
        assert queries.get_item(work, item).row.decision is None


def test_distributing_and_deciding_show_in_the_conversation_and_leave_the_to_do_list(
    advocate: Browser, heard: Heard
) -> None:
    item = heard("Please hear me")
    advocate.post(f"/inbox/{item}/distribution", {"group_key": "service", "note": "Yours?"})
    asked = advocate.post(f"/inbox/{item}/decision", {"decision": "do", "reason": "She is right."})
    assert asked.status_code == 409
    assert "still open: Service" in page_of(asked)
    advocate.post(f"/inbox/{item}/decision", {"decision": "do", "reason": "She is right.", "knowing": "1"})
    page = _page(advocate, f"/inbox/{item}?view=all")
    assert "handed it over to service: Yours?" in page
    assert "decided do: She is right." in page
    assert "Please hear me" not in _page(advocate, "/inbox")
    assert "Please hear me" in _page(advocate, "/inbox?view=handed")


def test_a_label_is_corrected_by_one_button_and_undone_by_another(app: App, advocate: Browser, heard: Heard) -> None:
    item = heard(primary="complaint")
    advocate.post(f"/inbox/{item}/labels", {"primary": "request"})
    page = _page(advocate, f"/inbox/{item}")
    assert "said by a person" in page
    advocate.post(page.get("status").get("button", "Undo").target)
    with app.unit_of_work.reading() as work:
        assert queries.kinds_of(work, [item]) == {item: "complaint"}


def test_a_label_that_does_not_exist_is_refused(advocate: Browser, heard: Heard) -> None:
    item = heard()
    for field, value in (("primary", "rant"), ("urgency", "9"), ("urgency", "1.5"), ("sentiment", "sad")):
        assert advocate.post(f"/inbox/{item}/labels", {field: value}).status_code == 400


def test_writing_down_takes_three_fields(app: App, advocate: Browser) -> None:
    assert advocate.post("/inbox/capture", {"channel": "fax", "text": "x", "person": ""}).status_code == 400
    answer = advocate.post("/inbox/capture", {"channel": "call", "text": "She wants a paper bill.", "person": "Ana"})
    assert answer.status_code == 303
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, ItemFilter()).rows
    assert (row.channel, row.text, row.author) == ("call", "She wants a paper bill.", "Ana")


def test_anybody_writes_down_what_they_heard(app: App, advocate: Browser, signed_in: Callable[..., Browser]) -> None:
    olga = signed_in("olga", "operator")
    page = olga.do("/inbox/capture", {"channel": "counter", "text": "The queue was endless.", "person": ""})
    assert "Kept" in page
    with app.unit_of_work.reading() as work:
        [row] = queries.list_items(work, ItemFilter()).rows
    assert (row.channel, row.text) == ("call", "The queue was endless.")
    assert "Written down by Olga at the counter" in advocate.see(f"/inbox/{row.id}")


def test_black_holes_stand_in_plain_sight_with_their_number(clock: FixedClock, advocate: Browser, heard: Heard) -> None:
    heard("Nobody heard me")
    clock.advance(timedelta(days=3))
    advocate.sign_in("maya")
    assert "Nobody heard me" in _page(advocate, "/inbox?view=holes")
    assert "Nobody heard me" not in _page(advocate, "/inbox?view=holes&channel=chat")
    assert _page(advocate, "/inbox").has("link", "Unanswered for 2+ days 1")


def test_a_person_who_may_only_look_gets_no_buttons_and_no_way_around(
    signed_in: Callable[..., Browser], heard: Heard
) -> None:
    item = heard()
    manager = signed_in("mo", "manager")
    assert not _page(manager, f"/inbox/{item}").has("button", "Keep my reply")
    assert manager.post(f"/inbox/{item}/reply", {"text": "Hello"}).status_code == 403


def test_an_item_that_is_not_there_is_a_page_that_says_so(advocate: Browser) -> None:
    assert advocate.get("/inbox/999").status_code == 404
    assert advocate.get("/inbox?after=x").status_code == 400


def test_conversations_are_put_together_and_taken_apart_with_undo(advocate: Browser, heard: Heard) -> None:
    one, two = heard("First words", author_name="Ana"), heard("Second words", author_name="Ana")
    assert "Second words" not in _stream(advocate, one)
    assert advocate.post(f"/inbox/{one}/merge", {"other": f"#{two}"}).status_code == 303
    page = _page(advocate, f"/inbox/{one}")
    undo = page.get("status").get("button", "Undo").target
    assert "Second words" in _stream(advocate, one)
    advocate.post(undo)
    assert "Second words" not in _stream(advocate, one)
    advocate.post(f"/inbox/{one}/merge", {"other": str(two)})
    advocate.post(f"/inbox/{one}/split")
    assert "Second words" not in _stream(advocate, one)
    assert advocate.post(f"/inbox/{one}/merge", {"other": "that one"}).status_code == 400


def _stream(browser: Browser, item: int) -> Page:
    return _page(browser, f"/inbox/{item}").get("region", "Conversation")


def test_a_call_shows_its_turns_and_how_well_we_listened(advocate: Browser, heard: Heard) -> None:
    turns = [
        {
            "role": "agent",
            "speaker": "Kim",
            "text": "Thank you for calling. How can I help?",
            "start": None,
            "end": None,
        },
        {"role": "customer", "speaker": "Uwe", "text": "The invoice is wrong twice", "start": None, "end": None},
    ]
    listening = {
        "customer_words": 5,
        "agent_words": 8,
        "customer_talk_share": 0.3846,
        "script_share": 1.0,
        "not_taken_up": [2],
        "unit": "words",
    }
    item = heard("The invoice is wrong twice", channel="call", extra={"turns": turns, "listening": listening})
    page = _page(advocate, f"/inbox/{item}")
    for words in ("38 % of the words", "1 statement not taken up", "customer 5, company 8", "100 % of our words"):
        assert words in page
    assert "Thank you for calling" in page
